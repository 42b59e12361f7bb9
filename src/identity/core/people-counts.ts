import { z } from 'zod';
import { TableBuilder } from './build-table.ts';
import type { ColumnKind } from './column-kinds.ts';
import { foldCopies } from './copies.ts';
import { COMPARISON_KINDS, type LevelWeight, PEOPLE, SHIPPED } from './model.ts';
import type { Statistics } from './score-pair.ts';
import type { Column } from './table.ts';

const valueCounts = z.array(z.tuple([z.string(), z.number()]));

/** How often values occur among people, as it is kept. */
export const peopleCounts = z.object({
  /** All people, of whom those counted may be a sample. */
  people: z.number(),
  /** Places of the columns in which somebody has a value. */
  filledColumns: z.array(z.number()),
  filled: z.record(z.string(), z.number()),
  /** Values that more than one have. */
  values: z.record(z.string(), valueCounts),
});
export type PeopleCounts = z.infer<typeof peopleCounts>;

/** Counts a sample of people; those of whom many say the very same count once, as in a stitching. @param kinds what the cells hold */
export function countPeople(kinds: readonly ColumnKind[], sample: readonly (readonly string[])[], people: number): PeopleCounts {
  const builder = new TableBuilder(kinds, kinds);
  for (const cells of sample) builder.add(cells);
  const { table } = foldCopies(builder.finish(Uint32Array.from(sample, (_, i) => i)), PEOPLE);
  const columns: Readonly<Record<string, Column | undefined>> = {
    first_name: table.given,
    last_name: table.family,
    domain: table.domain,
    company: table.company,
    phone: table.phone,
    city: table.city,
    postcode: table.postcode,
    country: table.country,
  };
  const counts: PeopleCounts = { people, filledColumns: [], filled: {}, values: {} };
  counts.filledColumns = kinds.flatMap((_, i) => (sample.some((cells) => (cells[i] ?? '') !== '') ? [i] : []));
  for (const [kind, column] of Object.entries(columns)) {
    if (column === undefined) continue;
    counts.filled[kind] = column.filled;
    counts.values[kind] = Array.from(column.values, (value, code): [string, number] => [value, column.counts[code] ?? 0]).filter(
      ([, count]) => count > 1,
    );
  }
  return counts;
}

/** What a stitching of the whole workspace fitted, as it is kept. */
export const fittedModel = z.object({
  /** Records that were compared, and log-odds that two of them taken at random belong together. */
  records: z.number(),
  prior: z.number(),
  /** By comparison and level: m and u. */
  weights: z.record(z.string(), z.array(z.tuple([z.number(), z.number()]))),
});
export type FittedModel = z.infer<typeof fittedModel>;

/** What is known of all people, from the counts. */
export function peopleStatistics(counts: PeopleCounts): Statistics {
  const values = new Map(Object.entries(counts.values).map(([kind, listed]) => [kind, new Map(listed)]));
  return {
    prior: priorAmong(counts.people),
    filled: (kind) => counts.filled[kind] ?? 0,
    count: (kind, value) => values.get(kind)?.get(value) ?? 0,
  };
}

/** The same where more have come in since they were counted. */
export function peopleAmong(statistics: Statistics, people: number): Statistics {
  return { ...statistics, prior: priorAmong(people) };
}

/** One of all, or nobody yet. */
function priorAmong(people: number): number {
  return -Math.log2(Math.max(1, people)) - 1;
}

/** The same with what was fitted: a prior for any two records, and the weights. */
export function fittedStatistics(statistics: Statistics, fitted: FittedModel, records: number): Statistics {
  const weights = new Map(Object.entries(fitted.weights).map(([comparison, levels]) => [comparison, fittedLevels(comparison, levels)]));
  return {
    ...statistics,
    // among more records two taken at random are less likely one
    prior: fitted.prior - Math.log2(Math.max(1, records / Math.max(1, fitted.records))),
    weightsOf: (comparison) => weights.get(comparison),
  };
}

function fittedLevels(comparison: string, levels: readonly (readonly [number, number])[]): LevelWeight[] | undefined {
  const kind = COMPARISON_KINDS.find((one) => one === comparison.split(':', 1)[0]);
  if (kind === undefined || SHIPPED[kind].length !== levels.length) return undefined;
  return SHIPPED[kind].map((level, i) => ({ ...level, m: levels[i]?.[0] ?? level.m, u: levels[i]?.[1] ?? level.u }));
}
