import { z } from 'zod';
import { type Problem, SamepageError, shown } from './errors.ts';
import { isDeeperThan, isObject } from './json.ts';
import { jsonSchemaOf, keysAt } from './json-schema.ts';
import { nearest } from './nearest.ts';
import { type UnstorableText, unstorableTexts } from './unstorable-text.ts';

const MAX_DEPTH = 64;
const MAX_PROBLEMS = 20;

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/**
 * Parses an input, or says everything that is wrong with it in one error.
 * @param called the tool, prompt or verb that was called, by its name.
 * @param next what to do about it, one sentence in the imperative; correct the fields and call again, when left out.
 * @throws SamepageError `invalid_input`; each problem names the field, the value found, and what is allowed.
 */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown, called: string, next?: string): z.output<T> {
  if (isDeeperThan(input, MAX_DEPTH)) {
    throw new SamepageError('invalid_input', `The input is nested more than ${MAX_DEPTH} levels deep.`, 'Call again with flatter input.');
  }
  const unstorable = unstorableTexts(input, (key) => isFileContent(schema, key));
  if (unstorable.length > 0) throw invalid(unstorable.map(unstorableProblem), called, next);
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  // a mistyped key explains the field that is then missing
  const rank = (issue: Issue) => (issue.code === 'unrecognized_keys' ? 0 : 1);
  const issues = [...parsed.error.issues].sort((a, b) => rank(a) - rank(b));
  throw invalid(
    issues.flatMap((issue) => problemsOf(issue, { schema, input }, [])),
    called,
    next,
  );
}

/** The members of an input that hold a file's text, which says itself what is wrong with it. */
export const fileContent = z.registry();

function unstorableProblem({ path, value, reason }: UnstorableText): Problem {
  return { path: pathText(path), reason, ...(value !== undefined && { value: shown(value) }) };
}

function isFileContent(schema: z.ZodType, key: string): boolean {
  const member = schema instanceof z.ZodObject ? schema.shape[key] : undefined;
  return member instanceof z.ZodType && fileContent.has(member);
}

function invalid(all: readonly Problem[], called: string, next: string | undefined): SamepageError {
  const problems = all.slice(0, MAX_PROBLEMS);
  const [first] = problems;
  const found = first?.value === undefined ? '' : `; found ${first.value}`;
  const more = all.length > 1 ? ` (and ${all.length - 1} more)` : '';
  const fields = [...new Set(problems.map((problem) => problem.path))].slice(0, 5);
  return new SamepageError(
    'invalid_input',
    `${first?.path ?? 'input'} ${first?.reason ?? 'is not what is expected'}${found}${more}.`,
    next ?? `Correct ${fields.join(', ')} and call ${called} again; nothing was changed.`,
    { problems },
  );
}

interface Given {
  schema: z.ZodType;
  input: unknown;
}

function problemsOf(issue: Issue, given: Given, above: Path): Problem[] {
  const path = [...above, ...issue.path];
  const value = valueAt(given.input, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, given.schema));
    case 'invalid_union':
      return unionProblems(issue, given, path);
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues.flatMap((inner) => problemsOf(inner, given, path));
    default: {
      if (value === undefined) return [{ path: pathText(path), reason: ownMessage(issue) ?? `is missing; it ${expectation(issue)}` }];
      const meant = issue.code === 'invalid_value' && typeof value === 'string' ? nearest(value, issue.values.map(String)) : undefined;
      const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
      return [{ path: pathText(path), value: shownValue(value), reason: `${ownMessage(issue) ?? expectation(issue)}${hint}` }];
    }
  }
}

/** Of a union, the complaints of the alternative that got furthest; where none got anywhere, what each would take. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, given: Given, path: Path): Problem[] {
  const depth = (issues: readonly Issue[]) => Math.max(0, ...issues.map((inner) => inner.path.length));
  const furthest = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
  if (furthest !== undefined && depth(furthest) > 0) return furthest.flatMap((inner) => problemsOf(inner, given, path));
  const wanted = [...new Set(issue.errors.flat().map((inner) => ownMessage(inner) ?? expectation(inner)))];
  const value = valueAt(given.input, path);
  return [
    {
      path: pathText(path),
      ...(value === undefined ? {} : { value: shownValue(value) }),
      reason: wanted.join(', or ') || 'is of none of the allowed forms',
    },
  ];
}

function unknownKey(key: string, path: Path, schema: z.ZodType): Problem {
  const known = keysAt(jsonSchemaOf(schema, 'input'), path);
  const meant = nearest(key, known);
  const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  return { path: pathText([...path, key]), reason: `is not a known key${hint}; known: ${known.join(', ') || 'none'}` };
}

/** A message that the schema's author wrote; zod's own all start alike. */
function ownMessage(issue: Issue): string | undefined {
  return /^(Invalid|Too (big|small)|Unrecognized)/.test(issue.message) ? undefined : `is wrong: ${issue.message}`;
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? `a ${issue.expected}`}`;
    case 'invalid_value':
      return issue.values.length === 1 ? `must be ${String(issue.values[0])}` : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_big':
      return sized('at most', issue.maximum, issue.origin);
    case 'too_small':
      return sized('at least', issue.minimum, issue.origin);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return FORMATS[issue.format] ?? (issue.format === 'regex' ? `must match ${issue.pattern}` : `must be a valid ${issue.format}`);
    default:
      return 'is not what is expected';
  }
}

const TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  array: 'an array',
  object: 'an object',
  record: 'an object',
  nonoptional: 'given',
};

const FORMATS: Readonly<Record<string, string>> = {
  date: 'must be a date, as in 2026-03-31',
  datetime: 'must be a time in UTC, as in 2026-03-31T09:30:00Z',
  uuid: 'must be an id (a UUID)',
  guid: 'must be an id (a UUID)',
  email: 'must be an e-mail address',
  url: 'must be a URL',
};

/** An empty text would be nothing to see. */
const shownValue = (value: unknown) => (value === '' ? '""' : shown(value));

function sized(bound: string, size: number | bigint, origin: string): string {
  if (bound === 'at least' && Number(size) === 1 && (origin === 'string' || origin === 'array')) return 'must not be empty';
  if (origin === 'string') return `must have ${bound} ${size} characters`;
  if (origin === 'array' || origin === 'set' || origin === 'map') return `must have ${bound} ${size} entries`;
  return `must be ${bound} ${size}`;
}

function valueAt(input: unknown, path: Path): unknown {
  let here = input;
  for (const key of path) {
    if (Array.isArray(here) && typeof key === 'number') here = here[key];
    else if (isObject(here) && typeof key === 'string' && Object.hasOwn(here, key)) here = here[key];
    else return undefined;
  }
  return here;
}

/** `events[3].occurred_at`; the whole input is `input`. A key that a caller made up is shown as any value is. */
function pathText(path: Path): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${shown(String(key))}`)).join('');
  return text.replace(/^\./, '') || 'input';
}
