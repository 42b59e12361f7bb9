import type { Conversion, CreditedRow } from '../attribution/core/credited-row.ts';
import { creditedAmounts } from '../attribution/credited.ts';
import { type Context, NO_PROGRESS } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import type { Pair } from './core/performance.ts';
import type { Windows } from './core/performance-windows.ts';

/** What the attribution in force credits to each source, of the deals of both months that were created, or won. */
export async function readPipeline(tx: Tx, ctx: Context, windows: Windows, conversion: Conversion): Promise<Pair<CreditedRow[]>> {
  // the review tells how far it is, in steps of its own
  const quiet = { ...ctx, progress: NO_PROGRESS };
  const credited = (span: 'this' | 'before') => creditedAmounts(tx, quiet, { ...windows[span], conversion, by: ['source'] });
  return { this: await credited('this'), before: await credited('before') };
}
