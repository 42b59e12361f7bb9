import { chanceFrom } from '../../kernel/chance.ts';
import type { FourCells } from './chi-square.ts';
import { binomial, multinomial } from './draws.ts';

/** A level's effect must keep its sign in this share of resamples to be proposed. */
export const STABLE = 0.9;
const RESAMPLES = 1000;

/**
 * The share of bootstrap resamples in which a level wins more, or less, than the rest, as it does in the data: 0 to 1. Rows that share level and
 * outcome are alike, so a resample of rows is a multinomial draw of four counts; no row is copied. 0 where there is no difference to keep.
 * @param seed from `seedOf`.
 */
export function signStability({ won, lost, othersWon, othersLost }: FourCells, seed: number): number {
  const sign = Math.sign(won * othersLost - lost * othersWon);
  if (sign === 0) return 0;
  const cells = [won, lost, othersWon, othersLost];
  const [random, drawn] = [chanceFrom(seed), new Float64Array(4)];
  const n = won + lost + othersWon + othersLost;
  let kept = 0;
  for (let round = 0; round < RESAMPLES; round++) {
    multinomial(n, cells, random, drawn);
    const [a = 0, b = 0, c = 0, d = 0] = drawn;
    if (Math.sign(a * d - b * c) === sign) kept += 1;
  }
  return kept / RESAMPLES;
}

const HALVINGS = 400;

/**
 * The share of random halvings of the rows in which the weights of evidence that one half gives a field tell won from lost in the other half: about
 * ½ for a field that says nothing, however many bins it has, and near 1 for one that does. 0 to 1; null of a field with one bin.
 * @param won wins by bin. @param lost losses by bin.
 */
export function halvesAgree(won: ArrayLike<number>, lost: ArrayLike<number>, seed: number): number | null {
  const random = chanceFrom(seed);
  const bins = won.length;
  if (bins < 2) return null;
  const [wonOnce, lostOnce] = [new Float64Array(bins), new Float64Array(bins)];
  let kept = 0;
  for (let round = 0; round < HALVINGS; round++) {
    let [w, l, restW, restL] = [0, 0, 0, 0];
    for (let bin = 0; bin < bins; bin++) {
      const [here, there] = [binomial(won[bin] ?? 0, 0.5, random), binomial(lost[bin] ?? 0, 0.5, random)];
      wonOnce[bin] = here;
      lostOnce[bin] = there;
      w += here;
      l += there;
      restW += (won[bin] ?? 0) - here;
      restL += (lost[bin] ?? 0) - there;
    }
    if (restW === 0 || restL === 0) continue;
    let told = 0;
    for (let bin = 0; bin < bins; bin++) {
      const [here, there] = [wonOnce[bin] ?? 0, lostOnce[bin] ?? 0];
      const weight = Math.log((here + 0.5) / (w + 0.5 * bins)) - Math.log((there + 0.5) / (l + 0.5 * bins));
      told += weight * (((won[bin] ?? 0) - here) / restW - ((lost[bin] ?? 0) - there) / restL);
    }
    if (told > 0) kept += 1;
  }
  return kept / HALVINGS;
}
