/** So many of a number. */
export interface Share {
  of: number;
  hits: number;
}

/** In percentage points, to a tenth. */
export interface Interval {
  points: number;
  low: number;
  high: number;
}

/** Of a normal distribution: 95 % lies within so many standard deviations. */
const Z = 1.959964;

/**
 * The difference of two shares with its 95 % interval, by Newcombe's hybrid score method (Statistics in Medicine 17, 1998, method 10), which puts
 * the two Wilson intervals together; null without anything on a side.
 */
export function rateDifference(one: Share, other: Share): Interval | null {
  if (one.of === 0 || other.of === 0) return null;
  const [a, b] = [wilson(one), wilson(other)];
  const between = a.rate - b.rate;
  const points = (share: number) => Math.round(share * 1000) / 10 + 0;
  return {
    points: points(between),
    low: points(between - Math.hypot(a.rate - a.low, b.high - b.rate)),
    high: points(between + Math.hypot(a.high - a.rate, b.rate - b.low)),
  };
}

/** Wilson's score interval of a share, 95 %; `of` is above 0. */
export function wilson({ of: n, hits }: Share): { rate: number; low: number; high: number } {
  const rate = hits / n;
  const middle = (rate + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
  const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((rate * (1 - rate)) / n + Z ** 2 / (4 * n ** 2));
  return { rate, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
