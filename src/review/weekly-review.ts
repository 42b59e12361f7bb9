import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import type { ReviewPeriod } from '../handoff/core/review-period.ts';
import { reviewHandoffs } from '../handoff/review-handoffs.ts';
import type { Context } from '../kernel/context.ts';
import { isoFromDay } from '../kernel/dates.ts';
import { count } from '../kernel/markdown.ts';
import type { MadeReview } from './core/figures.ts';
import { weeklyFigures } from './weekly-figures.ts';
import { weeklyMarkdown } from './weekly-markdown.ts';

const openRows = z.tuple([z.object({ undecided: z.coerce.number(), running: z.coerce.number() })]);

/** The week's hand-offs as a document. */
export async function weeklyReview(ctx: Context, period: ReviewPeriod): Promise<MadeReview> {
  const review = await reviewHandoffs(ctx, { period: period.name });
  return {
    definitions: review.definitions,
    figures: weeklyFigures(review),
    immature: await stillOpen(ctx, period),
    data: JSON.parse(JSON.stringify(review)),
    markdown: weeklyMarkdown(review),
  };
}

/** What of the week's leads can still become otherwise. */
async function stillOpen(ctx: Context, { from, to }: ReviewPeriod): Promise<string[]> {
  const [{ undecided, running }] = openRows.parse(
    await readWorkspace(ctx, (tx) =>
      tx.query(
        `with open as (select h.id, h.disposed_at from hand_off h
           where h.workspace_id = $1 and h.changed_at >= $2::timestamptz and h.handed_at >= $2::timestamptz and h.handed_at < $3::timestamptz and h.closed_at is null)
         select (select count(*) from open where disposed_at is null) as undecided,
           (select count(*) from open cross join lateral (select 1 from hand_off_clock c
              where c.workspace_id = $1 and c.hand_off_id = open.id and c.ended_at is null and c.settles_at > $4::timestamptz offset 0) clock) as running`,
        [ctx.workspaceId, isoFromDay(from), isoFromDay(to), ctx.now().toISOString()],
      ),
    ),
  );
  return [
    undecided > 0 && `${count(undecided, 'lead')} handed off in it ${undecided === 1 ? 'is' : 'are'} neither accepted nor rejected yet`,
    running > 0 && `${count(running, 'promise')} to its leads ${running === 1 ? 'is' : 'are'} still running`,
  ].filter((line) => line !== false);
}
