import { deriveInWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Database } from '../kernel/database.ts';
import { pause } from '../kernel/pause.ts';
import { goesOn } from './late-work.ts';

/** A record that is answered from what is kept need not wait for the disk: its saving is written with those that follow. */
const SOON_MS = 500;

/** A sum that could not be written so often waits for the next saving: nobody waits for it when the database has gone. */
const MOST_FAILURES = 3;

interface Sum {
  micros: number;
  isWaitedFor: boolean;
}

/** By workspace: what was saved and is not written yet. */
const unwritten = new WeakMap<Database, Map<string, Sum>>();

/** Adds to what kept answers would have cost again: no money moved, so it is beside the ledger. Written down soon after. */
export function addSaved(ctx: Context, micros: number): void {
  if (micros === 0) return;
  const sums = unwritten.get(ctx.db) ?? new Map<string, Sum>();
  unwritten.set(ctx.db, sums);
  const sum = sums.get(ctx.workspaceId) ?? { micros: 0, isWaitedFor: false };
  sums.set(ctx.workspaceId, sum);
  sum.micros += micros;
  if (!sum.isWaitedFor) goesOn(ctx.db, writeSoon(ctx, sum));
}

/** What is still to be written of it, in micros. */
export function unwrittenSaved({ db, workspaceId }: Context): number {
  return unwritten.get(db)?.get(workspaceId)?.micros ?? 0;
}

async function writeSoon(ctx: Context, sum: Sum): Promise<void> {
  // neither the end of the call nor its idempotency key is of what is written after it
  const { noteKey: _, ...later } = { ...ctx, signal: new AbortController().signal };
  sum.isWaitedFor = true;
  for (let failures = 0; sum.micros > 0 && failures < MOST_FAILURES; ) {
    await pause(SOON_MS, later.signal);
    const { micros } = sum;
    await write(later, micros).then(
      () => {
        sum.micros -= micros;
      },
      () => {
        failures += 1;
      },
    );
  }
  sum.isWaitedFor = false;
}

function write(ctx: Context, micros: number): Promise<unknown> {
  return deriveInWorkspace(ctx, (tx) =>
    tx.query(
      `insert into spending (workspace_id, scope, name, held_micros, charged_micros) values ($1, 'saved', '', 0, $2::bigint)
       on conflict (workspace_id, scope, name) do update set charged_micros = spending.charged_micros + excluded.charged_micros`,
      [ctx.workspaceId, micros],
      { prepare: true },
    ),
  );
}
