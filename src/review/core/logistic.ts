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

function curvature(columns: readonly Float64Array[], weight: Float64Array): Float64Array {
  const size = columns.length + 1;
  const hessian = new Float64Array(size * size);
  hessian[0] = sumOf(weight);
  const weighted = new Float64Array(weight.length);
  for (const [at, column] of columns.entries()) {
    const j = at + 1;
    let first = 0;
    for (let row = 0; row < weight.length; row += 1) {
      const both = (weight[row] as number) * (column[row] as number);
      weighted[row] = both;
      first += both;
    }
    hessian[j * size] = first;
    hessian[j] = first;
    for (let other = 0; other <= at; other += 1) {
      const product = dotOf(weighted, columns[other] as Float64Array) + (other === at ? 1 : 0);
      hessian[j * size + other + 1] = product;
      hessian[(other + 1) * size + j] = product;
    }
  }
  return hessian;
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
