import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Database, Tx } from '../kernel/database.ts';
import { readWorkspace } from './workspace.ts';

const MOST_KEPT = 64;

interface Kept {
  /** How far the writing had come when it was read. */
  mark: string | number;
  answer: unknown;
}

const kept = new WeakMap<Database | NonNullable<Database['written']>, Map<string, Kept>>();

/**
 * What a question was answered with the last time, where nothing was recorded since; read anew otherwise. Where others may write, the knowledge
 * clock is asked first, on the snapshot that would be read. The answer is shared: treat it as read-only.
 * @param question all that the answer depends on beside what `recordInWorkspace` wrote
 */
export async function unlessWritten<T>(ctx: Context, question: readonly unknown[], read: (tx: Tx) => Promise<T>): Promise<T> {
  const answers = answersOf(ctx.db.written ?? ctx.db);
  const key = JSON.stringify([ctx.workspaceId, ...question]);
  const before = answers.get(key) as { mark: Kept['mark']; answer: T } | undefined;
  if (ctx.db.written === undefined) return readWorkspace(ctx, (tx) => unlessRecorded(tx));
  // taken before it is read: what is written meanwhile counts as later
  const mark = ctx.db.written();
  if (before?.mark === mark) return before.answer;
  return keep(mark, await readWorkspace(ctx, read));

  async function unlessRecorded(tx: Tx): Promise<T> {
    const asking = clockOf(tx, ctx);
    if (before !== undefined && (await asking) === before.mark) return before.answer;
    const [clock, answer] = await Promise.all([asking, read(tx)]);
    return clock === undefined ? answer : keep(clock, answer);
  }

  function keep(mark: Kept['mark'], answer: T): T {
    answers.set(key, { mark, answer });
    const [oldest] = answers.keys();
    if (answers.size > MOST_KEPT && oldest !== undefined) answers.delete(oldest);
    return answer;
  }
}

function answersOf(source: Database | NonNullable<Database['written']>): Map<string, Kept> {
  const known = kept.get(source) ?? new Map<string, Kept>();
  kept.set(source, known);
  return known;
}

const clockRows = z.array(z.object({ clock: z.string() })).max(1);

/** How far the workspace's writers have come: each moves the clock on, and what it audits the chain. Undefined where nobody wrote yet. */
async function clockOf(tx: Tx, ctx: Context): Promise<string | undefined> {
  const text = `select known_at::text || ' ' || audit_hash as clock from workspace where workspace_id = $1`;
  const [row] = clockRows.parse(await tx.query(text, [ctx.workspaceId], { prepare: true }));
  return row?.clock;
}
