/** What every rubric's best deal scores. */
export const FULL = 100;

/** What each bin adds to the logarithm of the odds beyond the field's lowest: coefficient · (weight − least weight). */
export function worths(coefficient: number, woe: Float64Array): Float64Array {
  const worth = woe.map((weight) => coefficient * weight);
  const least = worth.reduce((lowest, value) => Math.min(lowest, value), Number.POSITIVE_INFINITY);
  return worth.map((value) => value - least);
}

/**
 * Each field's worths scaled so that the highest of all fields sum to `full`, then rounded half up. The highest need not sum to `full` any more.
 * @returns all 0 where no field has a worth.
 */
export function roundedPoints(fields: readonly Float64Array[], full = FULL): Int32Array[] {
  const scale = full / sumOfHighest(fields);
  return fields.map((worth) => Int32Array.from(worth, (value) => (Number.isFinite(scale) ? Math.floor(value * scale + 0.5) : 0)));
}

/** `total` in whole parts as the weights have it, by largest remainder, ties to the first. */
export function apportioned(weights: readonly number[], total: number): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (!(sum > 0)) return weights.map(() => 0);
  const exact = weights.map((weight) => (weight / sum) * total);
  const parts = exact.map((part) => Math.floor(part));
  const left = total - parts.reduce((all, part) => all + part, 0);
  const remainderOf = (at: number) => (exact[at] as number) - (parts[at] as number);
  const byRemainder = [...exact.keys()].sort((a, b) => remainderOf(b) - remainderOf(a) || a - b);
  for (const at of byRemainder.slice(0, left)) parts[at] = (parts[at] as number) + 1;
  return parts;
}

/**
 * Points a quarter may go: each level moves towards its target by no more than `most`, so that a rubric that people know does not turn over at once.
 * Both lists are of the same levels.
 */
export function boundedChange(current: readonly number[], target: readonly number[], most: number): number[] {
  return current.map((points, level) => points + Math.max(-most, Math.min(most, (target[level] as number) - points)));
}

export const highest = (values: ArrayLike<number>) => {
  let most = 0;
  for (let i = 0; i < values.length; i += 1) most = Math.max(most, values[i] as number);
  return most;
};

export const sumOfHighest = (fields: readonly ArrayLike<number>[]) => fields.reduce((sum, values) => sum + highest(values), 0);
