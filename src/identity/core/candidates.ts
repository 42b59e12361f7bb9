import { forEachPair, type RuleBlocks } from './blocks.ts';
import type { PairScorer } from './score.ts';

/** Pairs whose evidence is worth keeping. */
export interface Edges {
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** Bits of evidence, without the prior. */
  readonly evidence: Float32Array;
  readonly length: number;
}

/** What one thread found: the edges of some chunks of records, each chunk's together. */
export interface ScoredPart {
  readonly edges: Edges;
  readonly pairs: number;
  readonly histogram: Float64Array;
  /** Chunks by their numbers, and where the edges of each start. */
  readonly chunks: readonly { readonly chunk: number; readonly start: number }[];
}

export interface Scored {
  readonly edges: Edges;
  readonly pairs: number;
  /** Pairs by evidence, in quarters of a bit from LOWEST on. */
  readonly histogram: Float64Array;
}

const RECORDS_AT_ONCE = 4096;
const LOWEST = -64;
const STEPS = 4;
const BINS = 160 * STEPS;

/** Scores the pairs of the blocks, a chunk of records at a time: of those that no other thread has taken. */
export class BlockScoring {
  readonly total: number;
  #done = 0;
  readonly #next: Int32Array;
  readonly #chunks: { chunk: number; start: number }[] = [];
  readonly #blocks: readonly RuleBlocks[];
  readonly #seen: Int32Array;
  readonly scorer: PairScorer;
  readonly #floor: number;
  #a = new Int32Array(4096);
  #b = new Int32Array(4096);
  #evidence = new Float32Array(4096);
  #length = 0;
  #pairs = 0;
  readonly #histogram = new Float64Array(BINS);

  /**
   * @param floor evidence under which a pair is only counted
   * @param next the number of the next chunk, which threads share
   */
  constructor(blocks: readonly RuleBlocks[], size: number, scorer: PairScorer, floor: number, next: Int32Array) {
    this.#next = next;
    this.#blocks = blocks;
    this.scorer = scorer;
    this.#floor = floor;
    this.#seen = new Int32Array(size).fill(-1);
    this.total = size;
  }

  get done(): number {
    return this.#done;
  }

  /** @returns false when all records are taken */
  advance(): boolean {
    const chunk = Atomics.add(this.#next, 0, 1);
    const from = chunk * RECORDS_AT_ONCE;
    if (from >= this.total) return false;
    this.#chunks.push({ chunk, start: this.#length });
    const to = Math.min(this.total, from + RECORDS_AT_ONCE);
    forEachPair(this.#blocks, from, to, this.#seen, (a, b) => this.#score(a, b));
    this.#done = to;
    return true;
  }

  result(): ScoredPart {
    const edges = { a: this.#a, b: this.#b, evidence: this.#evidence, length: this.#length };
    return { edges, pairs: this.#pairs, histogram: this.#histogram, chunks: this.#chunks };
  }

  #score(a: number, b: number): void {
    this.#pairs += 1;
    const bits = this.scorer.evidence(a, b);
    count(this.#histogram, bits);
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

function count(histogram: Float64Array, bits: number): void {
  const bin = Math.max(0, Math.min(BINS - 1, Math.floor((bits - LOWEST) * STEPS)));
  histogram[bin] = (histogram[bin] as number) + 1;
}

/** What was found, with pairs that no block brought together. Of those with one second record the first alone tells how many match. */
export function withPairs({ edges, pairs, histogram }: Scored, more: readonly (readonly [number, number])[], scorer: PairScorer): Scored {
  if (more.length === 0) return { edges, pairs, histogram };
  const counted = histogram.slice();
  const length = edges.length + more.length;
  const [a, b] = [grown(edges.a, new Int32Array(length)), grown(edges.b, new Int32Array(length))];
  const evidence = grown(edges.evidence, new Float32Array(length));
  for (const [i, [x, y]] of more.entries()) {
    const bits = scorer.evidence(x, y);
    if (y !== more[i - 1]?.[1]) count(counted, bits);
    a[edges.length + i] = Math.min(x, y);
    b[edges.length + i] = Math.max(x, y);
    evidence[edges.length + i] = bits;
  }
  return { edges: { a, b, evidence, length }, pairs: pairs + more.length, histogram: counted };
}

function grown<T extends Int32Array | Float32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** What all threads found, in the order of the records: it does not tell how many there were. */
export function mergeScored(parts: readonly ScoredPart[]): Scored {
  const length = parts.reduce((sum, { edges }) => sum + edges.length, 0);
  const merged = { a: new Int32Array(length), b: new Int32Array(length), evidence: new Float32Array(length), length };
  const histogram = new Float64Array(BINS);
  for (const part of parts)
    for (let bin = 0; bin < BINS; bin += 1) histogram[bin] = (histogram[bin] as number) + (part.histogram[bin] as number);
  const chunks = parts
    .flatMap(({ edges, chunks }) =>
      chunks.map(({ chunk, start }, i) => ({ chunk, edges, start, end: chunks[i + 1]?.start ?? edges.length })),
    )
    .sort((x, y) => x.chunk - y.chunk);
  let at = 0;
  for (const { edges, start, end } of chunks) {
    merged.a.set(edges.a.subarray(start, end), at);
    merged.b.set(edges.b.subarray(start, end), at);
    merged.evidence.set(edges.evidence.subarray(start, end), at);
    at += end - start;
  }
  return { edges: merged, pairs: parts.reduce((sum, part) => sum + part.pairs, 0), histogram };
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
