/** What the best deal of a rubric scores. */
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

/** A change of points that a quarter may bring: no more than `most` either way, so that a rubric that people know does not turn over at once. */
export const bounded = (change: number, most: number) => Math.max(-most, Math.min(most, change));

/** The score of a sum of points, which ends at 0 and at `FULL`. */
export const scoreOf = (sum: number) => Math.max(0, Math.min(FULL, sum));

/** 0 of none. */
export const highest = (values: ArrayLike<number>) => {
  let most = values.length === 0 ? 0 : Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i += 1) most = Math.max(most, values[i] as number);
  return most;
};

/** 0 of none. */
export const lowest = (values: ArrayLike<number>) => {
  let least = values.length === 0 ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i += 1) least = Math.min(least, values[i] as number);
  return least;
};

/** From the worst to the best that a deal could have in all fields: `FULL`, or more where points are spread over what deals have. */
export const spanOf = (fields: readonly { least: number; most: number }[]) =>
  fields.reduce((sum, { least, most }) => sum + most - least, 0);

export const sumOfHighest = (fields: readonly ArrayLike<number>[]) => fields.reduce((sum, values) => sum + highest(values), 0);
