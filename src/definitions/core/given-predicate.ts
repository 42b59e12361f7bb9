import { z } from 'zod';
import { SamepageError } from '../../kernel/errors.ts';
import { type Predicate, predicateDocument, readPredicate, tooManyTests } from './predicate.ts';

const LISTED = 'in_list names a list of a rubric, and a filter has none: list the values with in';

/**
 * A predicate as the input of a search. Its JSON Schema says no more than "an object", which is all that a model needs to
 * read of it in every conversation; every problem still has its path.
 */
export const whereInput = z.record(z.string(), z.unknown()).superRefine((where, issue) => {
  for (const { path, message } of problemsOf(where)) issue.addIssue({ code: 'custom', path: [...path], message });
});

/**
 * The predicate that a caller gave as `where`.
 * @throws SamepageError `invalid_input` with every problem and its path.
 */
export function readWhere(where: unknown): Predicate {
  const problems = problemsOf(where)
    .slice(0, 20)
    .map(({ path, message }) => ({ path: ['where', ...path].join('.'), reason: message }));
  const [first] = problems;
  if (first === undefined) return readPredicate(predicateDocument.parse(where));
  throw new SamepageError(
    'invalid_input',
    `${first.path}: ${first.reason}.`,
    'Write `where` as a rubric does: {"field": "account.employees", "range": {"min": 50}}, joined by all, any, not.',
    { problems },
  );
}

function problemsOf(where: unknown): { path: readonly PropertyKey[]; message: string }[] {
  // before they are looked at one by one
  const tooMany = tooManyTests(where);
  if (tooMany !== undefined) return [{ path: [], message: tooMany }];
  const parsed = predicateDocument.safeParse(where);
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => ({ path, message: inWords(message) }));
  return usesList(readPredicate(parsed.data)) ? [{ path: [], message: LISTED }] : [];
}

/** zod's own "Invalid input: expected number, received string" as the rest of our messages read. */
function inWords(message: string): string {
  const expected = /^Invalid input: expected (\w+)/.exec(message)?.[1];
  if (expected !== undefined) return `must be of type ${expected}`;
  return message.replace(/^[A-Z]/, (letter) => letter.toLowerCase());
}

function usesList(predicate: Predicate): boolean {
  if (predicate.op === 'all' || predicate.op === 'any') return predicate.of.some(usesList);
  return predicate.op === 'not' ? usesList(predicate.of) : predicate.op === 'in_list';
}
