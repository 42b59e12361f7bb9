import { sumOf } from './counts.ts';
import { leastNonNegative, solveFree } from './nonnegative.ts';

interface LogisticFit {
  intercept: number;
  /** One a column. */
  coefficients: Float64Array;
  steps: number;
}

const MOST_STEPS = 100;
/** After a step of no more than this the curvature is as good as the same, and the costliest part of a step is saved. */
const NEAR = 0.02;
const CLOSE = 1e-10;

/** `free`: as in every textbook. `not_negative`: no coefficient below 0. */
export type Signs = 'free' | 'not_negative';

/**
 * Logistic regression with an L2 penalty of ½·β² (C = 1 in scikit-learn's terms) on the coefficients and none on the intercept. By Newton's
 * method: each step solves its quadratic model, within the bounds where there are any, and is halved while it does not lead down.
 * @param columns a value a row each. @param won 0 and 1, both at least once.
 */
export function fitLogistic(columns: readonly Float64Array[], won: Uint8Array, signs: Signs = 'not_negative'): LogisticFit {
  const wins = won.reduce((sum, value) => sum + value, 0);
  let beta: Float64Array = new Float64Array(columns.length + 1);
  beta[0] = Math.log(wins / (won.length - wins));
  const all = new Uint8Array(beta.length).fill(1);
  let linear = linearOf(columns, beta, won.length);
  let loss = lossOf(linear, won, beta);
  let hessian: Float64Array | undefined;
  for (let step = 1; step <= MOST_STEPS; step += 1) {
    const { gradient, weight } = slopes(columns, linear, won, beta);
    hessian ??= curvature(columns, weight);
    const h = hessian;
    const target = Float64Array.from(beta, (_, j) => {
      let sum = -(gradient[j] as number);
      for (let m = 0; m < beta.length; m += 1) sum += (h[j * beta.length + m] as number) * (beta[m] as number);
      return sum;
    });
    const best = signs === 'free' ? solveFree(hessian, target, all) : leastNonNegative(hessian, target);
    const moved = best.reduce((most, value, j) => Math.max(most, Math.abs(value - (beta[j] as number))), 0);
    let [next, nextLinear] = [best, linearOf(columns, best, won.length)];
    let nextLoss = lossOf(nextLinear, won, next);
    for (let half = 0.5; nextLoss > loss + CLOSE * Math.abs(loss) && half > 1e-6; half /= 2) {
      next = beta.map((value, j) => value + half * ((best[j] as number) - value));
      nextLinear = linearOf(columns, next, won.length);
      nextLoss = lossOf(nextLinear, won, next);
    }
    if (moved > NEAR || next !== best) hessian = undefined;
    [beta, linear, loss] = [next, nextLinear, nextLoss];
    if (moved < CLOSE * 100 || step === MOST_STEPS) return { intercept: beta[0] as number, coefficients: beta.slice(1), steps: step };
  }
  throw new Error('unreachable');
}

/** The chance of a win at a sum of intercept and weights. */
export const chanceAt = (linear: number) => 1 / (1 + Math.exp(-linear));

function linearOf(columns: readonly Float64Array[], beta: Float64Array, rows: number): Float64Array {
  const linear = new Float64Array(rows).fill(beta[0] as number);
  for (const [j, column] of columns.entries()) {
    const weight = beta[j + 1] as number;
    if (weight !== 0) for (let row = 0; row < rows; row += 1) linear[row] = (linear[row] as number) + weight * (column[row] as number);
  }
  return linear;
}

function lossOf(linear: Float64Array, won: Uint8Array, beta: Float64Array): number {
  let loss = 0;
  for (let row = 0; row < linear.length; row += 1) {
    const z = linear[row] as number;
    loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - (won[row] as number) * z;
  }
  for (let j = 1; j < beta.length; j += 1) loss += (beta[j] as number) ** 2 / 2;
  return loss;
}

/** The gradient of the loss, and of each row the weight that it has in the curvature. */
function slopes(columns: readonly Float64Array[], linear: Float64Array, won: Uint8Array, beta: Float64Array) {
  const rows = linear.length;
  const gradient = new Float64Array(beta.length);
  const residual = new Float64Array(rows);
  const weight = new Float64Array(rows);
  let first = 0;
  for (let row = 0; row < rows; row += 1) {
    const chance = chanceAt(linear[row] as number);
    residual[row] = chance - (won[row] as number);
    weight[row] = chance * (1 - chance);
    first += residual[row] as number;
  }
  gradient[0] = first;
  for (const [at, column] of columns.entries()) gradient[at + 1] = dotOf(residual, column) + (beta[at + 1] as number);
  return { gradient, weight };
}

