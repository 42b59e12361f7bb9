/** Statistics as their books write them, with no thought of speed: what the product's own are held against. */

/** The chances of 0 to `n` hits of `n` at a chance of `p` each. */
export function binomialChances(n: number, p: number): number[] {
  const chances: number[] = [];
  for (let k = 0, log = n * Math.log(1 - p); k <= n; k++) {
    chances.push(Math.exp(log));
    log += Math.log((n - k) / (k + 1)) + Math.log(p / (1 - p));
  }
  return chances;
}

/** Of each pair of a winner and a loser: 1 where the winner ranks higher, ½ where they tie. */
const beats = (winner: number, loser: number) => (winner > loser ? 1 : winner === loser ? 0.5 : 0);

/**
 * The area under the curve of one score less that of another on the same rows, and its standard error by placements (DeLong, DeLong and
 * Clarke-Pearson, Biometrics 44, 1988).
 */
export function areaDifference(one: Float64Array, other: Float64Array, won: Uint8Array): { difference: number; error: number } {
  const [winners, losers] = [1, 0].map((outcome) => [...won.keys()].filter((row) => won[row] === outcome)) as [number[], number[]];
  const at = (scores: Float64Array, row: number) => scores[row] ?? 0;
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = (values: number[]) => values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1);
  const apart = (winner: number, loser: number) => beats(at(one, winner), at(one, loser)) - beats(at(other, winner), at(other, loser));
  const ofWinners = winners.map((winner) => mean(losers.map((loser) => apart(winner, loser))));
  const ofLosers = losers.map((loser) => mean(winners.map((winner) => apart(winner, loser))));
  return { difference: mean(ofWinners), error: Math.sqrt(variance(ofWinners) / winners.length + variance(ofLosers) / losers.length) };
}
