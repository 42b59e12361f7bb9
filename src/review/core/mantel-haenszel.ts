import type { Estimate } from './analysis.ts';
import type { FourCells } from './chi-square.ts';

const Z = 1.959964;

/**
 * The odds ratio common to all strata (Mantel and Haenszel, Journal of the National Cancer Institute 22, 1959) with the 95 % interval of Robins,
 * Breslow and Greenland (Biometrics 42, 1986), which holds for many thin strata as for few thick ones. One stratum gives the crude ratio.
 * @returns null where the ratio is 0 or infinite, or nothing can be compared.
 */
export function commonOddsRatio(strata: readonly FourCells[]): Estimate | null {
  let [r, s, pr, mixed, qs] = [0, 0, 0, 0, 0];
  for (const { won, lost, othersWon, othersLost } of strata) {
    const n = won + lost + othersWon + othersLost;
    if (n === 0) continue;
    const [same, cross] = [(won * othersLost) / n, (lost * othersWon) / n];
    const [p, q] = [(won + othersLost) / n, (lost + othersWon) / n];
    r += same;
    s += cross;
    pr += p * same;
    mixed += p * cross + q * same;
    qs += q * cross;
  }
  if (r === 0 || s === 0) return null;
  const log = Math.log(r / s);
  const half = Z * Math.sqrt(pr / (2 * r * r) + mixed / (2 * r * s) + qs / (2 * s * s));
  return { value: r / s, low: Math.exp(log - half), high: Math.exp(log + half) };
}
