import { z } from 'zod';
import { audit, deriveInWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { bookCharge, lockCall, readCall } from './ledger-rows.ts';
import { unknownSql } from './unsettled-calls.ts';

export const settleUnknownInput = z.strictObject({
  call: z.uuid(),
  charged_usd: z.number().min(0).max(10_000),
});

export interface SettledUnknown {
  provider: string;
  heldMicros: number;
  chargedMicros: number;
}

/**
 * Settles a paid call of which no answer came, by what the vendor's bill says that it cost: its money is no longer held, and its question
 * may be asked again.
 * @throws SamepageError `not_found`; `conflict` while it is out, or when it is settled
 */
export async function settleUnknown(ctx: Context, given: z.input<typeof settleUnknownInput>): Promise<SettledUnknown> {
  requireScope(ctx, 'write');
  const { call, charged_usd } = parseInput(settleUnknownInput, given, 'settle');
  const chargedMicros = Math.round(charged_usd * 1_000_000);
  return deriveInWorkspace(ctx, async (tx) => {
    const found = await readCall(tx, ctx, call);
    const seeThem = 'Run `samepage-mcp providers unsettled` to see those that are not.';
    if (found === undefined) throw new SamepageError('not_found', `The ledger has no call ${call}.`, seeThem);
    if (found.state === 'settled') throw new SamepageError('conflict', `The call ${call} is settled.`, seeThem);
    await lockCall(tx, ctx, found);
    const now = ctx.now().toISOString();
    const changed = await tx.query(
      `update provider_call set state = 'settled', outcome = coalesce(outcome, 'unknown'), charged_micros = $3::bigint, answered_at = $4::timestamptz
       where workspace_id = $1 and id = $2::uuid and (state = 'waiting' or ${unknownSql('$4::timestamptz')}) returning id`,
      [ctx.workspaceId, call, chargedMicros, now],
    );
    if (changed.length === 0) {
      throw new SamepageError(
        'conflict',
        `The call ${call} is still out: its answer may come.`,
        'Try again in a few minutes, if it is among `samepage-mcp providers unsettled` then.',
      );
    }
    await bookCharge(tx, ctx, found, chargedMicros);
    await audit(tx, ctx, 'settle_call', `call ${call} of ${found.provider}: ${chargedMicros} of ${found.reserved_micros} micros charged`);
    return { provider: found.provider, heldMicros: found.reserved_micros, chargedMicros };
  });
}