/** Rows that are read of two columns at a time, so few that they are still at hand when the next two come. */
const BLOCK = 512;

/** Products of columns go block by block into the four sums of `dotOf`, in its order, so that every digit is as it would give it. */
function curvature(columns: readonly Float64Array[], weight: Float64Array): Float64Array {
  const many = columns.length;
  const even = weight.length - (weight.length % 4);
  const firsts = new Float64Array(many);
  const weighted = new Float64Array(BLOCK);
  // the last of an odd number is read with itself: what comes of that is nobody's
  const sums = new Float64Array(4 * (many * many + 1));
  for (let from = 0; from < even; from += BLOCK) {
    const rows = Math.min(BLOCK, even - from);
    for (const [at, column] of columns.entries()) {
      let first = firsts[at] as number;
      for (let i = 0; i < rows; i += 1) {
        const both = (weight[from + i] as number) * (column[from + i] as number);
        weighted[i] = both;
        first += both;
      }
      firsts[at] = first;
      for (let other = 0; other <= at; other += 2) {
        const place = 4 * (at * many + other);
        addProducts(weighted, rows, columns[other] as Float64Array, columns[other + 1] ?? column, from, sums.subarray(place, place + 8));
      }
    }
  }
  const size = many + 1;
  const hessian = new Float64Array(size * size);
  hessian[0] = sumOf(weight);
  for (const [at, column] of columns.entries()) {
    const j = at + 1;
    let first = firsts[at] as number;
    for (let row = even; row < weight.length; row += 1) first += (weight[row] as number) * (column[row] as number);
    hessian[j * size] = first;
    hessian[j] = first;
    for (let other = 0; other <= at; other += 1) {
      const [place, second] = [4 * (at * many + other), columns[other] as Float64Array];
      let sum = sums[place] as number;
      for (let row = even; row < weight.length; row += 1)
        sum += (weight[row] as number) * (column[row] as number) * (second[row] as number);
      sum += sums[place + 1] as number;
      const product = sum + ((sums[place + 2] as number) + (sums[place + 3] as number)) + (other === at ? 1 : 0);
      hessian[j * size + other + 1] = product;
      hessian[(other + 1) * size + j] = product;
    }
  }
  return hessian;
}

/** Adds the products of a block with two columns to the four sums of each. */
function addProducts(weighted: Float64Array, rows: number, a: Float64Array, b: Float64Array, from: number, sums: Float64Array): void {
  let [a0, a1, a2, a3] = [sums[0] as number, sums[1] as number, sums[2] as number, sums[3] as number];
  let [b0, b1, b2, b3] = [sums[4] as number, sums[5] as number, sums[6] as number, sums[7] as number];
  for (let i = 0, row = from; i < rows; i += 4, row += 4) {
    const first = weighted[i] as number;
    const second = weighted[i + 1] as number;
    const third = weighted[i + 2] as number;
    const fourth = weighted[i + 3] as number;
    a0 += first * (a[row] as number);
    b0 += first * (b[row] as number);
    a1 += second * (a[row + 1] as number);
    b1 += second * (b[row + 1] as number);
    a2 += third * (a[row + 2] as number);
    b2 += third * (b[row + 2] as number);
    a3 += fourth * (a[row + 3] as number);
    b3 += fourth * (b[row + 3] as number);
  }
  [sums[0], sums[1], sums[2], sums[3]] = [a0, a1, a2, a3];
  [sums[4], sums[5], sums[6], sums[7]] = [b0, b1, b2, b3];
}

/** Four sums side by side, as one would wait for each of its additions. */
export function dotOf(a: Float64Array, b: Float64Array): number {
  const even = a.length - (a.length % 4);
  let [first, second, third, fourth] = [0, 0, 0, 0];
  for (let i = 0; i < even; i += 4) {
    first += (a[i] as number) * (b[i] as number);
    second += (a[i + 1] as number) * (b[i + 1] as number);
    third += (a[i + 2] as number) * (b[i + 2] as number);
    fourth += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (let i = even; i < a.length; i += 1) first += (a[i] as number) * (b[i] as number);
  return first + second + (third + fourth);
}
