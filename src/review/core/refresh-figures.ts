import type { Estimate } from './analysis.ts';
import { type Figure, figureKey } from './figures.ts';
import type { IcpRefresh, WonShare } from './refresh.ts';

/** The figures of a quarter by stable keys: what is published, and what a later run is held against. */
export function refreshFigures({ read, analysis, tiers, segments, draft }: IcpRefresh): Figure[] {
  const { counts, tested, proposals, backtest, drift, leaks, reversals } = analysis;
  const count = (key: string, label: string, value: number): Figure => ({ key, label, value, unit: 'count' });
  return [
    count('deals.closed', 'Closed deals', read.deals),
    count('deals.won', 'Won deals', read.won),
    {
      ...count('deals.witnessed', 'Deals of accounts that were known by the cut-off', read.witnessed),
      n: read.deals,
    },
    { key: 'win_rate', label: 'Win rate', value: percent(counts.base_rate), unit: 'percent', n: read.deals },
    ...read.left_out.map(({ reason, n, text }) => count(figureKey('left_out', reason), `Deals that ${text}`, n)),
    ...tiers.map(({ tier, ...share }) => rate(figureKey('win_rate', 'tier', tier), `Win rate, tier ${tier} at the cut-off`, share)),
    ...segments.map(({ segment, ...share }) => rate(figureKey('win_rate', 'segment', segment), `Win rate, segment ${segment}`, share)),
    count('levels.compared', 'Levels compared', tested.levels),
    count('levels.holding', 'Levels that hold after correction', tested.below_q),
    count('findings', 'Findings', proposals.length),
    ...proposals.map(({ field, label, bin, evidence }) =>
      rate(figureKey('finding', field, bin.label), `Win rate, ${label}: ${bin.label}`, evidence),
    ),
    count('leaks', 'Fields suspected to be leaks', leaks.length),
    count('reversals', 'Findings that turn round within strata', reversals.length),
    count('drift.act', 'Fields that drifted', drift.filter(({ verdict }) => verdict === 'act').length),
    ...(backtest === null
      ? []
      : [
          area('auc.evidence', 'AUC of the evidence on later deals, in hundredths', backtest.auc_new, backtest.tested.rows),
          area('auc.in_force', 'AUC of the rubric in force on later deals, in hundredths', backtest.auc_current, backtest.tested.rows),
          area('auc.difference', 'Difference of the two, in hundredths', backtest.auc_difference, backtest.tested.rows),
        ]),
    ...(draft?.lines ?? []).map(
      ({ id, before, after }): Figure => ({
        key: figureKey('draft', id),
        label: `Draft points of ${id}, over today's`,
        value: after - before,
        unit: 'points',
      }),
    ),
  ];
}

const percent = (share: number | null) => (share === null ? null : Math.round(share * 1000) / 10);

function rate(key: string, label: string, { n, rate: value, low, high }: Omit<WonShare, 'won'>): Figure {
  return { key, label, value: percent(value), unit: 'percent', n, ...bounds(percent(low), percent(high)) };
}

const bounds = (low: number | null, high: number | null) => (low === null || high === null ? {} : { low, high });

/** Hundredths of an area: points out of a hundred. */
function area(key: string, label: string, estimate: Estimate | null, n: number): Figure {
  const hundredths = (value: number) => Math.round(value * 10_000) / 100;
  if (estimate === null) return { key, label, value: null, unit: 'points', n };
  const { value, low, high } = estimate;
  return { key, label, value: hundredths(value), unit: 'points', n, low: hundredths(low), high: hundredths(high) };
}
