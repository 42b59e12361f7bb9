import { bothSides } from '../../handoff/core/review-changes.ts';
import { LEVEL } from '../../handoff/core/segment-tests.ts';
import { chiSquareTail } from '../../kernel/chi-square-tail.ts';
import { corrected } from '../../kernel/false-discovery.ts';
import { rateDifference, wilson } from '../../playbook/core/rate-difference.ts';
import type { Pair, Performance, PerformanceChange, StageTime } from './performance.ts';
import { type DealSums, errorOf, units } from './performance-deals.ts';
import { countsDiffer, type Histogram, pairedChance, type Rate, rankSum } from './performance-statistics.ts';

/** What is compared beside the figures of the review itself. */
export interface Compared {
  times: readonly { time: StageTime; histograms: Pair<Histogram> }[];
  sums: readonly (Pair<DealSums> & { what: string; currency: string | null })[];
  /** Hand-offs of each month. */
  handed: Pair<number>;
  /** Days of each month; null before the month is over, when counts and amounts are not compared. */
  days: Pair<number> | null;
}

interface Test {
  p: number;
  change: Omit<PerformanceChange, 'q'>;
}

/** Sums of fewer amounts than this are not compared: their error is not known. */
const LEAST_AMOUNTS = 10;
const Z = 1.959964;

/**
 * What changed since the month before by more than noise, surest first. Shares are compared by Fisher's exact test, that of the same records at two
 * instants by McNemar's, counts by the binomial test of
 * two Poisson counts, amounts as sums of Poisson numbers of amounts, times by rank; all of them are corrected together by Benjamini and Hochberg.
 */
export function performanceChanges(
  review: Pick<Performance, 'funnel' | 'won' | 'speed' | 'coverage' | 'tiers' | 'scored' | 'rejections'>,
  compared: Compared,
): { changes: PerformanceChange[]; compared: number } {
  const { times, sums, handed, days } = compared;
  const tests = [
    ...sharesOf(review).flatMap(([what, pair]) => shareTest(what, pair)),
    ...review.scored.kinds.flatMap(scoredTest),
    ...times.flatMap(timeTest),
    ...(days === null
      ? []
      : [...countTest('hand-offs', handed, days), ...sums.flatMap((one) => [...sumCountTest(one, days), ...amountTest(one, days)])]),
  ];
  const qs = corrected(tests.map(({ p }) => p));
  const changes = tests.flatMap(({ change }, i): PerformanceChange[] => {
    const q = qs[i] ?? 1;
    return q <= LEVEL ? [{ ...change, q: Number(q.toPrecision(4)) }] : [];
  });
  changes.sort((a, b) => a.q - b.q || (a.what < b.what ? -1 : 1));
  return { changes, compared: tests.length };
}

function sharesOf({ funnel, won, speed, coverage, tiers, rejections }: Parameters<typeof performanceChanges>[0]): [string, Pair<Rate>][] {
  return [
    ['rejected', rejections],
    ...rejections.by_source.map((one): [string, Pair<Rate>] => [`rejected, source ${one.source ?? 'unknown'}`, one]),
    ...rejections.by_tier.map((one): [string, Pair<Rate>] => [`rejected, tier ${one.tier ?? 'unknown'}`, one]),
    ...tiers.shares.map((one): [string, Pair<Rate>] => [`share of tier ${one.tier ?? 'unknown'}`, one]),
    ['touched within an hour', speed.within_hour],
    ...funnel.flatMap(({ from, to, same_age }): [string, Pair<Rate>][] =>
      same_age === null ? [] : [[`${from} to ${to} within ${same_age.days} days`, same_age]],
    ),
    ['deals won', won],
    ['wins outside tier A', won.outside_a],
    ['won deals with all required roles', { this: coverage.complete.won, before: coverage.complete.won_before }],
  ];
}

function shareTest(what: string, { this: now, before }: Pair<Rate>): Test[] {
  const difference = rateDifference(now, before);
  if (difference === null || now.percent === null || before.percent === null) return [];
  const { points, low, high } = difference;
  const n = { this: now.of, before: before.of };
  return [
    {
      p: bothSides(before, now),
      change: { what, unit: 'percent', currency: null, before: before.percent, this: now.percent, difference: points, low, high, n },
    },
  ];
}

/** Leads of one account move together, with its fit: a test that takes each for itself would find too much. */
function scoredTest({ kind, tier_a, moved_by_rubric }: Performance['scored']['kinds'][number]): Test[] {
  const { n, before, this: now, difference } = tier_a;
  if (kind !== 'account' || before === null || now === null || difference === null) return [];
  const what = `scored accounts in tier A${moved_by_rubric > 0 ? ', the rubric changed' : ''}`;
  const { points, low, high } = difference;
  const change = {
    what,
    unit: 'percent' as const,
    currency: null,
    before,
    this: now,
    difference: points,
    low,
    high,
    n: { this: n, before: n },
  };
  return [{ p: pairedChance(tier_a), change }];
}

function timeTest({ time, histograms }: Compared['times'][number]): Test[] {
  const p = rankSum(histograms.this, histograms.before);
  const [now, before] = [time.this.median, time.before.median];
  if (p === null || now === null || before === null) return [];
  const what = time.of === 'course' ? `time from opened to ${time.stage}` : `time in ${time.stage}${time.of === 'deals' ? ' (deals)' : ''}`;
  const n = { this: time.this.n, before: time.before.n };
  return [{ p, change: { what, unit: time.unit, currency: null, before, this: now, difference: now - before, low: null, high: null, n } }];
}

function countTest(what: string, n: Pair<number>, days: Pair<number>): Test[] {
  const all = n.this + n.before;
  if (all === 0) return [];
  const scale = days.this / days.before;
  const expected = n.before * scale;
  const { low, high } = wilson({ hits: n.this, of: all });
  // of a ratio of two rates; a difference as long as there was something before
  const bound = (share: number) => (n.before === 0 ? null : Math.round((share / (1 - share) - expected / n.before) * n.before * 10) / 10);
  const p = countsDiffer({ n: n.this, days: days.this }, { n: n.before, days: days.before });
  const tenth = (value: number) => Math.round(value * 10) / 10;
  const change = {
    what,
    unit: 'count' as const,
    currency: null,
    before: tenth(expected),
    this: n.this,
    difference: tenth(n.this - expected),
    n,
  };
  return [{ p, change: { ...change, low: bound(low), high: bound(high) } }];
}

function sumCountTest({ what, currency, ...sums }: Compared['sums'][number], days: Pair<number>): Test[] {
  return countTest(`${what}${currency === null ? '' : `, ${currency}`}`, { this: sums.this.n, before: sums.before.n }, days);
}

function amountTest({ what, currency, ...sums }: Compared['sums'][number], days: Pair<number>): Test[] {
  const { this: now, before } = sums;
  if (Math.min(now.priced, before.priced) < LEAST_AMOUNTS) return [];
  const scale = days.this / days.before;
  const error = Math.hypot(errorOf(now), errorOf(before) * scale);
  if (error === 0) return [];
  const expected = Number(before.cents) * scale;
  const difference = Number(now.cents) - expected;
  const values = {
    before: units(expected),
    this: units(now.cents),
    difference: units(difference),
    low: units(difference - Z * error),
    high: units(difference + Z * error),
  };
  const n = { this: now.priced, before: before.priced };
  return [{ p: chiSquareTail((difference / error) ** 2), change: { what: `amount of ${what}`, unit: 'amount', currency, ...values, n } }];
}
