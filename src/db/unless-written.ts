import type { Context } from '../kernel/context.ts';
import type { Database } from '../kernel/database.ts';

const MOST_KEPT = 64;

interface Kept {
  written: number;
  answers: Map<string, unknown>;
}

const kept = new WeakMap<NonNullable<Database['written']>, Kept>();

/**
 * What a question was answered with the last time, where nothing has been written since; read anew otherwise, and always where others may
 * write. The answer is shared: treat it as read-only.
 * @param question all that the answer depends on beside what the database holds
 */
export async function unlessWritten<T>(ctx: Context, question: readonly unknown[], read: () => Promise<T>): Promise<T> {
  const count = ctx.db.written;
  if (count === undefined) return read();
  // taken before it is read: what is written meanwhile counts as later
  const written = count();
  let known = kept.get(count);
  if (known?.written !== written) {
    known = { written, answers: new Map() };
    kept.set(count, known);
  }
  const { answers } = known;
  const key = JSON.stringify([ctx.workspaceId, ...question]);
  if (answers.has(key)) return answers.get(key) as T;
  const answer = await read();
  answers.set(key, answer);
  const [oldest] = answers.keys();
  if (answers.size > MOST_KEPT && oldest !== undefined) answers.delete(oldest);
  return answer;
}
