import type { Texts } from './texts.ts';

/** Levels of pairs of values compared before, in a table of fixed size: a newer pair takes an older one's place. */
export class PairCache {
  readonly #keys: Float64Array;
  readonly #levels: Uint8Array;
  readonly #mask: number;
  readonly #values: Texts;
  readonly #compare: (a: number, b: number) => number;

  /**
   * @param values texts by code
   * @param compare level of two codes; it is always given the code of the lesser text first, so that a pair has one level
   */
  constructor(values: Texts, compare: (a: number, b: number) => number, most = 16) {
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
    const level =
      (this.#values.at(low) as string) < (this.#values.at(high) as string) ? this.#compare(low, high) : this.#compare(high, low);
    this.#keys[at] = key;
    this.#levels[at] = level;
    return level;
  }
}
