import { TableBuilder } from './build-table.ts';
import type { ColumnKind } from './column-kinds.ts';
import { comparisonsOf } from './comparisons.ts';
import { explainPair, type PairExplanation } from './explain.ts';
import type { LevelWeight, Model } from './model.ts';
import { PairScorer } from './score.ts';
import type { Column, Table } from './table.ts';

/** A record as named values; several of one kind are given one after the other. */
export type RecordValues = readonly (readonly [kind: ColumnKind, value: string])[];

/** What is known of all records, for two of them. */
export interface Statistics {
  /** Log-odds, in bits, that two records taken at random belong together. */
  readonly prior: number;
  /** Records that have a value of the kind. */
  filled(kind: string): number;
  /** Records that have this value, normalised as it is compared. */
  count(kind: string, value: string): number;
  /** Weights fitted to all records, by comparison; the shipped ones where it has none. */
  weightsOf?(comparison: string): readonly LevelWeight[] | undefined;
}

/**
 * Weighs two records that stand in no table, with what is known of all: for one record against the candidates that a database found.
 * Both ways round the bits are the same; what only one of the two has says nothing.
 */
export function scorePair(a: RecordValues, b: RecordValues, model: Model, statistics: Statistics): PairExplanation {
  const kinds = widthOf(a, b);
  const builder = new TableBuilder(kinds, kinds);
  for (const record of [a, b]) builder.add(cellsOf(record, kinds));
  const table = withCounts(builder.finish(Uint32Array.of(0, 1)), statistics);
  const comparisons = comparisonsOf(table);
  const weights = comparisons.map(({ id, kind }) => statistics.weightsOf?.(id) ?? model.weights[kind]);
  return explainPair(new PairScorer(comparisons, weights), model, statistics.prior, 0, 1);
}

/** Each kind as often as the record that has it most often. */
function widthOf(a: RecordValues, b: RecordValues): ColumnKind[] {
  const kinds = [...new Set([...a, ...b].map(([kind]) => kind))].sort();
  const times = (record: RecordValues, kind: ColumnKind) => record.filter(([one]) => one === kind).length;
  return kinds.flatMap((kind) => new Array<ColumnKind>(Math.max(times(a, kind), times(b, kind))).fill(kind));
}

function cellsOf(record: RecordValues, kinds: readonly ColumnKind[]): string[] {
  const left = new Map<ColumnKind, string[]>();
  for (const [kind, value] of record) left.set(kind, [...(left.get(kind) ?? []), value]);
  return kinds.map((kind) => left.get(kind)?.shift() ?? '');
}

/** The table with the counts of all records in place of those of the two. */
function withCounts(table: Table, statistics: Statistics): Table {
  const counted = (kind: string, column: Column): Column => ({
    ...column,
    counts: Int32Array.from(column.values, (value, code) => Math.max(statistics.count(kind, value), column.counts[code] ?? 0)),
    filled: Math.max(statistics.filled(kind), column.filled),
  });
  const single = ['domain', 'company', 'phone', 'date', 'address', 'city', 'postcode', 'country'] as const;
  return {
    ...table,
    ...(table.given !== undefined && { given: counted('first_name', table.given) }),
    ...(table.family !== undefined && { family: counted('last_name', table.family) }),
    ...Object.fromEntries(single.flatMap((kind) => (table[kind] === undefined ? [] : [[kind, counted(kind, table[kind])]]))),
    identifiers: table.identifiers.map((column) => counted(column.label, column)),
    texts: table.texts.map((column) => counted(column.label, column)),
  };
}
