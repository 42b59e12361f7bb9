const DIGITS = 6;

/**
 * A value with every number in it to six digits, so that a last bit that some machine rounds otherwise is not seen.
 * @throws RangeError for a number that is not finite.
 */
export function tidy<T>(value: T): T {
  return tidied(value) as T;
}

function tidied(value: unknown): unknown {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`a figure is ${value}`);
    return Number.isInteger(value) ? value + 0 : Number(value.toPrecision(DIGITS));
  }
  if (Array.isArray(value)) return value.map(tidied);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, tidied(member)]));
}
