import { sumOf } from './counts.ts';

/** Half a count is added to each cell, so that an empty one has a weight. */
const HALF = 0.5;

/**
 * Weight of evidence of each bin: ln(((w + ½) / (W + ½k)) / ((l + ½) / (L + ½k))) of k bins with w wins and l losses of W and L in all; above 0
 * where wins are more frequent than losses. Siddiqi (Credit Risk Scorecards, 2006), smoothed as Agresti advises for sparse tables.
 */
export function weightsOfEvidence(n: Int32Array, won: Int32Array, half = HALF): Float64Array {
  const wins = sumOf(won) + half * n.length;
  const losses = sumOf(n) - sumOf(won) + half * n.length;
  return Float64Array.from(n, (rows, bin) => {
    const w = won[bin] as number;
    return Math.log((w + half) / wins / ((rows - w + half) / losses));
  });
}

/**
 * Σ (share of wins − share of losses) · weight: how far apart a field holds the two. Under .02 it says nothing, from .3 much, above 2 too much to
 * be known before the close. With `half` 0 the raw value; null where that is infinite.
 */
export function informationValue(n: Int32Array, won: Int32Array, half = HALF): number | null {
  const wins = sumOf(won) + half * n.length;
  const losses = sumOf(n) - sumOf(won) + half * n.length;
  let value = 0;
  for (const [bin, weight] of weightsOfEvidence(n, won, half).entries()) {
    const [w, l] = [won[bin] as number, (n[bin] as number) - (won[bin] as number)];
    if (w + l + half > 0) value += ((w + half) / wins - (l + half) / losses) * weight;
  }
  return Number.isFinite(value) ? value : null;
}
