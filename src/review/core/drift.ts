import type { FieldDrift } from './analysis.ts';

/** The bounds that credit scoring uses by custom; the index has no scale of its own. */
const WATCH = 0.1;
const ACT = 0.25;

/**
 * Population stability index of a field between two parts of the rows: Σ (a − e) ln(a / e) over its bins, with half a row added to each, so that a
 * bin that is empty on one side stays finite.
 * @param before rows of each bin in the first part. @param after in the last part, the same bins.
 * @returns null where the parts are too small to tell: chance alone would give half of the bound from which the index is watched.
 */
export function driftOf(field: { name: string; label: string }, before: ArrayLike<number>, after: ArrayLike<number>): FieldDrift | null {
  const psi = stabilityIndex(before, after);
  if (psi === null || expectedByChance(before, after) >= WATCH / 2) return null;
  return { field: field.name, label: field.label, psi, verdict: psi >= ACT ? 'act' : psi >= WATCH ? 'watch' : 'steady' };
}

/** @returns null without a row on a side. */
export function stabilityIndex(before: ArrayLike<number>, after: ArrayLike<number>): number | null {
  const { first, last, used } = parts(before, after);
  if (first === 0 || last === 0) return null;
  let psi = 0;
  for (const at of used) {
    const expected = ((before[at] ?? 0) + 0.5) / (first + 0.5 * used.length);
    const actual = ((after[at] ?? 0) + 0.5) / (last + 0.5 * used.length);
    psi += (actual - expected) * Math.log(actual / expected);
  }
  return psi;
}

/** The index's mean when nothing has moved: its leading term, (bins − 1)(1 / n + 1 / m) (Yurdakul and Naranjo, Journal of Risk Model Validation 14, 2020). */
function expectedByChance(before: ArrayLike<number>, after: ArrayLike<number>): number {
  const { first, last, used } = parts(before, after);
  return Math.max(0, used.length - 1) * (1 / first + 1 / last);
}

function parts(before: ArrayLike<number>, after: ArrayLike<number>): { first: number; last: number; used: number[] } {
  let [first, last] = [0, 0];
  const used: number[] = [];
  for (let at = 0; at < before.length; at++) {
    const [e, a] = [before[at] ?? 0, after[at] ?? 0];
    first += e;
    last += a;
    if (e + a > 0) used.push(at);
  }
  return { first, last, used };
}
