import { TIERS } from '../../definitions/core/common.ts';
import { wilson } from '../../playbook/core/rate-difference.ts';
import type { TierResult } from './analysis.ts';

export type Tier = (typeof TIERS)[number];

/** Shares of the rows, of 1. */
interface Capacity {
  A: number;
  B: number;
}

/** Where no rubric says how many deals a tier holds. */
export const USUAL_CAPACITY: Capacity = { A: 0.2, B: 0.3 };

export function tierAt(points: number, tiers: { A: number; B: number }): Tier {
  return points >= tiers.A ? 'A' : points >= tiers.B ? 'B' : 'C';
}

/**
 * The lowest scores of tiers A and B at which as many rows are in them as can be worked: of all scores, those whose share of rows at or above comes
 * nearest to what is wanted, the higher score of two as near. Where every row has one score, all are in one tier.
 */
export function tiersByCapacity(points: Float64Array, { A, B }: Capacity): { A: number; B: number } {
  const sorted = points.toSorted().reverse();
  const highest = (sorted[0] ?? 0) + 1;
  const lowestFor = (share: number) => {
    let best = { score: highest, off: share };
    for (let i = 0; i < sorted.length; i += 1) {
      if (i + 1 < sorted.length && sorted[i + 1] === sorted[i]) continue;
      const off = Math.abs((i + 1) / sorted.length - share);
      if (off < best.off) best = { score: sorted[i] as number, off };
    }
    return best.score;
  };
  const a = lowestFor(A);
  return { A: a, B: Math.min(a, lowestFor(A + B)) };
}

/** Shares of rows in tiers A and B. */
export function capacityOf(points: Float64Array, tiers: { A: number; B: number }): Capacity {
  const share = (tier: Tier) => points.reduce((sum, score) => sum + (tierAt(score, tiers) === tier ? 1 : 0), 0) / points.length;
  return { A: share('A'), B: share('B') };
}

/** Win rate and lift of each tier; null where a tier has no rows, and no lift where nothing was won. */
export function tierResults(
  rubric: TierResult['rubric'],
  points: Float64Array,
  tiers: { A: number; B: number },
  won: Uint8Array,
): TierResult[] {
  const counts = { A: { n: 0, won: 0 }, B: { n: 0, won: 0 }, C: { n: 0, won: 0 } };
  for (const [row, score] of points.entries()) {
    const count = counts[tierAt(score, tiers)];
    count.n += 1;
    count.won += won[row] as number;
  }
  const wins = counts.A.won + counts.B.won + counts.C.won;
  return TIERS.map((tier) => {
    const { n, won: hits } = counts[tier];
    if (n === 0) return { rubric, tier, n, won: hits, rate: null, low: null, high: null, lift: null };
    return { rubric, tier, n, won: hits, ...wilson({ of: n, hits }), lift: wins === 0 ? null : hits / n / (wins / points.length) };
  });
}

/** How many rows go from each tier to each, and how many of them were won. */
export function migration(from: readonly Tier[], to: readonly Tier[], won: Uint8Array): { from: Tier; to: Tier; n: number; won: number }[] {
  const moves = TIERS.flatMap((one) => TIERS.map((other) => ({ from: one, to: other, n: 0, won: 0 })));
  for (const [row, tier] of from.entries()) {
    const move = moves[TIERS.indexOf(tier) * TIERS.length + TIERS.indexOf(to[row] as Tier)];
    if (move === undefined) continue;
    move.n += 1;
    move.won += won[row] as number;
  }
  return moves;
}
