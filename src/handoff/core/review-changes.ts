import { corrected } from '../../kernel/false-discovery.ts';
import { upperTail } from '../../kernel/fisher.ts';
import { type Interval, rateDifference, type Share } from '../../playbook/core/rate-difference.ts';
import { LEVEL } from './segment-tests.ts';

/** A share of this period and of the one before. */
export interface SharePair {
  what: string;
  before: Share;
  after: Share;
}

export interface Change extends SharePair {
  /** In percentage points, with its 95 % interval by itself. */
  difference: Interval;
  q: number;
}

/**
 * The shares that changed by more than noise, largest change first: by Fisher's exact test of both sides, corrected for all that was compared.
 */
export function moreThanNoise(pairs: readonly SharePair[]): Change[] {
  const counted = pairs.filter(({ before, after }) => before.of > 0 && after.of > 0);
  const qs = corrected(counted.map(({ before, after }) => bothSides(before, after)));
  return counted
    .flatMap((pair, i): Change[] => {
      const difference = rateDifference(pair.after, pair.before);
      const q = qs[i] ?? 1;
      return difference !== null && q <= LEVEL ? [{ ...pair, difference, q }] : [];
    })
    .sort((a, b) => Math.abs(b.difference.points) - Math.abs(a.difference.points));
}

/** Fisher's exact test of both sides that two shares are one: twice the smaller of the two tails. */
export function bothSides(one: Share, other: Share): number {
  const [all, marked] = [one.of + other.of, one.hits + other.hits];
  const more = upperTail({ all, marked, drawn: one.of }, one.hits);
  const fewer = upperTail({ all, marked: all - marked, drawn: one.of }, one.of - one.hits);
  return Math.min(1, 2 * Math.min(more, fewer));
}
