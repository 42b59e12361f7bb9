import { z } from 'zod';

/** Pieces that several kinds of definition share. */
export const label = z.string().min(1).max(200);
export const prose = z.string().min(1).max(4000);
export const phrases = z.array(z.string().min(1).max(1000)).min(1).max(200);
export const rejectionCode = z.string().regex(/^[A-Z]{2,6}-\d{2}$/, 'a rejection code, as in REL-02');
export const percent = z.int().min(0).max(100);
export const TEAMS = ['marketing', 'sales', 'revops', 'product', 'finance'] as const;
export const team = z.enum(TEAMS);

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
    else fail([...path, i, keyName], `"${key}" is used twice: it is also number ${before + 1} of ${path.join('.')}`);
  }
}
