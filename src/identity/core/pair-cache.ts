import type { Texts } from './texts.ts';

/** Level of two texts, whose codes are a and b. */
export type PairComparison = (left: string, right: string, a: number, b: number) => number;

/** Levels of pairs of values compared before, in a table of fixed size: a newer pair takes an older one's place. */
export class PairCache {
  readonly #keys: Float64Array;
  readonly #levels: Uint8Array;
  readonly #mask: number;
  readonly #values: Texts;
  readonly #compare: PairComparison;

  /**
   * @param values texts by code
   * @param compare it is always given the lesser text first, so that a pair has one level
   */
  constructor(values: Texts, compare: PairComparison, most = 16) {
    // a few values have few pairs
    const bits = Math.min(most, 2 * Math.ceil(Math.log2(values.length + 2)));
    this.#keys = new Float64Array(1 << bits).fill(-1);
    this.#levels = new Uint8Array(1 << bits);
    this.#mask = (1 << bits) - 1;
    this.#values = values;
    this.#compare = compare;
  }

  level(a: number, b: number): number {
    const [low, high] = a < b ? [a, b] : [b, a];
    const key = low * 4_294_967_296 + high;
    const at = ((Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)) >>> 9) & this.#mask;
    if (this.#keys[at] === key) return this.#levels[at] as number;
    const [left, right] = [this.#values.at(low) as string, this.#values.at(high) as string];
    const level = left < right ? this.#compare(left, right, low, high) : this.#compare(right, left, high, low);
    this.#keys[at] = key;
    this.#levels[at] = level;
    return level;
  }
}
