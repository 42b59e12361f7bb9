import { z } from 'zod';
import { deriveInWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { type Account, accountKey, lockBalances, moveBalances } from './balances.ts';
import { SCOPES, scopeNames } from './core/ledger.ts';
import type { ProviderAnswer, ProviderOffer } from './core/provider.ts';
import { keepAnswer } from './provider-values.ts';

const heldRows = z
  .array(
    z.object({
      run_id: z.string(),
      entity_id: z.string(),
      key: z.string(),
      day: z.number(),
      state: z.string(),
      reserved_micros: z.coerce.number(),
      fields: z.array(z.string()),
    }),
  )
  .max(1);

/** Where a call stands after its answer. */
export type Settled = 'settled' | 'waiting' | 'unknown' | 'already';

/**
 * Writes an answer to the ledger and the cache, and the price over from held to charged. What may have been billed stays held: a call
 * without a whole answer is `unknown` until a late answer, or a person, settles it. Free calls are always settled.
 * @returns `already` for a call that was settled before: an answer counts once
 */
export function settleCall(ctx: Context, callId: string, offer: ProviderOffer, answer: ProviderAnswer): Promise<Settled> {
  const now = ctx.now();
  return deriveInWorkspace(ctx, async (tx) => {
    const found = heldRows.parse(
      await tx.query(
        `select run_id::text, entity_id::text, key, day, state, reserved_micros, fields from provider_call where workspace_id = $1 and id = $2::uuid`,
        [ctx.workspaceId, callId],
        { prepare: true },
      ),
    )[0];
    if (found === undefined) throw new Error(`the ledger has no call ${callId}`);
    const accounts = SCOPES.map(
      (scope): Account => [scope, scopeNames({ runId: found.run_id, entityId: found.entity_id }, found.day)[scope]],
    );
    // the lock of the money comes first, as when it was reserved; then whether somebody settled it meanwhile
    if (found.reserved_micros > 0) await lockBalances(tx, ctx, accounts);
    const state = stateAfter(answer, found.reserved_micros);
    const charged = state === 'settled' ? (answer.chargedMicros ?? 0) : null;
    const changed = await writeState(tx, ctx, callId, { state, charged, answer, now });
    if (!changed) return 'already';
    if (state === 'settled' && (found.reserved_micros > 0 || (charged ?? 0) > 0)) {
      if (found.reserved_micros === 0) await lockBalances(tx, ctx, accounts);
      const moves = accounts.map((account) => ({ account, heldMicros: -found.reserved_micros, chargedMicros: charged ?? 0 }));
      await moveBalances(tx, ctx, new Map(moves.map((move) => [accountKey(move.account), move])));
    }
    await keepAnswer(tx, ctx, { callId, key: found.key, fields: found.fields, offer, answer, now });
    return state;
  });
}

function stateAfter(answer: ProviderAnswer, reservedMicros: number): Exclude<Settled, 'already'> {
  if (answer.resume !== undefined) return 'waiting';
  if (answer.outcome === 'unknown' || answer.chargedMicros === null) return reservedMicros === 0 ? 'settled' : 'unknown';
  return 'settled';
}

async function writeState(
  tx: Tx,
  ctx: Context,
  callId: string,
  { state, charged, answer, now }: { state: string; charged: number | null; answer: ProviderAnswer; now: Date },
): Promise<boolean> {
  const rows = await tx.query(
    `update provider_call set state = $3, charged_micros = $4::bigint, outcome = $5, latency_ms = $6::int, resume = $7, answered_at = $8::timestamptz
     where workspace_id = $1 and id = $2::uuid and state <> 'settled' returning id`,
    [
      ctx.workspaceId,
      callId,
      state,
      charged,
      answer.outcome,
      Math.round(Math.min(answer.latencyMs, 2_000_000_000)),
      answer.resume ?? null,
      now.toISOString(),
    ],
    { prepare: true },
  );
  return rows.length > 0;
}
