import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { type ReceiptsVerdict, verifyReceipts } from '../scoring/verify-receipts.ts';

/** Up to so many scores on file, every receipt is verified unless told otherwise. */
const ALL_UP_TO = 50_000;
/** Beyond that: so many of the newest, as many of the oldest, and as many from among all. */
const SAMPLED_EACH = 1_000;

export const receiptsOption = z
  .enum(['auto', 'all', 'sample', 'none'])
  .default('auto')
  .describe(`which receipts are verified: auto is all up to ${ALL_UP_TO.toLocaleString('en-US')} scores on file, then a sample`);
export type ReceiptsOption = z.output<typeof receiptsOption>;
export type ReceiptsChecked = ReceiptsVerdict;

const countRow = z.tuple([z.object({ n: z.number() })]);

/** Recomputes the scores on file of the workspace of `ctx`, as many as the option says. */
export async function checkReceipts(tx: Tx, ctx: Context, option: ReceiptsOption): Promise<ReceiptsChecked> {
  const count = await tx.query(
    `select (select count(*) from score where workspace_id = $1) + (select count(*) from score_history where workspace_id = $1) as n`,
    [ctx.workspaceId],
  );
  const total = countRow.parse(count)[0].n;
  if (option === 'none') return { total, checked: 0, different: 0, examples: [] };
  const all = option === 'all' || (option === 'auto' && total <= ALL_UP_TO);
  return verifyReceipts(tx, ctx, all ? { which: 'all' } : { which: 'sample', each: SAMPLED_EACH, seed: ctx.workspaceId });
}
