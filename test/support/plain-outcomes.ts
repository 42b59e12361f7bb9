/** The textbook's way to each figure, slow and without a trick, to hold the fast ways against. */

/** Every pair of one that won and one that lost. */
export function plainAuc(scores: readonly number[], won: readonly number[]): number | null {
  let [better, pairs] = [0, 0];
  for (const [i, one] of scores.entries())
    for (const [j, other] of scores.entries()) {
      if (won[i] !== 1 || won[j] !== 0) continue;
      pairs += 1;
      better += one > other ? 1 : one === other ? 0.5 : 0;
    }
  return pairs === 0 ? null : better / pairs;
}

/** Cuts of a numeric column as the protocol words them. */
export function plainCuts(values: readonly number[]): number[] {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const m = sorted.length;
  const cuts = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((k) => sorted[Math.ceil((m * k) / 10) - 1] ?? Number.NaN);
  const unique = [...new Set(cuts)];
  if (unique.at(-1) === sorted.at(-1)) unique.pop();
  return unique;
}

/** Slope of the penalised loss at a fit: the intercept's first. */
export function plainSlope(columns: readonly (readonly number[])[], won: readonly number[], beta: readonly number[]): number[] {
  const slope = beta.map((value, j) => (j === 0 ? 0 : value));
  for (const [row, outcome] of won.entries()) {
    const sum = beta.reduce((all, value, j) => all + value * (j === 0 ? 1 : (columns[j - 1]?.[row] ?? 0)), 0);
    const off = 1 / (1 + Math.exp(-sum)) - outcome;
    for (const j of beta.keys()) slope[j] = (slope[j] ?? 0) + off * (j === 0 ? 1 : (columns[j - 1]?.[row] ?? 0));
  }
  return slope;
}

/** Downhill in many small steps, each cut off at the bounds. */
export function plainLogistic(columns: readonly (readonly number[])[], won: readonly number[], isBounded: boolean): number[] {
  let beta = [0, ...columns.map(() => 0)];
  for (let step = 0; step < 20_000; step += 1) {
    const slope = plainSlope(columns, won, beta);
    beta = beta.map((value, j) => {
      const next = value - (2 / (won.length + 2)) * (slope[j] ?? 0);
      return isBounded && j > 0 ? Math.max(0, next) : next;
    });
  }
  return beta;
}
