import type { Comparison } from './comparison.ts';
import type { Fitted } from './estimate.ts';
import type { LevelWeight } from './model.ts';

/** No single comparison weighs more than this, so that none decides alone against all others. */
const MOST_BITS = 16;
const LEAST_BITS = -12;

/** Weighs the evidence of pairs of records of one table. */
export class PairScorer {
  readonly comparisons: readonly Comparison[];
  readonly weights: readonly (readonly LevelWeight[])[];
  /** By comparison, ten entries each: bits by level. */
  readonly #bits: Float64Array;
  /** By comparison and level: log2 of m where rarity decides, NaN elsewhere. */
  readonly #rare: Float64Array;

  constructor(comparisons: readonly Comparison[], fitted: Fitted) {
    this.comparisons = comparisons;
    this.weights = fitted.weights;
    this.#bits = new Float64Array(comparisons.length * 10);
    this.#rare = new Float64Array(comparisons.length * 10).fill(Number.NaN);
    for (const [c, levels] of fitted.weights.entries()) {
      for (const [l, weight] of levels.entries()) {
        this.#bits[c * 10 + l + 1] = weight.isTold === true ? 0 : clamp(Math.log2(weight.m / weight.u));
        if (weight.byRarity === true) this.#rare[c * 10 + l + 1] = Math.log2(weight.m);
      }
    }
  }

  /** Bits of evidence for a match: what all comparisons add up to, without the prior. */
  evidence(a: number, b: number): number {
    let sum = 0;
    for (let c = 0; c < this.comparisons.length; c += 1) {
      const comparison = this.comparisons[c] as Comparison;
      const level = comparison.level(a, b);
      if (level === 0) continue;
      sum += this.#bitsAt(c, comparison, level, a, b);
    }
    return sum;
  }

  /** Bits of one comparison at a level that it has. */
  bitsOf(c: number, level: number, a: number, b: number): number {
    return level === 0 ? 0 : this.#bitsAt(c, this.comparisons[c] as Comparison, level, a, b);
  }

  #bitsAt(c: number, comparison: Comparison, level: number, a: number, b: number): number {
    const at = c * 10 + level;
    const rare = this.#rare[at] as number;
    if (rare !== rare) return this.#bits[at] as number;
    const share = comparison.rarity(level, a, b);
    return share <= 0 ? (this.#bits[at] as number) : clamp(rare - Math.log2(share));
  }
}

function clamp(bits: number): number {
  return Math.max(LEAST_BITS, Math.min(MOST_BITS, bits));
}

export function probabilityOf(bits: number): number {
  return 1 / (1 + 2 ** -bits);
}
