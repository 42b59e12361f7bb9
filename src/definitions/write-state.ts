import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import type { DefinitionKind } from './core/definition.ts';
import type { State } from './core/signing.ts';

export interface NewState {
  kind: DefinitionKind;
  hash: string;
  state: State;
  signed: boolean;
  openedAt: string;
  activeFrom: string | null;
  reason: string | null;
}

/** Appends what became of a version: of several changes at one tick, the last. The caller holds the workspace's write lock. */
export async function writeState(tx: Tx, ctx: Context, entry: NewState, recordedAt: Date): Promise<void> {
  const { kind, hash, state, signed, openedAt, activeFrom, reason } = entry;
  await tx.query(
    `insert into definition_state (workspace_id, kind, hash, recorded_at, state, signed, opened_at, active_from, reason, recorded_by)
     values ($1, $2, $3, $4::timestamptz, $5, $6::boolean, $7::timestamptz, $8, $9, $10)
     on conflict (workspace_id, kind, hash, recorded_at) do update
       set state = excluded.state, signed = excluded.signed, opened_at = excluded.opened_at, active_from = excluded.active_from, reason = excluded.reason`,
    [ctx.workspaceId, kind, hash, recordedAt.toISOString(), state, signed, openedAt, activeFrom, reason, ctx.actor.id],
  );
}
