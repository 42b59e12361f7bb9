import { parseArgs } from 'node:util';
import { ensureWorkspace } from '../src/definitions/ensure-workspace.ts';
import { listSegmentRules } from '../src/handoff/list-segment-rules.ts';
import { proposeSegmentRules } from '../src/handoff/propose-segment-rules.ts';
import { reviewHandoffs } from '../src/handoff/review-handoffs.ts';
import { dayOf, isoFromDay } from '../src/kernel/dates.ts';
import type { Benchmark, Figures } from './run.ts';
import { benchContext } from './support/bench-context.ts';
import { timed, withPostgres } from './support/bench-postgres.ts';
import { fillReviewed } from './support/fill-reviewed.ts';
import { percentile } from './support/owner.ts';
import { settle } from './support/settle.ts';

const ROUNDS = 5;
const SETTINGS = { shared_buffers: '512MB', work_mem: '32MB', max_wal_size: '4GB', random_page_cost: 1.1 };

/**
 * Over a year of hand-offs with their logs and clocks on PostgreSQL (BENCH_DATABASE_URL, or a server started for it): `review_s` of the last whole week
 * (the middle of the rounds), `review_year_s` of the last 365 days, which is all of them, and `propose_s` of one comparison of a quarter.
 */
export const handoffReview: Benchmark = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: { 'hand-offs': { type: 'string', default: '1000000' }, 'skip-postgres': { type: 'boolean', default: false } },
    strict: false,
  });
  if (values['skip-postgres'] === true) return {};
  const handOffs = Number(values['hand-offs']);
  return withPostgres(SETTINGS, async (db, url) => {
    const ctx = benchContext(db, 'review');
    await ensureWorkspace(ctx);
    const filled = await timed(() => fillReviewed(db, ctx.workspaceId, handOffs, ctx.now()));
    await settle(url);
    say(`${handOffs} hand-offs are made in ${filled.toFixed(0)} s`);
    const weeks: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) weeks.push(await timed(() => reviewHandoffs(ctx, {})));
    const today = dayOf(ctx.now());
    const year = `${isoFromDay(today - 365)}..${isoFromDay(today - 1)}`;
    const figures: Figures = { review_s: percentile(weeks, 0.5), review_year_s: await timed(() => reviewHandoffs(ctx, { period: year })) };
    figures.propose_s = await timed(() => proposeSegmentRules(ctx));
    const { rules } = await listSegmentRules(ctx);
    say(`segment rules: ${rules.map(({ label, code }) => `${label} (${code})`).join(', ') || 'none'}`);
    return figures;
  });
};
