/** Rows by how they are ranked: how many won and lost at each score, ascending. */
interface Ranked {
  won: ArrayLike<number>;
  lost: ArrayLike<number>;
}

/**
 * The chance that a row that won ranks above one that lost, ties counting half (the area under the ROC curve; Mann and Whitney 1947). Counted in
 * whole numbers, so exact up to the division; null without one of the two.
 */
export function aucOfRanked({ won, lost }: Ranked): number | null {
  let twice = 0;
  let below = 0;
  let wins = 0;
  for (let i = 0; i < won.length; i += 1) {
    twice += (won[i] as number) * (2 * below + (lost[i] as number));
    below += lost[i] as number;
    wins += won[i] as number;
  }
  return wins === 0 || below === 0 ? null : twice / (2 * wins * below);
}

/** The same of rows with a score each. */
export function auc(scores: Float64Array, won: Uint8Array): number | null {
  const winners = scores.filter((_, row) => won[row] === 1).sort();
  const losers = scores.filter((_, row) => won[row] !== 1).sort();
  let twice = 0;
  for (let i = 0, below = 0, upTo = 0; i < winners.length; i += 1) {
    const score = winners[i] as number;
    while (below < losers.length && (losers[below] as number) < score) below += 1;
    upTo = Math.max(upTo, below);
    while (upTo < losers.length && (losers[upTo] as number) <= score) upTo += 1;
    twice += below + upTo;
  }
  return winners.length === 0 || losers.length === 0 ? null : twice / (2 * winners.length * losers.length);
}
