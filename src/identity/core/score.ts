import type { Comparison } from './comparison.ts';
import type { LevelWeight } from './model.ts';

/** No single comparison weighs more than this, so that none decides alone against all others. */
const MOST_BITS = 16;
const LEAST_BITS = -12;
/** Phone, address and place are of one site: a house or an office has many in it. */
const MOST_SITE_BITS = 14;
/** Who moves has another of all three. */
const LEAST_SITE_BITS = -8;
const SITE: ReadonlySet<string> = new Set(['phone', 'address', 'place']);

/** Weighs the evidence of pairs of records of one table. */
export class PairScorer {
  readonly comparisons: readonly Comparison[];
  readonly weights: readonly (readonly LevelWeight[])[];
  /** By comparison, ten entries each: bits by level. */
  readonly #bits: Float64Array;
  /** By comparison and level: log2 of m where rarity decides, NaN elsewhere. */
  readonly #rare: Float64Array;
  readonly #isSite: Uint8Array;

  constructor(comparisons: readonly Comparison[], weights: readonly (readonly LevelWeight[])[]) {
    this.comparisons = comparisons;
    this.weights = weights;
    this.#bits = new Float64Array(comparisons.length * 10);
    this.#rare = new Float64Array(comparisons.length * 10).fill(Number.NaN);
    this.#isSite = Uint8Array.from(comparisons, ({ kind }) => (SITE.has(kind) ? 1 : 0));
    for (const [c, levels] of weights.entries()) {
      for (const [l, weight] of levels.entries()) {
        this.#bits[c * 10 + l + 1] = weight.isTold === true ? 0 : clamp(Math.log2(weight.m / weight.u));
        if (weight.byRarity === true) this.#rare[c * 10 + l + 1] = Math.log2(weight.m);
      }
    }
  }

  /** Bits of evidence for a match: what all comparisons add up to, without the prior. */
  evidence(a: number, b: number): number {
    let sum = 0;
    let site = 0;
    for (let c = 0; c < this.comparisons.length; c += 1) {
      const comparison = this.comparisons[c] as Comparison;
      const level = comparison.level(a, b);
      if (level === 0) continue;
      const bits = this.#bitsAt(c, comparison, level, a, b);
      if (this.#isSite[c] === 1) site += bits;
      else sum += bits;
    }
    return sum + heldSite(site);
  }

  /** Bits of phone, address and place beyond what they may count for together, or against. */
  siteExcess(a: number, b: number): number {
    let site = 0;
    for (let c = 0; c < this.comparisons.length; c += 1) {
      if (this.#isSite[c] === 1) site += this.bitsOf(c, (this.comparisons[c] as Comparison).level(a, b), a, b);
    }
    return site - heldSite(site);
  }

  /** Bits of one comparison at a level that it has. */
  bitsOf(c: number, level: number, a: number, b: number): number {
    return level === 0 ? 0 : this.#bitsAt(c, this.comparisons[c] as Comparison, level, a, b);
  }

  #bitsAt(c: number, comparison: Comparison, level: number, a: number, b: number): number {
    const at = c * 10 + level;
    const rare = this.#rare[at] as number;
    if (Number.isNaN(rare)) return this.#bits[at] as number;
    const share = comparison.rarity(level, a, b);
    return share <= 0 ? (this.#bits[at] as number) : clamp(rare - Math.log2(share));
  }
}

function heldSite(bits: number): number {
  return Math.max(LEAST_SITE_BITS, Math.min(MOST_SITE_BITS, bits));
}

function clamp(bits: number): number {
  return Math.max(LEAST_BITS, Math.min(MOST_BITS, bits));
}

export function probabilityOf(bits: number): number {
  return 1 / (1 + 2 ** -bits);
}
