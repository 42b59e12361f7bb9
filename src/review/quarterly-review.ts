import type { ReviewPeriod } from '../handoff/core/review-period.ts';
import type { Context } from '../kernel/context.ts';
import { refreshAsOf } from './analyze-icp-refresh.ts';
import type { JustMade } from './core/figures.ts';
import { reportPlots } from './core/plots.ts';
import { refreshFigures } from './core/refresh-figures.ts';
import { refreshMarkdown } from './core/refresh-markdown.ts';

/** The ICP refresh of a quarter as a document. */
export async function quarterlyReview(ctx: Context, period: ReviewPeriod): Promise<JustMade> {
  const { refresh, knownAt } = await refreshAsOf(ctx, { period: period.name });
  const plots = reportPlots(refresh.analysis);
  const censored = refresh.analysis.backtest?.censored.rows ?? 0;
  return {
    knownAt,
    definitions: refresh.definitions,
    figures: refreshFigures(refresh),
    immature:
      censored === 0 ? [] : [`${censored} closed deals are of days of which others are still open, so the backtest leaves them out`],
    data: JSON.parse(JSON.stringify(refresh)),
    markdown: refreshMarkdown(refresh),
    plots: [
      { name: 'lift', describes: 'Lift of each level with its interval', svg: plots.lift },
      { name: 'calibration', describes: 'Calibration: what was predicted against what came', svg: plots.calibration },
      { name: 'tiers', describes: 'Tiers: who moves, or how often each is won', svg: plots.tiers },
    ],
  };
}
