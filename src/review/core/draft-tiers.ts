import type { SubjectKind } from '../../definitions/core/rubric.ts';
import type { RefreshDraft } from './refresh.ts';
import { tierAt } from './tiers.ts';

/** How many records have each score. */
export type Scores = ReadonlyMap<number, number>;

/** So many records of a kind with one score under the rubric in force, and one under the draft; null where it disqualifies them. */
export interface ScorePair {
  of: SubjectKind;
  before: number | null;
  after: number | null;
  n: number;
}

export interface Tiers {
  A: number;
  B: number;
}

/** Points that a threshold may move in a quarter. */
const MOST_MOVE = 5;

/**
 * Thresholds under which the draft gives about as many records of A, and of A and B, as the rubric in force: both teams have the hands for so
 * many. Of equally good ones the nearest to today's, then the higher.
 */
export function movedTiers(current: Scores, draft: Scores, tiers: Tiers, max: number): Tiers {
  const nearest = (threshold: number, low: number, high: number) => {
    const wanted = atLeast(current, threshold);
    let best = threshold;
    let least = Number.POSITIVE_INFINITY;
    for (let candidate = Math.min(high, threshold + MOST_MOVE); candidate >= Math.max(low, threshold - MOST_MOVE); candidate -= 1) {
      const off = Math.abs(atLeast(draft, candidate) - wanted);
      const isNearer = Math.abs(candidate - threshold) < Math.abs(best - threshold);
      if (off > least || (off === least && !isNearer)) continue;
      best = candidate;
      least = off;
    }
    return best;
  };
  const A = nearest(tiers.A, 2, max);
  return { A, B: Math.min(nearest(tiers.B, 1, max), A - 1) };
}

function atLeast(scores: Scores, threshold: number): number {
  let n = 0;
  for (const [score, records] of scores) if (score >= threshold) n += records;
  return n;
}

/** Records by their score under one of the two; disqualified ones are left out. */
export function scoresOf(pairs: readonly ScorePair[], side: 'before' | 'after'): Scores {
  const scores = new Map<number, number>();
  for (const { n, [side]: score } of pairs) if (score !== null) scores.set(score, (scores.get(score) ?? 0) + n);
  return scores;
}

/** How many records of each kind go from one tier to another: accounts first, in the order of the tiers' names. */
export function tierMoves(pairs: readonly ScorePair[], tiers: { before: Tiers; after: Tiers }): RefreshDraft['effect'] {
  const tierOf = (score: number | null, by: Tiers) => (score === null ? 'disqualified' : tierAt(score, by));
  const moves = new Map<string, RefreshDraft['effect'][number]>();
  for (const { of, before, after, n } of pairs) {
    const [from, to] = [tierOf(before, tiers.before), tierOf(after, tiers.after)];
    if (from === to) continue;
    const key = `${of} ${from} ${to}`;
    moves.set(key, { of, from, to, n: n + (moves.get(key)?.n ?? 0) });
  }
  return [...moves].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, move]) => move);
}
