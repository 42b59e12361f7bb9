import { z } from 'zod';
import { ISO_DATE, isIsoDate } from '../../kernel/dates.ts';
import { isObject } from '../../kernel/json.ts';

/** `account.employees`, `person.seniority`, `opportunity.stage`: an entity and a field key. */
export const fieldName = z
  .string()
  .regex(/^(account|person|opportunity)\.[a-z][a-z0-9_]{0,62}$/, 'a field is written entity.key, as in account.employees');
export const slug = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'lower case letters, digits and _, starting with a letter');
export const days = z.int().min(1).max(3650);

const scalar = z.union([z.string().min(1).max(200), z.number(), z.boolean()], {
  error: 'text of 1 to 200 characters, a number, or true or false is needed here',
});
const BOUND = `a bound is a number or ${ISO_DATE}`;
const bound = z.union([z.number(), z.string().refine(isIsoDate, BOUND)], { error: BOUND });
const range = z
  .strictObject({ min: bound.optional(), max: bound.optional() })
  .refine((r) => r.min !== undefined || r.max !== undefined, 'give min, max or both (both count as inside)')
  .refine((r) => r.min === undefined || r.max === undefined || typeof r.min === typeof r.max, 'min and max are both numbers or both dates')
  .refine((r) => r.min === undefined || r.max === undefined || r.min <= r.max, 'min is above max');
const eventWindow = z.strictObject({ types: z.array(slug).min(1).max(50), window_days: days });
export const signalTest = z.strictObject({ type: slug, within_days: days });

/** A predicate as it is written: one test of a field, one of all/any/not, a count of events, or a signal. */
export interface PredicateDocument {
  field?: string | undefined;
  eq?: string | number | boolean | undefined;
  in?: (string | number | boolean)[] | undefined;
  in_list?: string | undefined;
  range?: { min?: number | string | undefined; max?: number | string | undefined } | undefined;
  exists?: boolean | undefined;
  has?: string[] | undefined;
  all?: PredicateDocument[] | undefined;
  any?: PredicateDocument[] | undefined;
  not?: PredicateDocument | undefined;
  count?: { types: string[]; window_days: number } | undefined;
  signal?: { type: string; within_days: number } | undefined;
}

const FIELD_TESTS = ['eq', 'in', 'in_list', 'range', 'exists', 'has'] as const;
const HEADS = ['field', 'all', 'any', 'not', 'count', 'signal'] as const;

export const predicateDocument: z.ZodType<PredicateDocument> = z.lazy(() =>
  z
    .strictObject({
      field: fieldName.optional(),
      eq: scalar.optional(),
      in: z.array(scalar).min(1).max(1000).optional(),
      in_list: slug.optional(),
      range: range.optional(),
      exists: z.boolean().optional(),
      has: z.array(z.string().min(1)).min(1).max(200).optional(),
      all: z.array(predicateDocument).min(1).max(50).optional(),
      any: z.array(predicateDocument).min(1).max(50).optional(),
      not: predicateDocument.optional(),
      count: eventWindow.optional(),
      signal: signalTest.optional(),
    })
    .superRefine((p, issue) => {
      const heads = HEADS.filter((key) => p[key] !== undefined);
      const tests = FIELD_TESTS.filter((key) => p[key] !== undefined);
      const fail = (message: string) => issue.addIssue({ code: 'custom', message });
      if (heads.length !== 1) fail(`a predicate starts with exactly one of ${HEADS.join(', ')}; found ${heads.join(', ') || 'none'}`);
      else if (heads[0] === 'field' && tests.length !== 1)
        fail(`a field takes exactly one of ${FIELD_TESTS.join(', ')}; found ${tests.join(', ') || 'none'}`);
      else if (heads[0] === 'count' && (tests.length !== 1 || tests[0] !== 'range')) fail('a count takes a range, as in range: { min: 3 }');
      else if (heads[0] === 'count' && (typeof p.range?.min === 'string' || typeof p.range?.max === 'string'))
        fail('a count is compared with numbers');
      else if (heads[0] !== 'field' && heads[0] !== 'count' && tests.length > 0) fail(`${heads[0]} takes no ${tests.join(', ')}`);
    }),
);

/** More than a person would write; each is a piece of the statement, for every record. */
const MOST_TESTS = 500;

/** Says that a predicate as it is written, right or wrong, has more tests than are taken; undefined where it has not. */
export function tooManyTests(p: unknown): string | undefined {
  const tests = testsIn(p);
  return tests > MOST_TESTS
    ? `has ${tests.toLocaleString('en-US')} tests, and a predicate takes at most ${MOST_TESTS}; list values with in`
    : undefined;
}

/** How many tests a predicate has, as it is written, right or wrong. */
export function testsIn(p: unknown): number {
  if (!isObject(p)) return 1;
  const parts = [p.all, p.any, p.not].flat().filter((part) => part !== undefined);
  return parts.length === 0 ? 1 : parts.reduce((sum: number, part) => sum + testsIn(part), 0);
}

export type Scalar = string | number | boolean;

/** A predicate as code reads it. */
export type Predicate =
  | { op: 'eq'; field: string; value: Scalar }
  | { op: 'in'; field: string; values: readonly Scalar[] }
  | { op: 'in_list'; field: string; list: string }
  | { op: 'range'; field: string; min: number | string | undefined; max: number | string | undefined }
  | { op: 'exists'; field: string; exists: boolean }
  | { op: 'has'; field: string; values: readonly string[] }
  | { op: 'all' | 'any'; of: readonly Predicate[] }
  | { op: 'not'; of: Predicate }
  | { op: 'count'; types: readonly string[]; windowDays: number; min: number | undefined; max: number | undefined }
  | { op: 'signal'; type: string; withinDays: number };

/** Reads a validated predicate document. */
export function readPredicate(p: PredicateDocument): Predicate {
  if (p.all !== undefined) return { op: 'all', of: p.all.map(readPredicate) };
  if (p.any !== undefined) return { op: 'any', of: p.any.map(readPredicate) };
  if (p.not !== undefined) return { op: 'not', of: readPredicate(p.not) };
  if (p.signal !== undefined) return { op: 'signal', type: p.signal.type, withinDays: p.signal.within_days };
  if (p.count !== undefined) {
    const { min, max } = p.range ?? {};
    return {
      op: 'count',
      types: p.count.types,
      windowDays: p.count.window_days,
      min: typeof min === 'number' ? min : undefined,
      max: typeof max === 'number' ? max : undefined,
    };
  }
  const field = p.field ?? '';
  if (p.eq !== undefined) return { op: 'eq', field, value: p.eq };
  if (p.in !== undefined) return { op: 'in', field, values: p.in };
  if (p.in_list !== undefined) return { op: 'in_list', field, list: p.in_list };
  if (p.range !== undefined) return { op: 'range', field, min: p.range.min, max: p.range.max };
  if (p.exists !== undefined) return { op: 'exists', field, exists: p.exists };
  return { op: 'has', field, values: p.has ?? [] };
}

/** The fields a predicate reads, each once, in order of first use. */
export function fieldsOf(predicate: Predicate): string[] {
  switch (predicate.op) {
    case 'all':
    case 'any':
      return [...new Set(predicate.of.flatMap(fieldsOf))];
    case 'not':
      return fieldsOf(predicate.of);
    case 'count':
    case 'signal':
      return [];
    default:
      return [predicate.field];
  }
}
