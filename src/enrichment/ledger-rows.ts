import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { type Account, accountKey, lockBalances, moveBalances } from './balances.ts';
import { SCOPES, scopeNames } from './core/ledger.ts';

const rows = z
  .array(
    z.object({
      run_id: z.string(),
      entity_id: z.string(),
      provider: z.string(),
      key: z.string(),
      day: z.number(),
      state: z.string(),
      reserved_micros: z.coerce.number(),
      fields: z.array(z.string()),
    }),
  )
  .max(1);
/** A call as the ledger has it. */
export type LedgerCall = z.infer<typeof rows>[number];

export async function readCall(tx: Tx, ctx: Context, callId: string): Promise<LedgerCall | undefined> {
  return rows.parse(
    await tx.query(
      `select run_id::text, entity_id::text, provider, key, day, state, reserved_micros, fields from provider_call
       where workspace_id = $1 and id = $2::uuid`,
      [ctx.workspaceId, callId],
      { prepare: true },
    ),
  )[0];
}

/** Locks the balances that a call counts for. */
export async function lockCall(tx: Tx, ctx: Context, call: LedgerCall): Promise<void> {
  await lockBalances(tx, ctx, accountsOf(call));
}

/** Takes what a call held off the locked balances, and puts on them what it cost. */
export async function bookCharge(tx: Tx, ctx: Context, call: LedgerCall, chargedMicros: number): Promise<void> {
  const moves = accountsOf(call).map((account) => ({ account, heldMicros: -call.reserved_micros, chargedMicros }));
  await moveBalances(tx, ctx, new Map(moves.map((move) => [accountKey(move.account), move])));
}

function accountsOf({ run_id, entity_id, day }: LedgerCall): Account[] {
  const names = scopeNames({ runId: run_id, entityId: entity_id }, day);
  return SCOPES.map((scope): Account => [scope, names[scope]]);
}
