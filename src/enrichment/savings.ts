import { deriveInWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Database } from '../kernel/database.ts';
import { goesOn } from './late-work.ts';
import { pause } from './pause.ts';

/** A record that is answered from what is kept need not wait for the disk: its saving is written with those that follow. */
const SOON_MS = 500;

/** By workspace, in micros: what was saved and is not written yet. */
const unwritten = new WeakMap<Database, Map<string, number>>();

/** Adds to what kept answers would have cost again: no money moved, so it is beside the ledger. Written down soon after. */
export function addSaved(ctx: Context, micros: number): void {
  if (micros === 0) return;
  const sums = unwritten.get(ctx.db) ?? new Map<string, number>();
  unwritten.set(ctx.db, sums);
  const others = sums.get(ctx.workspaceId);
  sums.set(ctx.workspaceId, (others ?? 0) + micros);
  if (others === undefined) goesOn(ctx.db, writeSoon({ ...ctx, signal: new AbortController().signal }, sums));
}

/** What is still to be written of it, in micros. */
export function unwrittenSaved({ db, workspaceId }: Context): number {
  return unwritten.get(db)?.get(workspaceId) ?? 0;
}

async function writeSoon(ctx: Context, sums: Map<string, number>): Promise<void> {
  await pause(SOON_MS, ctx.signal);
  const micros = sums.get(ctx.workspaceId) ?? 0;
  sums.delete(ctx.workspaceId);
  await deriveInWorkspace(ctx, (tx) =>
    tx.query(
      `insert into spending (workspace_id, scope, name, held_micros, charged_micros) values ($1, 'saved', '', 0, $2::bigint)
       on conflict (workspace_id, scope, name) do update set charged_micros = spending.charged_micros + excluded.charged_micros`,
      [ctx.workspaceId, micros],
      { prepare: true },
    ),
  );
}
