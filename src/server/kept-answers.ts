import type { Result } from '@modelcontextprotocol/sdk/types.js';

/** Questions whose last answer is kept. */
const MOST_KEPT = 48;
/** In characters: what is shorter is as soon made again. */
const LEAST = 4_000;
const MOST = 400_000;

const kept = new Map<string, { found: string; result: Result }>();
const bytes = new WeakMap<Result, Buffer | undefined>();

/**
 * The answer to a question. Where the same was found as the last time, it is the same object as then: an answer of the size of a
 * taxonomy is checked, marked and put into words and bytes once and not with each call. It is shared: treat it as read-only.
 * @param question what was asked, whole: the answer depends on nothing but this and what was found
 * @param found what the answer is made of, as JSON
 */
export function sameAnswer<R extends Result>(question: string, found: string, make: () => R): R {
  if (found.length < LEAST || found.length > MOST) return make();
  const before = kept.get(question);
  const now = before?.found === found ? before : { found, result: make() };
  if (now !== before) bytes.set(now.result, undefined);
  // the one that was asked for last is the last to go
  kept.delete(question);
  kept.set(question, now);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  return now.result as R;
}

/** The JSON of an answer that is kept, made when it first goes out; undefined for any other. */
export function keptBytes(result: Result): Buffer | undefined {
  if (!bytes.has(result)) return undefined;
  const made = bytes.get(result) ?? Buffer.from(JSON.stringify(result));
  bytes.set(result, made);
  return made;
}
