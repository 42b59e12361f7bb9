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

const LOWEST = -64;
const STEPS = 4;
const BINS = 160 * STEPS;

/** Scores every pair of the blocks. @param floor evidence under which a pair is only counted */
export function scoreBlocks(blocks: Blocks, from: number, to: number, scorer: PairScorer, floor: number): Scored {
  let capacity = 4096;
  let a = new Int32Array(capacity);
  let b = new Int32Array(capacity);
  let evidence = new Float32Array(capacity);
  let length = 0;
  let pairs = 0;
  const histogram = new Float64Array(BINS);
  forEachPair(blocks, from, to, (x, y) => {
    pairs += 1;
    const bits = scorer.evidence(x, y);
    const bin = Math.max(0, Math.min(BINS - 1, Math.floor((bits - LOWEST) * STEPS)));
    histogram[bin] = (histogram[bin] as number) + 1;
    if (bits < floor) return;
    if (length === capacity) {
      capacity *= 2;
      a = grown(a, new Int32Array(capacity));
      b = grown(b, new Int32Array(capacity));
      evidence = grown(evidence, new Float32Array(capacity));
    }
    a[length] = x < y ? x : y;
    b[length] = x < y ? y : x;
    evidence[length] = bits;
    length += 1;
  });
  return { edges: { a, b, evidence, length }, pairs, histogram };
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
