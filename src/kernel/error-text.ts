import type { Problem, SamepageError } from './errors.ts';

/** An error as lines of text: code and message, the problems that the message does not tell already, and what to do next. */
export function errorText(error: SamepageError, maxProblems: number): string {
  const [only, ...others] = error.problems;
  const told = only !== undefined && others.length === 0 && error.message.includes(only.reason);
  const problems = told ? [] : error.problems;
  const rest = problems.length - maxProblems;
  return [
    `Error ${error.code}: ${error.message}`,
    ...problems.slice(0, maxProblems).map((problem) => `- ${problemText(problem)}`),
    ...(rest > 0 ? [`- … and ${rest} more`] : []),
    `Next: ${error.next}`,
  ].join('\n');
}

/** A problem in a line: where, the value found, and what is wrong with it. */
export function problemText({ path, value, reason }: Problem): string {
  return `${path}${value === undefined ? '' : ` (found ${value})`}: ${reason}`;
}
