import type { ComparisonKind } from './model.ts';
import type { Column } from './table.ts';

/** One comparison of two records of a table, with all that depends on the data. */
export interface Comparison {
  /** The kind, or the kind and the column where several columns have it. */
  readonly id: string;
  readonly kind: ComparisonKind;
  /** Comparisons of one group tell of the same thing. */
  readonly group: string;
  /** 0 where one of the two says nothing, else the level's number. */
  level(a: number, b: number): number;
  /** The share of the records that have the value on which the two agree. */
  rarity(level: number, a: number, b: number): number;
  /** The most that an agreement weighs here, in bits, where it may be more than elsewhere. */
  readonly mostBits?: number;
  /** What a record has to show here. */
  shown(record: number): string;
}

/** The share of a column's records that have a value. */
export function shareOf(column: Column, code: number): number {
  // one of the records is the one asked about
  return code < 0 || column.filled === 0 ? 0 : Math.max(1, (column.counts[code] as number) - 1) / column.filled;
}
