import { wilson } from '../../playbook/core/rate-difference.ts';
import type { Cohort, FunnelStep, Snapshot } from './performance.ts';
import { pairOf } from './performance-leads.ts';
import { type CohortRow, countIn, type DealRow, type LeadRow, partOf } from './performance-rows.ts';
import { rateOf } from './performance-statistics.ts';
import type { Followed, Windows } from './performance-windows.ts';

/** Everything that is known of entries to stages. */
export interface FunnelRows {
  cohorts: readonly CohortRow[];
  leads: readonly LeadRow[];
  deals: readonly DealRow[];
}

/** Each step as a cohort and as a snapshot: two figures of two questions, never one of both. */
export function funnelOf(steps: readonly Followed[], rows: FunnelRows, windows: Windows, month: string): FunnelStep[] {
  return steps.map((step, at) => {
    const { from, to, within, counted, early, isMature, mature } = step;
    const row = (span: CohortRow['span']) =>
      rows.cohorts.find((one) => one.step === at && one.span === span) ?? { n: 0, reached: 0, early: 0 };
    const cohort = (span: CohortRow['span'], name: string, settled: boolean): Cohort => {
      const { n, reached } = row(span);
      return { month: name, mature: settled, ...rateOf({ hits: reached, of: n }) };
    };
    const isBefore = mature?.name === windows.beforeName;
    return {
      from,
      to,
      within_days: within,
      counted,
      cohort: {
        this: cohort('this', month, isMature),
        before: cohort('before', windows.beforeName, windows.today >= windows.before.to + within),
      },
      mature: mature === null ? null : cohort(isBefore ? 'before' : 'mature', mature.name, true),
      same_age: early === null ? null : { days: early, ...pairOf((span) => rateOf({ hits: row(span).early, of: row(span).n })) },
      snapshot: pairOf((span) => snapshotOf(entriesTo(step, step.start, at, rows, span), entriesTo(step, step.end, at, rows, span))),
    };
  });
}

/** How many came to a stage in a month, of what the step counts. */
function entriesTo(
  { counted }: Followed,
  stage: string,
  at: number,
  { cohorts, leads, deals }: FunnelRows,
  span: 'this' | 'before',
): number {
  if (counted !== 'deals') {
    if (stage === 'inquiry') return cohorts.find((one) => one.step === at && one.span === span)?.n ?? 0;
    return countIn(partOf(leads, 'entries'), span, (row) => row.stage === stage);
  }
  if (stage === 'opportunity') return countIn(partOf(deals, 'created'), span);
  return countIn(partOf(deals, 'closed'), span, ({ won }) => won === (stage === 'won'));
}

/** The ratio of two counts that come of themselves, with its interval by the share of the one in both (Clopper's conditioning, Wilson's interval). */
function snapshotOf(entered: number, reached: number): Snapshot {
  if (entered === 0) return { entered, reached, percent: null, low: null, high: null };
  const { low, high } = wilson({ hits: reached, of: entered + reached });
  const percent = (ratio: number) => Math.round(ratio * 1000) / 10;
  return { entered, reached, percent: percent(reached / entered), low: percent(low / (1 - low)), high: percent(high / (1 - high)) };
}
