import { z } from 'zod';
import { pathText } from './problems.ts';

/** Pieces that several kinds of definition share. */
export const label = z.string().min(1).max(200);
export const prose = z.string().min(1).max(4000);
export const phrases = z.array(z.string().min(1).max(1000)).min(1).max(200);
export const rejectionCode = z.string().regex(/^[A-Z]{2,6}-\d{2}$/, 'a rejection code, as in REL-02');
export const TEAMS = ['marketing', 'sales', 'revops', 'product', 'finance'] as const;
export const team = z.enum(TEAMS);
/** The tiers of a rubric that are worked; disqualified is its own. */
export const TIERS = ['A', 'B', 'C'] as const;
/** What a score puts a record into, in the order in which they are shown. */
export const SCORED_TIERS = [...TIERS, 'disqualified'] as const;
export type ScoredTier = (typeof SCORED_TIERS)[number];
export const tiers = z.array(z.enum(TIERS)).min(1).max(TIERS.length);
export const duration = z
  .strictObject({
    minutes: z.int().min(1).max(100_000).optional(),
    hours: z.int().min(1).max(10_000).optional(),
    days: z.int().min(1).max(400).optional(),
  })
  .refine((d) => Object.values(d).filter((v) => v !== undefined).length === 1, 'give one of minutes, hours, days');

/** What every definition may say of itself. */
export const head = { name: label.optional(), description: prose.optional() };

/** What two parts of a document say that cannot stand together. */
export interface Clash {
  path: (string | number)[];
  message: string;
}

export function clashes(): { found: Clash[]; fail(path: Clash['path'], message: string): void } {
  const found: Clash[] = [];
  return { found, fail: (path, message) => void found.push({ path, message }) };
}

/** Adds an issue for each name in a list that is none of those there are; nothing while those are not all to be read. */
export function refuseUnknown(
  names: readonly (string | undefined)[] | undefined,
  known: readonly (string | undefined)[] | undefined,
  path: readonly (string | number)[],
  what: string,
  fail: (path: (string | number)[], message: string) => void,
): void {
  if (known === undefined || known.includes(undefined)) return;
  for (const [i, name] of (names ?? []).entries())
    if (name !== undefined && !known.includes(name))
      fail([...path, i], `there is no ${what} "${name}"; there are ${known.join(', ') || 'none'}`);
}

/** Adds an issue for each item whose key was seen before in the list. Holes are items with problems of their own. */
export function refuseRepeats<T>(
  items: readonly (T | undefined)[] | undefined,
  path: readonly (string | number)[],
  keyOf: (item: T) => string | undefined,
  fail: (path: (string | number)[], message: string) => void,
  keyName = 'id',
): void {
  const first = new Map<string, number>();
  for (const [i, item] of (items ?? []).entries()) {
    if (item === undefined) continue;
    const key = keyOf(item);
    if (key === undefined) continue;
    const before = first.get(key);
    if (before === undefined) first.set(key, i);
    else fail([...path, i, keyName], `"${key}" is used twice: it is also number ${before + 1} of ${pathText(path)}`);
  }
}
