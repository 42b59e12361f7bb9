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
  const [explained] = scoreAgainst(a, [b], model, statistics);
  if (explained === undefined) throw new Error('a pair was not weighed');
  return explained;
}

/** The same for one record against many, in their order: reading them together takes a fraction of the time. */
export function scoreAgainst(
  record: RecordValues,
  others: readonly RecordValues[],
  model: Model,
  statistics: Statistics,
): PairExplanation[] {
  const kinds = widthOf([record, ...others]);
  const table = tableOf(
    kinds,
    [record, ...others].map((one) => cellsOf(one, kinds)),
  );
  const scorer = scorerOf(withCounts(table, statistics), model, statistics);
  return others.map((_, i) => explainPair(scorer, model, statistics.prior, 0, i + 1));
}

/** Rows of cells as a table, in their order. */
export function tableOf(
  kinds: readonly ColumnKind[],
  rows: readonly (readonly string[])[],
  labels: readonly string[] = kinds,
  sharedDomains?: ReadonlySet<string>,
): Table {
  const builder = new TableBuilder(kinds, labels, sharedDomains);
  const order = new Uint32Array(rows.length);
  for (const [i, cells] of rows.entries()) {
    builder.add(cells);
    order[i] = i;
  }
  return builder.finish(order);
}

/** Weighs pairs of a table by the fitted weights where there are some, else by the model's. */
export function scorerOf(table: Table, model: Model, statistics: Statistics): PairScorer {
  const comparisons = comparisonsOf(table);
  return new PairScorer(
    comparisons,
    comparisons.map(({ id, kind }) => statistics.weightsOf?.(id) ?? model.weights[kind]),
  );
}

/** Each kind as often as the record that has it most often. */
function widthOf(records: readonly RecordValues[]): ColumnKind[] {
  const most = new Map<ColumnKind, number>();
  for (const record of records) {
    const times = new Map<ColumnKind, number>();
    for (const [kind] of record) times.set(kind, (times.get(kind) ?? 0) + 1);
    for (const [kind, n] of times) most.set(kind, Math.max(n, most.get(kind) ?? 0));
  }
  return [...most.keys()].sort().flatMap((kind) => new Array<ColumnKind>(most.get(kind) ?? 0).fill(kind));
}

function cellsOf(record: RecordValues, kinds: readonly ColumnKind[]): string[] {
  const left = new Map<ColumnKind, string[]>();
  for (const [kind, value] of record) left.set(kind, [...(left.get(kind) ?? []), value]);
  return kinds.map((kind) => left.get(kind)?.shift() ?? '');
}

/** The table with the counts of all records in place of those of its own, where those are not more. */
export function withCounts(table: Table, statistics: Statistics): Table {
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
