import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

/** A public set as one CSV text, with what is true of its records. */
export interface LabelledSet {
  readonly name: string;
  readonly csv: string;
  /** True for two ids of one person or organisation. */
  isTrue(a: string, b: string): boolean;
  /** Pairs that are true. */
  readonly truePairs: number;
}

/** Each set of the folder: fake_1000, febrl 1 to 4, Fodor's and Zagat's. */
export async function labelledSets(folder: string): Promise<LabelledSet[]> {
  const read = async (path: string, options: object = {}) =>
    parse(await readFile(join(folder, path)), { relax_column_count: true, trim: true, ...options }) as unknown as string[][];
  const [fakeHeader = [], ...fake] = await read('splink_fake/fake_1000.csv');
  const sets = [byEntity('fake_1000', fakeHeader, fake, (row) => row[6] ?? '')];
  for (const [name, files] of [
    ['febrl1', ['1']],
    ['febrl2', ['2']],
    ['febrl3', ['3']],
    ['febrl4', ['4a', '4b']],
  ] as const) {
    const tables = await Promise.all(files.map((file) => read(`febrl/dataset${file}.csv`)));
    const rows = tables.flatMap(([, ...data]) => data);
    sets.push(byEntity(name, tables[0]?.[0] ?? [], rows, (row) => row[0]?.split('-')[1] ?? ''));
  }
  const quoted = { quote: "'", escape: '\\', relax_quotes: true };
  const [header = [], ...fodors] = await read('fodors_zagats/fodors.csv', quoted);
  const [, ...zagats] = await read('fodors_zagats/zagats.csv', quoted);
  const [, ...links] = await read('fodors_zagats/matches_fodors_zagats.csv');
  const linked = new Set(links.flatMap(([a, b]) => [`${a}|${b}`, `${b}|${a}`]));
  sets.push({
    name: 'fodors_zagats',
    csv: csvOf([header, ...fodors, ...zagats]),
    isTrue: (a, b) => linked.has(`${a}|${b}`),
    truePairs: links.length,
  });
  return sets;
}

function byEntity(name: string, header: string[], rows: string[][], entityOf: (row: string[]) => string): LabelledSet {
  const entities = new Map(rows.map((row) => [row[0] ?? '', entityOf(row)]));
  return {
    name,
    csv: csvOf([header, ...rows]),
    isTrue: (a, b) => entities.get(a) === entities.get(b),
    truePairs: pairsWithin([...entities.values()]),
  };
}

function csvOf(rows: readonly (readonly string[])[]): string {
  return `${rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n')}\n`;
}

/** Pairs of equal values. */
export function pairsWithin(values: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let pairs = 0;
  for (const count of counts.values()) pairs += (count * (count - 1)) / 2;
  return pairs;
}

/** `id,cluster` lines → pairwise precision, recall and F1. */
export function pairwise(clusters: string, { isTrue, truePairs }: LabelledSet): { f1: number; precision: number; recall: number } {
  const groups = new Map<string, string[]>();
  for (const line of clusters.trim().split('\n').slice(1)) {
    const [id = '', cluster = ''] = line.split(',');
    groups.set(cluster, [...(groups.get(cluster) ?? []), id]);
  }
  let found = 0;
  let right = 0;
  for (const ids of groups.values()) {
    for (const [i, a] of ids.entries()) {
      for (const b of ids.slice(i + 1)) {
        found += 1;
        if (isTrue(a, b)) right += 1;
      }
    }
  }
  const [precision, recall] = [found === 0 ? 0 : right / found, right / truePairs];
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}
