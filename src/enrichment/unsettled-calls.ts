import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';

/** A paid call of which nobody knows whether it was billed. */
export interface UnsettledCall {
  call: string;
  provider: string;
  record: string;
  requestedAt: Date;
  /** What is held for it. */
  heldMicros: number;
  /** Of `waiting` the vendor has the work: `enrich_record` with `resume` and this run asks how it stands. */
  state: 'unknown' | 'waiting';
  run: string;
}

/** SQL of whether a row of the ledger is without a known outcome at an instant: also where its process said nothing for too long. */
export const unknownSql = (now: string) => `(state = 'unknown' or (state = 'reserved' and reserved_micros > 0 and stale_at <= ${now}))`;

const rows = z.array(
  z
    .object({
      call: z.string(),
      provider: z.string(),
      record: z.string(),
      requested_at: z.coerce.date(),
      held: z.coerce.number(),
      waits: z.boolean(),
      run: z.string(),
    })
    .transform(({ requested_at: requestedAt, held: heldMicros, waits, ...call }): UnsettledCall => {
      return { ...call, requestedAt, heldMicros, state: waits ? 'waiting' : 'unknown' };
    }),
);

/** The calls whose money is held though nobody works on them here any more, the oldest first. */
export function listUnsettled(ctx: Context): Promise<UnsettledCall[]> {
  requireScope(ctx, 'read');
  return readWorkspace(ctx, (tx) => unsettledCalls(tx, ctx));
}

export async function unsettledCalls(tx: Tx, ctx: Context): Promise<UnsettledCall[]> {
  return rows.parse(
    await tx.query(
      `select id::text as call, provider, entity_id::text as record, requested_at, reserved_micros as held, state = 'waiting' as waits, run_id::text as run
       from provider_call where workspace_id = $1 and state <> 'settled' and (state = 'waiting' or ${unknownSql('$2::timestamptz')})
       order by requested_at, id`,
      [ctx.workspaceId, ctx.now().toISOString()],
    ),
  );
}
