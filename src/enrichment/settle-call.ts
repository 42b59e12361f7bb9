import { deriveInWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import type { ProviderAnswer, ProviderOffer } from './core/provider.ts';
import { bookCharge, lockCall, readCall } from './ledger-rows.ts';
import { keepAnswer } from './provider-values.ts';

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
    const found = await readCall(tx, ctx, callId);
    if (found === undefined) throw new Error(`the ledger has no call ${callId}`);
    // the lock of the money comes first, as when it was reserved; then whether somebody settled it meanwhile
    if (found.reserved_micros > 0) await lockCall(tx, ctx, found);
    const state = stateAfter(answer, found.reserved_micros);
    const charged = state === 'settled' ? (answer.chargedMicros ?? 0) : null;
    const changed = await writeState(tx, ctx, callId, { state, charged, answer, now });
    if (!changed) return 'already';
    if (state === 'settled' && (found.reserved_micros > 0 || (charged ?? 0) > 0)) {
      if (found.reserved_micros === 0) await lockCall(tx, ctx, found);
      await bookCharge(tx, ctx, found, charged ?? 0);
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
