import type { Result } from '@modelcontextprotocol/sdk/types.js';

/** Questions whose last answer is kept. */
const MOST_KEPT = 48;
/** In characters: what is shorter is as soon made again. */
const LEAST = 4_000;
const MOST = 400_000;

const kept = new Map<string, { found: unknown; json: string; result: Result }>();
const bytes = new WeakMap<Result, Buffer | undefined>();

/**
 * The answer to a question. Where the same was found as the last time, it is the same object as then: an answer of the size of a
 * taxonomy is checked, marked and put into words and bytes once and not with each call. It is shared: treat it as read-only.
 * @param question what was asked, whole: the answer depends on nothing but this and what was found
 * @param found what the answer is made of: the very same, or one that is the same as JSON
 */
export function sameAnswer<R extends Result>(question: string, found: unknown, make: () => R): R {
  const before = kept.get(question);
  const same = before?.found === found ? before : undefined;
  const json = same?.json ?? (typeof found === 'string' ? found : JSON.stringify(found));
  if (json.length < LEAST || json.length > MOST) return make();
  const now = before?.json === json ? { ...before, found } : { found, json, result: make() };
  if (now.result !== before?.result) bytes.set(now.result, undefined);
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
