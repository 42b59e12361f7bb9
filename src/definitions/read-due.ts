import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf, isoFromDay } from '../kernel/dates.ts';
import { type DueReview, dueReviews } from './core/due.ts';
import { currentDefinition } from './current-definition.ts';

const heldRows = z.array(z.object({ review: z.string(), held_on: z.string() }));
const sinceRow = z.array(z.object({ since: z.coerce.date() })).length(1);

/** What is due and overdue of the cadence in use, as of today. A review that was never held is due since that version is in use. */
export async function readDue(tx: Tx, ctx: Context): Promise<DueReview[]> {
  const options = { prepare: true };
  const [cadence, held, heads] = await Promise.all([
    currentDefinition(tx, ctx, 'cadence'),
    tx.query('select review, max(held_on) as held_on from review_held where workspace_id = $1 group by review', [ctx.workspaceId], options),
    tx.query(
      `select max(recorded_at) as since from definition_head where workspace_id = $1 and kind = 'cadence'`,
      [ctx.workspaceId],
      options,
    ),
  ]);
  const [{ since } = { since: ctx.now() }] = sinceRow.parse(heads);
  return dueReviews(cadence.document, {
    asOf: isoFromDay(dayOf(ctx.now())),
    since: isoFromDay(dayOf(since)),
    held: new Map(heldRows.parse(held).map((row) => [row.review, row.held_on])),
  });
}
