import type { Edges } from './candidates.ts';

export interface ClusterOptions {
  /** Records of one cluster, at most. */
  readonly largest: number;
  /** Bits from which a pair links its records. */
  readonly acceptBits: number;
  /** Bits from which two clusters, on the average of their pairs, are one. */
  readonly joinBits: number;
  /** Bits of any two records, for pairs that no block brought together. */
  score(a: number, b: number): number;
  /** True for two records that must not be in one cluster. */
  isApart?(a: number, b: number): boolean;
  /** Records that must not be in one cluster with this one, where `isApart` does not say so. */
  apartFrom?(record: number): readonly number[];
  /** Pairs that belong together whatever their bits. */
  together?: readonly (readonly [number, number])[];
}

/** What the linkage of each component asks. */
export interface Linkage {
  readonly edges: Edges;
  /** Bits of an edge, prior included. */
  readonly bits: (edge: number) => number;
  readonly options: ClusterOptions;
  /** By record, its place in its component. */
  readonly places: Int32Array;
  /** By record, the lowest record of its cluster: the result. */
  readonly cluster: Int32Array;
}

/** Records that hang together. */
export interface Component {
  /** Ascending. */
  readonly records: Uint32Array;
  /** Edges between them, by number. */
  readonly edges: Uint32Array;
  /** Pairs of records that belong together whatever their bits. */
  readonly together: readonly (readonly [number, number])[];
}

/** Bits of a pair count for at most this much for and against: one pair must not decide for all. */
const MOST_FOR = 14;
const MOST_AGAINST = -8;

export function heldBits(bits: number): number {
  return Math.max(MOST_AGAINST, Math.min(MOST_FOR, bits));
}
