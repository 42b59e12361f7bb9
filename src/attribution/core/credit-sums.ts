import { DECIMALS } from './decimal.ts';
import { lcm } from './integers.ts';
import { largestFirst } from './share-out.ts';

/** Digits of a figure that a double shows exactly. */
const DIGITS = 15;

/** Exact sums of fractions by channel, kept by denominator, so that nothing is rounded before it is shown. */
export class CreditSums {
  readonly #byWhole = new Map<number | bigint, Map<string, bigint>>();

  /** Adds `amount` × `part` / `whole`. */
  add(channel: string, amount: bigint, part: number | bigint, whole: number | bigint): void {
    const key = typeof whole === 'bigint' && whole <= Number.MAX_SAFE_INTEGER ? Number(whole) : whole;
    let sums = this.#byWhole.get(key);
    if (sums === undefined) {
      sums = new Map();
      this.#byWhole.set(key, sums);
    }
    sums.set(channel, (sums.get(channel) ?? 0n) + amount * BigInt(part));
  }

  /** Of each channel the numerator over one denominator for all. */
  shares(channels: readonly string[]): Shares {
    let whole = 1n;
    for (const key of this.#byWhole.keys()) whole = lcm(whole, BigInt(key));
    const parts = channels.map(() => 0n);
    for (const [key, sums] of this.#byWhole) {
      const times = whole / BigInt(key);
      for (const [i, channel] of channels.entries()) parts[i] = (parts[i] as bigint) + times * (sums.get(channel) ?? 0n);
    }
    return { parts, whole };
  }
}

/** Amounts in units of 10^-12, each parts[i] / whole; they sum to the total exactly. */
export interface Shares {
  parts: readonly bigint[];
  whole: bigint;
}

/** A total shared out by weights that are doubles, each taken to 2^-60 of their sum; all 0 where the weights sum to 0. */
export function sharesBy(weights: readonly number[], total: bigint): Shares {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (sum === 0) return { parts: weights.map(() => 0n), whole: 1n };
  const integers = weights.map((weight) => BigInt(Math.round((weight / sum) * 2 ** 60)));
  const whole = integers.reduce((all, weight) => all + weight, 0n);
  return { parts: integers.map((weight) => total * weight), whole };
}

/** The decimals to which figures that sum to `total` are exact as doubles: cents, as long as a double can tell them apart. */
export function decimalsOf(total: bigint): number {
  const size = (total < 0n ? -total : total) / 10n ** BigInt(DECIMALS);
  const least = size * 100n < BigInt(Number.MAX_SAFE_INTEGER) ? 2 : 0;
  return Math.max(least, Math.min(DECIMALS, DIGITS - (size === 0n ? 0 : size.toString().length)));
}

/**
 * Shares as figures of so many decimals that sum to their total, rounded to as many: rounded down, and what is left to the largest
 * remainders, among equals the first.
 */
export function rounded({ parts, whole }: Shares, decimals: number): number[] {
  const step = whole * 10n ** BigInt(DECIMALS - decimals);
  let total = 0n;
  for (const part of parts) total += part;
  let left = floorDiv(2n * total + step, 2n * step);
  const rests: bigint[] = [];
  const figures = parts.map((part) => {
    const figure = floorDiv(part, step);
    rests.push(part - figure * step);
    left -= figure;
    return figure;
  });
  for (const i of largestFirst(rests).slice(0, Number(left))) figures[i] = (figures[i] as bigint) + 1n;
  return figures.map((figure) => toFigure(figure, decimals));
}

/** Units of 10^-12 as a number. */
export const unitsToNumber = (units: bigint): number => toFigure(units, DECIMALS);

function toFigure(units: bigint, decimals: number): number {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const at = digits.length - decimals;
  return Number(`${units < 0n ? '-' : ''}${digits.slice(0, at)}.${digits.slice(at)}0`);
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
