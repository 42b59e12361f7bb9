import { z } from 'zod';
import { audit, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { dayOf, ISO_DATE, isIsoDate, isoFromDay } from '../kernel/dates.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { parseInput } from '../kernel/parse-input.ts';
import type { DueReview } from './core/due.ts';
import { currentDefinition } from './current-definition.ts';
import { readDue } from './read-due.ts';

const holdReviewInput = z.strictObject({
  /** Its id in the cadence. */
  review: z.string().min(1).max(100),
  /** The UTC day on which it was held; today when left out. */
  on: z.string().refine(isIsoDate, ISO_DATE).optional(),
});

/**
 * Records that a review of the cadence was held. It counts for the week, month or quarter of its day; recording it twice changes nothing.
 * @throws SamepageError `not_found` for a review that the cadence in use does not have; `invalid_input` for a day to come.
 */
export async function holdReview(ctx: Context, given: z.input<typeof holdReviewInput>): Promise<DueReview> {
  requireScope(ctx, 'write');
  const today = isoFromDay(dayOf(ctx.now()));
  const { review, on = today } = parseInput(holdReviewInput, given, 'samepage-mcp cadence held');
  if (on > today)
    throw new SamepageError('invalid_input', `on is a day to come (found ${on}).`, 'Record a review on its day or later.', {
      problems: [{ path: 'on', value: on, reason: 'is a day to come' }],
    });
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    const { reviews } = (await currentDefinition(tx, ctx, 'cadence')).document;
    const ids = reviews.map(({ id }) => id);
    if (!ids.includes(review)) {
      const near = nearest(review, ids);
      throw new SamepageError(
        'not_found',
        `The cadence has no review "${shown(review)}"${near === undefined ? '.' : `; did you mean ${near}?`}`,
        `Use one of ${ids.join(', ')}.`,
      );
    }
    const rows = await tx.query(
      `insert into review_held (workspace_id, review, held_on, recorded_at, recorded_by) values ($1, $2, $3, $4::timestamptz, $5)
       on conflict do nothing returning review`,
      [ctx.workspaceId, review, on, recordedAt.toISOString(), ctx.actor.id],
    );
    if (rows.length > 0) await audit(tx, ctx, 'hold_review', `${review} ${on}`);
    const due = (await readDue(tx, ctx)).find(({ id }) => id === review);
    if (due === undefined) throw new Error('the review was there a moment ago');
    return due;
  });
}
