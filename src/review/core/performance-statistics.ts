import { chiSquareTail } from '../../kernel/chi-square-tail.ts';
import { type Interval, type Share, wilson } from '../../playbook/core/rate-difference.ts';

/** A share in percent, to a tenth, with Wilson's 95 % interval; null of nothing. */
export interface Rate extends Share {
  percent: number | null;
  low: number | null;
  high: number | null;
}

/** So many values of each kind: whole hours or days, and how often. */
export type Histogram = readonly (readonly [value: number, n: number])[];

export interface Quantiles {
  n: number;
  /** The least value that half of all do not exceed; null of nothing. */
  median: number | null;
  /** 95 %, by ranks (Conover, Practical Nonparametric Statistics, 3.2); null of fewer than six. */
  low: number | null;
  high: number | null;
  /** The least value that nine of ten do not exceed. */
  p90: number | null;
}

const Z = 1.959964;
/** Below six values no pair of them holds the median with 95 %. */
const LEAST_FOR_INTERVAL = 6;

export function rateOf({ hits, of }: Share): Rate {
  if (of === 0) return { hits, of, percent: null, low: null, high: null };
  const { rate, low, high } = wilson({ hits, of });
  const percent = (share: number) => Math.round(share * 1000) / 10;
  return { hits, of, percent: percent(rate), low: percent(low), high: percent(high) };
}

export function quantilesOf(histogram: Histogram): Quantiles {
  const sorted = [...histogram].sort(([a], [b]) => a - b);
  const n = sorted.reduce((sum, [, count]) => sum + count, 0);
  if (n === 0) return { n, median: null, low: null, high: null, p90: null };
  const at = (rank: number) => {
    let upto = 0;
    for (const [value, count] of sorted) {
      upto += count;
      if (upto >= rank) return value;
    }
    return null;
  };
  const half = Z * Math.sqrt(n / 4);
  const has = n >= LEAST_FOR_INTERVAL;
  return {
    n,
    median: at(Math.ceil(n / 2)),
    low: has ? at(Math.max(1, Math.ceil(n / 2 - half))) : null,
    high: has ? at(Math.min(n, Math.ceil(n / 2 + half))) : null,
    p90: at(Math.ceil((n * 9) / 10)),
  };
}

/**
 * The chance of two samples of values that differ so in rank, if nothing but chance tells them apart: Mann and Whitney (1947) with the correction for
 * ties, by the normal approximation; null below ten values on a side, where that is too rough.
 */
export function rankSum(one: Histogram, other: Histogram): number | null {
  const counts = new Map<number, [number, number]>();
  for (const [side, histogram] of [one, other].entries())
    for (const [value, n] of histogram) {
      const pair = counts.get(value) ?? [0, 0];
      pair[side as 0 | 1] += n;
      counts.set(value, pair);
    }
  const [a, b] = [one, other].map((histogram) => histogram.reduce((sum, [, n]) => sum + n, 0)) as [number, number];
  if (Math.min(a, b) < 10) return null;
  const all = a + b;
  let below = 0;
  let ranks = 0;
  let ties = 0;
  for (const [, [mine, theirs]] of [...counts].sort(([x], [y]) => x - y)) {
    const here = mine + theirs;
    ranks += mine * (below + (here + 1) / 2);
    ties += here * (here * here - 1);
    below += here;
  }
  const variance = ((a * b) / 12) * (all + 1 - ties / (all * (all - 1)));
  return variance <= 0 ? 1 : chiSquareTail((ranks - (a * (all + 1)) / 2) ** 2 / variance);
}

/** The exact chance of two counts that differ so, each of a number of days, if they come at one rate: the binomial test of one given both. */
export function countsDiffer(one: { n: number; days: number }, other: { n: number; days: number }): number {
  const n = one.n + other.n;
  const share = one.days / (one.days + other.days);
  return Math.min(1, 2 * Math.min(atLeast(n, share, one.n), atLeast(n, 1 - share, other.n)));
}

/** Records looked at twice: `both` times so, only the second time (`joined`), only the first (`left`). */
export interface Paired {
  n: number;
  both: number;
  joined: number;
  left: number;
}

/**
 * The exact chance of as many that joined and left, if either is as likely: McNemar's test (Psychometrika 12, 1947) by the binomial distribution of the
 * records that changed. Those that stayed as they were say nothing of it.
 */
export function pairedChance({ joined, left }: Pick<Paired, 'joined' | 'left'>): number {
  return countsDiffer({ n: joined, days: 1 }, { n: left, days: 1 });
}

/**
 * The difference of two shares of the same records with its 95 % interval, in points to a hundredth: Newcombe's hybrid score method for paired
 * proportions (Statistics in Medicine 17, 1998, 2635-2650, method 10); null of nothing.
 */
export function pairedDifference({ n, both, joined, left }: Paired): Interval | null {
  if (n === 0) return null;
  const neither = n - both - joined - left;
  const [now, before] = [wilson({ hits: both + joined, of: n }), wilson({ hits: both + left, of: n })];
  const product = (both + joined) * (left + neither) * (both + left) * (joined + neither);
  const crossed = both * neither - joined * left;
  const shrunk = crossed > 0 ? Math.max(crossed - n / 2, 0) : crossed;
  const phi = product === 0 ? 0 : shrunk / Math.sqrt(product);
  const spread = (a: number, b: number) => Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b));
  const between = (joined - left) / n;
  const points = (share: number) => Math.round(share * 10_000) / 100 + 0;
  return {
    points: points(between),
    low: points(between - spread(now.rate - now.low, before.high - before.rate)),
    high: points(between + spread(now.high - now.rate, before.rate - before.low)),
  };
}

/** The chance of `found` hits or more of `n`, each with a chance of `p`; terms are made one from the other, from the likeliest outwards. */
function atLeast(n: number, p: number, found: number): number {
  if (found <= 0) return 1;
  const likeliest = Math.min(n, Math.floor((n + 1) * p));
  const odds = p / (1 - p);
  let tail = likeliest >= found ? 1 : 0;
  let total = 1;
  for (let k = likeliest + 1, term = 1; k <= n && term > 1e-300; k += 1) {
    term *= ((n - k + 1) / k) * odds;
    total += term;
    if (k >= found) tail += term;
  }
  for (let k = likeliest, term = 1; k > 0 && term > 1e-300; k -= 1) {
    term *= k / (n - k + 1) / odds;
    total += term;
    if (k > found) tail += term;
  }
  return Math.min(1, tail / total);
}
