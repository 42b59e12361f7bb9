import { listSegmentRules } from '../src/handoff/list-segment-rules.ts';
import { proposeSegmentRules } from '../src/handoff/propose-segment-rules.ts';
import { reviewHandoffs } from '../src/handoff/review-handoffs.ts';
import type { Context } from '../src/kernel/context.ts';
import { dayOf, isoFromDay } from '../src/kernel/dates.ts';
import type { Figures } from './run.ts';
import { percentile } from './support/owner.ts';

const ROUNDS = 5;

/**
 * Over the hand-offs that there are: `review_s` of the last whole week (the middle of the rounds), `review_year_s` of the last 365 days, which is all of a
 * year's hand-offs, and `propose_s` of one comparison of a quarter.
 */
export async function measureReview(ctx: Context, say: (line: string) => void): Promise<Figures> {
  const weeks: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) weeks.push(await timed(() => reviewHandoffs(ctx, {})));
  const today = dayOf(ctx.now());
  const year = `${isoFromDay(today - 365)}..${isoFromDay(today - 1)}`;
  const figures: Figures = { review_s: percentile(weeks, 0.5), review_year_s: await timed(() => reviewHandoffs(ctx, { period: year })) };
  figures.propose_s = await timed(() => proposeSegmentRules(ctx));
  const { rules } = await listSegmentRules(ctx);
  say(`${rules.length} segment rules: ${rules.map(({ label, code }) => `${label} (${code})`).join(', ')}`);
  return figures;
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}
