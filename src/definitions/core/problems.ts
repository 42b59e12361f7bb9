import type { z } from 'zod';
import { type Problem, shown } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';

export type Path = readonly (string | number)[];

/** A problem and where in the document it is. */
export interface Located {
  path: Path;
  message: string;
  /** For a key that should not be there: the place is the key, not its value. */
  atKey?: boolean;
  /** The value has the type it should have; only a rule about it is broken. */
  rightType?: boolean;
}

/** A document, or what is left of one: any part may be missing where it has a problem of its own. */
export type Holed<T> = T extends readonly (infer Item)[]
  ? readonly (Holed<Item> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Holed<T[K]> | undefined }
    : T;

/** `criteria[3].when.in[1]`; `(document)` for the whole. */
export function pathText(path: Path): string {
  if (path.length === 0) return '(document)';
  if (path.length > 24) return `${pathText(path.slice(0, 24))}…`;
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${shown(part) || '""'}`)).join('');
}

/** The value at a path, or undefined when it leads nowhere. */
export function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** Problems as an error carries them, with the scalar value found. */
export function asProblems(found: readonly Located[], document: unknown): Problem[] {
  return found.map(({ path, message, atKey }) => {
    const value = atKey === true ? undefined : valueAt(document, path);
    const scalar = value !== undefined && (typeof value !== 'object' || value === null);
    return { path: pathText(path), ...(scalar ? { value: shown(value) } : {}), reason: message };
  });
}

/** Checks a document against a schema: the document, or every problem with the path of each. */
export function shapeProblems<T>(schema: z.ZodType<T>, input: unknown): { document?: T; problems: Located[] } {
  const known = new Map<string, string[]>();
  const result = schema.safeParse(input, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') known.set(pathText(asPath(issue.path)), keysOf(issue.inst));
      return undefined;
    },
  });
  if (result.success) return { document: result.data, problems: [] };
  const mistyped = new Set(result.error.issues.flatMap(({ code, path }) => (code === 'invalid_type' ? [pathText(asPath(path))] : [])));
  const problems = result.error.issues.flatMap((issue): Located[] => {
    const path = asPath(issue.path);
    // a text where a list belongs has a length too, which is nobody's concern
    if (RULES.has(issue.code) && mistyped.has(pathText(path))) return [];
    if (issue.code !== 'unrecognized_keys')
      return [{ path, message: describe(issue, input), ...(RULES.has(issue.code) ? { rightType: true } : {}) }];
    const keys = known.get(pathText(path)) ?? [];
    return issue.keys.map((key) => {
      const near = nearest(key, keys);
      const hint = near === undefined ? '' : `; did you mean ${near}?`;
      return {
        path: [...path, key],
        atKey: true,
        message: `unknown key "${shown(key)}"${hint} Known keys: ${keys.join(', ')}`.replace('" Known', '". Known'),
      };
    });
  });
  return { problems };
}

/** Issues that leave the type as it should be. */
const RULES = new Set(['custom', 'too_big', 'too_small']);

function asPath(path: readonly PropertyKey[] | undefined): Path {
  return (path ?? []).map((part) => (typeof part === 'number' ? part : String(part)));
}

/** The keys of a mapping's schema; of a record by an enum's values, those. */
function keysOf(inst: unknown): string[] {
  const def = (inst as { _zod?: { def?: { shape?: object; keyType?: { _zod?: { values?: ReadonlySet<unknown> } } } } } | undefined)?._zod
    ?.def;
  return def?.shape === undefined ? [...(def?.keyType?._zod?.values ?? [])].map(String) : Object.keys(def.shape);
}

/** zod's messages in the words of someone who writes YAML. */
function describe(issue: z.core.$ZodIssue, input: unknown): string {
  const value = valueAt(input, asPath(issue.path));
  switch (issue.code) {
    case 'invalid_type':
      if (value === undefined) return `missing: ${article(issue.expected)} is needed here`;
      return `this is ${article(typeName(value))}; ${article(issue.expected)} is needed${quoted(value, issue.expected)}`;
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      if (value === undefined) return `missing: one of ${allowed.join(', ')} is needed here`;
      const near = typeof value === 'string' ? nearest(value, allowed) : undefined;
      return `${allowed.length === 1 ? `only ${allowed[0]} is allowed` : `not one of ${allowed.join(', ')}`}${near === undefined ? '' : `; did you mean ${near}?`}`;
    }
    case 'too_big':
      return `too ${sized(issue.origin, 'big')}: at most ${issue.maximum}${unit(issue.origin, issue.maximum)}`;
    case 'too_small':
      return `too ${sized(issue.origin, 'small')}: at least ${issue.minimum}${unit(issue.origin, issue.minimum)}`;
    case 'invalid_key':
      return `"${shown(issue.path.at(-1)?.toString() ?? '')}" cannot be a key here: ${issue.issues.map((i) => i.message).join('; ')}`;
    default:
      return issue.message;
  }
}

const sized = (origin: string, what: 'big' | 'small') =>
  origin === 'string' || origin === 'array' ? (what === 'big' ? 'long' : 'short') : what;
const unit = (origin: string, n: number | bigint) => {
  const noun = origin === 'string' ? ' character' : origin === 'array' ? ' item' : '';
  return noun === '' || Number(n) === 1 ? noun : `${noun}s`;
};

function typeName(value: unknown): string {
  if (value === null) return 'empty value';
  if (Array.isArray(value)) return 'list';
  return NAMES[typeof value] ?? typeof value;
}

const NAMES: Record<string, string> = {
  object: 'mapping',
  record: 'mapping',
  array: 'list',
  tuple: 'list',
  string: 'text',
  int: 'whole number',
  boolean: 'true or false',
  number: 'number',
};

function article(expected: string): string {
  const name = NAMES[expected] ?? expected;
  return name === 'true or false' || name === 'text' ? name : `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

function quoted(value: unknown, expected: string): string {
  return expected === 'string' && (typeof value === 'number' || typeof value === 'boolean') ? ': put it in quotes' : '';
}
