/** How many records have each score. */
export type Scores = ReadonlyMap<number, number>;

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
