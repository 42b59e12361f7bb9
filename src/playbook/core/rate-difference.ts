import { chiSquareTail } from '../../kernel/chi-square-tail.ts';

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
/** Beyond it a chance is nothing to a computer either. */
const FURTHEST = 40;

/**
 * The difference of two shares with its 95 % interval, by Newcombe's hybrid score method (Statistics in Medicine 17, 1998, method 10), which puts
 * the two Wilson intervals together; null without anything on a side.
 */
export function rateDifference(one: Share, other: Share): Interval | null {
  if (one.of === 0 || other.of === 0) return null;
  const { between, low, high } = newcombe(one, other, Z);
  const points = (share: number) => Math.round(share * 1000) / 10 + 0;
  return { points: points(between), low: points(low), high: points(high) };
}

/**
 * The chance of a difference so far from `margin` on either side if that were the true one: that of the widest such interval which leaves it out.
 * Either share is of something.
 */
export function chanceOf(one: Share, other: Share, margin: number): number {
  const leavesOut = (z: number) => {
    const { low, high } = newcombe(one, other, z);
    return margin < low || margin > high;
  };
  let [outside, inside] = [0, FURTHEST];
  if (!leavesOut(outside)) return 1;
  for (let i = 0; i < 60; i += 1) {
    const z = (outside + inside) / 2;
    if (leavesOut(z)) outside = z;
    else inside = z;
  }
  return chiSquareTail(outside ** 2);
}

/** With bounds `z` standard deviations away, as shares. */
function newcombe(one: Share, other: Share, z: number): { between: number; low: number; high: number } {
  const [a, b] = [wilson(one, z), wilson(other, z)];
  const between = a.rate - b.rate;
  return {
    between,
    low: between - Math.hypot(a.rate - a.low, b.high - b.rate),
    high: between + Math.hypot(a.high - a.rate, b.rate - b.low),
  };
}

/** Wilson's score interval of a share, 95 % unless told otherwise; `of` is above 0. */
export function wilson({ of: n, hits }: Share, z = Z): { rate: number; low: number; high: number } {
  const rate = hits / n;
  const middle = (rate + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((rate * (1 - rate)) / n + z ** 2 / (4 * n ** 2));
  return { rate, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
