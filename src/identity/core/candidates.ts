import { type Blocks, forEachPair } from './blocks.ts';
import type { PairScorer } from './score.ts';

/** Pairs whose evidence is worth keeping. */
export interface Edges {
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** Bits of evidence, without the prior. */
  readonly evidence: Float32Array;
  readonly length: number;
}

export interface Scored {
  readonly edges: Edges;
  readonly pairs: number;
  /** Pairs by evidence, in quarters of a bit from LOWEST on. */
  readonly histogram: Float64Array;
}

const BLOCKS_AT_ONCE = 20_000;
const LOWEST = -64;
const STEPS = 4;
const BINS = 160 * STEPS;

/** Scores every pair of the blocks, some blocks at a time. */
export class BlockScoring {
  readonly total: number;
  #done = 0;
  readonly #blocks: Blocks;
  readonly #scorer: PairScorer;
  readonly #floor: number;
  #a = new Int32Array(4096);
  #b = new Int32Array(4096);
  #evidence = new Float32Array(4096);
  #length = 0;
  #pairs = 0;
  readonly #histogram = new Float64Array(BINS);

  /** @param floor evidence under which a pair is only counted */
  constructor(blocks: Blocks, scorer: PairScorer, floor: number) {
    this.#blocks = blocks;
    this.#scorer = scorer;
    this.#floor = floor;
    this.total = blocks.starts.length - 1;
  }

  get done(): number {
    return this.#done;
  }

  /** @returns false when all blocks were scored before */
  advance(): boolean {
    if (this.#done >= this.total) return false;
    const to = Math.min(this.total, this.#done + BLOCKS_AT_ONCE);
    forEachPair(this.#blocks, this.#done, to, (a, b) => this.#score(a, b));
    this.#done = to;
    return true;
  }

  result(): Scored {
    const edges = { a: this.#a, b: this.#b, evidence: this.#evidence, length: this.#length };
    return { edges, pairs: this.#pairs, histogram: this.#histogram };
  }

  #score(a: number, b: number): void {
    this.#pairs += 1;
    const bits = this.#scorer.evidence(a, b);
    const bin = Math.max(0, Math.min(BINS - 1, Math.floor((bits - LOWEST) * STEPS)));
    this.#histogram[bin] = (this.#histogram[bin] as number) + 1;
    if (bits < this.#floor) return;
    const at = this.#length;
    if (at === this.#a.length) {
      this.#a = grown(this.#a, new Int32Array(at * 2));
      this.#b = grown(this.#b, new Int32Array(at * 2));
      this.#evidence = grown(this.#evidence, new Float32Array(at * 2));
    }
    this.#a[at] = a < b ? a : b;
    this.#b[at] = a < b ? b : a;
    this.#evidence[at] = bits;
    this.#length = at + 1;
  }
}

function grown<T extends Int32Array | Float32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/**
 * The prior at which the matches expected among the pairs are those that it promises: log-odds in bits.
 * Pairs that share no block are taken not to match.
 */
export function priorOf(histogram: Float64Array, size: number): number {
  const all = Math.max(1, (size * (size - 1)) / 2);
  let matches = Math.max(1, size / 10);
  for (let round = 0; round < 40; round += 1) {
    const odds = matches / all / Math.max(1e-9, 1 - matches / all);
    let sum = 0.5;
    for (let bin = 0; bin < BINS; bin += 1) {
      const count = histogram[bin] as number;
      if (count === 0) continue;
      const ratio = odds * 2 ** (LOWEST + (bin + 0.5) / STEPS);
      sum += (count * ratio) / (1 + ratio);
    }
    matches = Math.min(sum, all / 2);
  }
  return Math.log2(matches / (all - matches));
}
