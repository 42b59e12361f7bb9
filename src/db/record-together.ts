import type { Context } from '../kernel/context.ts';
import type { Database, Tx } from '../kernel/database.ts';
import { cancelled } from '../kernel/errors.ts';
import { recordInWorkspace } from './workspace.ts';

/** A call that waits to be written with others. */
export interface Call<I> {
  ctx: Context;
  input: I;
}

/** What became of a call: its answer, or why it was refused and changed nothing. */
export type Outcome<O> = { answer: O } | { refused: unknown };

interface Waiting<I, O> extends Call<I> {
  resolve(answer: O): void;
  reject(reason: unknown): void;
}

/** So many calls share a transaction at most: others of the workspace wait for it. */
const MOST = 64;

/**
 * A way to record that many callers share: calls of one workspace that come while another is being written wait for it, and are then written
 * in one transaction, each with its own answer or refusal. A commit waits for the disk and holds the workspace's row until then, so calls
 * written one by one would be as many as the disk's writes.
 * @param run writes what it does not refuse, all in one order; a failure of the database is thrown, and each call then tried by itself
 */
export function recordTogether<I, O>(
  run: (tx: Tx, recordedAt: Date, calls: readonly Call<I>[]) => Promise<Outcome<O>[]>,
): (ctx: Context, input: I) => Promise<O> {
  const databases = new WeakMap<Database, Map<string, Waiting<I, O>[]>>();

  async function drain(line: Waiting<I, O>[], lines: Map<string, Waiting<I, O>[]>, workspace: string): Promise<void> {
    // those who call at the same time as the first go with it
    await null;
    while (line.length > 0) await write(line.splice(0, MOST));
    lines.delete(workspace);
  }

  async function write(waiting: Waiting<I, O>[]): Promise<void> {
    for (const { reject } of waiting.filter(({ ctx }) => ctx.signal.aborted)) reject(cancelled());
    const calls = waiting.filter(({ ctx }) => !ctx.signal.aborted);
    const [first] = calls;
    if (first === undefined) return;
    let isWritten = false;
    // the end of one caller's patience is not the others'
    const { noteKey: _, ...shared } = { ...first.ctx, signal: new AbortController().signal };
    const outcomes: Outcome<O>[] = [];
    try {
      await recordInWorkspace(shared, async (tx, recordedAt) => {
        outcomes.push(...(await run(tx, recordedAt, calls)));
        if (!outcomes.some(isDone)) throw new NothingDone();
        await Promise.all(calls.map(({ ctx }, i) => (isDone(outcomes[i]) ? ctx.noteKey?.(tx) : undefined)));
        isWritten = true;
      });
    } catch (error) {
      if (!(error instanceof NothingDone)) {
        // nobody knows what became of a commit that failed; what failed before it changed nothing
        if (isWritten || calls.length === 1) for (const { reject } of calls) reject(error);
        else for (const one of calls) await write([one]);
        return;
      }
    }
    for (const [i, { resolve, reject }] of calls.entries()) {
      const outcome = outcomes[i];
      if (isDone(outcome)) resolve(outcome.answer);
      else reject(outcome?.refused);
    }
  }

  return (ctx, input) =>
    new Promise<O>((resolve, reject) => {
      const lines = databases.get(ctx.db) ?? new Map<string, Waiting<I, O>[]>();
      databases.set(ctx.db, lines);
      const call = { ctx, input, resolve, reject };
      const line = lines.get(ctx.workspaceId);
      if (line !== undefined) {
        line.push(call);
        return;
      }
      const opened = [call];
      lines.set(ctx.workspaceId, opened);
      void drain(opened, lines, ctx.workspaceId);
    });
}

/** Every call was refused: the transaction is given up, so that the workspace's clock does not tick for nothing. */
class NothingDone extends Error {}

function isDone<O>(outcome: Outcome<O> | undefined): outcome is { answer: O } {
  return outcome !== undefined && 'answer' in outcome;
}
