/**
 * The chances of many tests after the correction of Benjamini and Hochberg (1995), in their order: of those at or below a level, no more than that
 * share is wrong on average.
 */
export function corrected(chances: readonly number[]): number[] {
  const ranked = chances.map((p, at) => ({ p, at })).sort((a, b) => b.p - a.p);
  const result = new Array<number>(chances.length).fill(1);
  let least = 1;
  for (const [i, { p, at }] of ranked.entries()) {
    least = Math.min(least, (p * chances.length) / (chances.length - i));
    result[at] = least;
  }
  return result;
}
