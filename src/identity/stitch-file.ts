import { setImmediate } from 'node:timers/promises';
import type { Progress } from '../kernel/context.ts';
import { cancelled, type Problem, SamepageError, shown } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import type { Encoding } from '../records/core/file-format.ts';
import { openFile } from '../records/open-file.ts';
import { TableBuilder } from './core/build-table.ts';
import { type ColumnKind, type GuessedColumn, guessColumnKinds } from './core/column-kinds.ts';
import { detached } from './core/dictionary.ts';
import { canonicalOrder, compareIds } from './core/record-ids.ts';
import { type Step, type Stitched, stitchSteps } from './core/stitch.ts';
import { subjectOf } from './core/table.ts';
import { letGo } from './let-go.ts';
import { pairLines } from './pair-lines.ts';
import { type CsvRow, csvCell, readCsv } from './read-csv.ts';
import { refuseOverwrite } from './refuse-overwrite.ts';
import { writeLines } from './write-lines.ts';

export interface StitchFileInput {
  path: string;
  /** Column → kind; the others are guessed. */
  map: ReadonlyMap<string, ColumnKind>;
  out: string;
  /** Where each accepted and reviewed pair is written, with its evidence. */
  explain?: string;
  encoding?: Encoding;
}

export interface StitchFileReport {
  subject: 'person' | 'organisation';
  records: number;
  clusters: number;
  /** Records in a cluster of two or more. */
  duplicates: number;
  largest: number;
  pairsCompared: number;
  matches: number;
  reviews: number;
  columns: readonly GuessedColumn[];
  /** The column whose values name the records; null when the line numbers do. */
  idColumn: string | null;
  /** What the reader should know. */
  notes: readonly string[];
}

/** Rows from which the kinds of the columns are guessed. */
const SAMPLED = 1000;

/**
 * Finds the records of one file that are of the same person or organisation, without a database. Writes `id,cluster` in the file's
 * order: the cluster is the least id of its records. The same records in any order give the same clusters.
 * @throws SamepageError `file_rejected` for a file that cannot be read or written, `invalid_input` for a mapping that does not fit it
 */
export async function stitchFile(input: StitchFileInput, progress: Progress, signal?: AbortSignal): Promise<StitchFileReport> {
  await refuseOverwrite([input.path], { '--out': input.out, '--explain': input.explain });
  const { table, ids, order, columns, idColumn, notes } = await readTable(input, progress, signal);
  const stitched = await stepwise(stitchSteps(table), ids.length, progress, signal);
  const names = clusterNames(stitched, ids, order);
  letGo(ids.length);
  progress.report(0, 1, 'writing');
  await writeLines(input.out, clusterLines(ids, names));
  const counted = countPairs(stitched);
  if (input.explain !== undefined) await writeLines(input.explain, pairLines(stitched, ids, order));
  return {
    subject: subjectOf(stitched.table),
    records: ids.length,
    ...clusterCounts(stitched),
    pairsCompared: stitched.pairs,
    ...counted,
    columns,
    idColumn,
    notes,
  };
}

/** The file as a table. What only reading needs is let go. */
async function readTable(input: StitchFileInput, progress: Progress, signal: AbortSignal | undefined) {
  const file = await openFile(input.path);
  const reader = new StitchReader(input.map);
  const options = {
    ...(input.encoding !== undefined && { encoding: input.encoding }),
    progress: (bytes: number) => progress.report(bytes, file.size, 'reading'),
  };
  for await (const part of readCsv(file, options)) {
    if (signal?.aborted === true) throw cancelled();
    if ('columns' in part) reader.header(part.columns);
    else reader.take(part);
  }
  return reader.finish();
}

/** Goes through the steps, looking up between them: for Ctrl-C, and so that the bar is drawn. */
async function stepwise(
  steps: Generator<Step, Stitched>,
  records: number,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<Stitched> {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
    const { step, done, total } = next.value;
    progress.report(done, total, step);
    if (done === 0 && step !== 'comparing') letGo(records);
    await setImmediate();
    if (signal?.aborted === true) throw cancelled();
  }
}

/** Takes rows one after the other, and makes the table of them. */
class StitchReader {
  readonly #map: ReadonlyMap<string, ColumnKind>;
  #columns: readonly string[] = [];
  #sample: CsvRow[] = [];
  #guessed: GuessedColumn[] | undefined;
  #builder: TableBuilder | undefined;
  #used: readonly number[] = [];
  #id = -1;
  readonly #ids: string[] = [];
  readonly #lines: number[] = [];

  constructor(map: ReadonlyMap<string, ColumnKind>) {
    this.#map = map;
  }

  header(columns: readonly string[]): void {
    this.#columns = columns;
    const unknown = [...this.#map.keys()].filter((column) => !columns.includes(column));
    if (unknown.length > 0) throw noSuchColumn(unknown, columns);
    const ids = [...this.#map].filter(([, kind]) => kind === 'id');
    if (ids.length > 1) {
      throw new SamepageError(
        'invalid_input',
        `The mapping names ${ids.length} columns as the id: ${ids.map(([column]) => `"${shown(column)}"`).join(', ')}.`,
        'Name one; the others may be of kind identifier.',
      );
    }
  }

  take(rows: readonly CsvRow[]): void {
    if (this.#builder !== undefined) {
      for (const row of rows) this.#add(this.#builder, row);
      return;
    }
    for (const row of rows) this.#sample.push(row);
    if (this.#sample.length >= SAMPLED) this.#start();
  }

  finish() {
    const builder = this.#builder ?? this.#start();
    const notes: string[] = [];
    let isNamed = this.#id >= 0;
    const column = this.#columns[this.#id] ?? '';
    const blank = isNamed ? this.#ids.indexOf('') : -1;
    let found = isNamed ? canonicalOrder(this.#ids) : undefined;
    if (isNamed && (blank >= 0 || (found !== undefined && found.doubles.length > 0))) {
      if (this.#map.get(column) === 'id') throw this.#badIds(column, found?.doubles ?? []);
      notes.push(
        `"${shown(column)}" does not name each record: it is ${blank >= 0 ? 'blank' : 'repeated'} in places. The line numbers are the ids.`,
      );
      isNamed = false;
    } else if (!isNamed) notes.push('No column names the records: the line numbers are the ids.');
    const ids = isNamed ? this.#ids : this.#lines.map(String);
    if (!isNamed) found = canonicalOrder(builder.contents());
    const order = found?.order ?? new Uint32Array(0);
    return { table: builder.finish(order), ids, order, columns: this.#guessed ?? [], idColumn: isNamed ? column : null, notes };
  }

  #start(): TableBuilder {
    const sample = this.#sample;
    const guessed = guessColumnKinds(
      this.#columns,
      sample.slice(0, SAMPLED).map((row) => row.cells),
      this.#map,
    );
    this.#guessed = guessed;
    this.#id = guessed.findIndex((guess) => guess.kind === 'id');
    this.#used = guessed.flatMap(({ kind }, i) => (kind === 'id' || kind === 'ignore' ? [] : [i]));
    if (this.#used.length === 0) {
      throw new SamepageError(
        'invalid_input',
        'No column of the file says anything by which records could be compared.',
        'Say what the columns hold, as in --map "Surname=last_name".',
      );
    }
    const builder = new TableBuilder(
      this.#used.map((i) => guessed[i]?.kind ?? 'ignore'),
      this.#used.map((i) => guessed[i]?.column ?? ''),
    );
    this.#builder = builder;
    for (const row of sample) this.#add(builder, row);
    this.#sample = [];
    return builder;
  }

  #add(builder: TableBuilder, { cells, line }: CsvRow): void {
    if (this.#id >= 0) this.#ids.push(detached((cells[this.#id] ?? '').trim()));
    this.#lines.push(line);
    builder.add(this.#used.map((i) => cells[i] ?? ''));
  }

  #badIds(column: string, doubles: readonly (readonly [number, number])[]): SamepageError {
    const problems: Problem[] = [];
    for (const [i, id] of this.#ids.entries())
      if (id === '' && problems.length < 10) problems.push({ path: `line ${this.#lines[i]}`, reason: 'has no id' });
    for (const [first, second] of doubles.slice(0, 10)) {
      if (this.#ids[first] === '') continue;
      problems.push({
        path: `line ${this.#lines[second]}`,
        value: shown(this.#ids[second]),
        reason: `has the id of line ${this.#lines[first]}`,
      });
    }
    return new SamepageError(
      'invalid_input',
      `"${shown(column)}" is not the id of each record: it is blank or repeated in places.`,
      'Map another column as the id, or map this one as ignore: then the line numbers are the ids.',
      { problems },
    );
  }
}

function noSuchColumn(unknown: readonly string[], columns: readonly string[]): SamepageError {
  const problems = unknown.map((column) => {
    const near = nearest(column, columns);
    return {
      path: 'map',
      value: shown(column),
      reason: `is no column of the file${near === undefined ? '' : `; did you mean "${shown(near)}"?`}`,
    };
  });
  return new SamepageError(
    'invalid_input',
    `The mapping names ${unknown.length === 1 ? 'a column' : 'columns'} that the file does not have: ${unknown.map((one) => `"${shown(one)}"`).join(', ')}.`,
    `The columns are ${columns
      .slice(0, 40)
      .map((column) => `"${shown(column)}"`)
      .join(', ')}.`,
    { problems },
  );
}

/** By record as it came, the least id of its cluster. */
function clusterNames({ cluster }: Stitched, ids: readonly string[], order: Uint32Array): string[] {
  const least: (string | undefined)[] = [];
  for (let i = 0; i < cluster.length; i += 1) {
    const root = cluster[i] as number;
    const id = ids[order[i] as number] as string;
    const before = least[root];
    if (before === undefined || compareIds(id, before) < 0) least[root] = id;
  }
  const names = new Array<string>(ids.length);
  for (let i = 0; i < cluster.length; i += 1) names[order[i] as number] = least[cluster[i] as number] as string;
  return names;
}

function* clusterLines(ids: readonly string[], names: readonly string[]): Iterable<string> {
  yield 'id,cluster';
  for (let i = 0; i < ids.length; i += 1) yield `${csvCell(ids[i] as string)},${csvCell(names[i] as string)}`;
}

function clusterCounts({ cluster }: Stitched): { clusters: number; duplicates: number; largest: number } {
  const sizes = new Int32Array(cluster.length);
  for (const root of cluster) sizes[root] = (sizes[root] as number) + 1;
  let [clusters, duplicates, largest] = [0, 0, 0];
  for (const size of sizes) {
    if (size > 0) clusters += 1;
    if (size > 1) duplicates += size;
    if (size > largest) largest = size;
  }
  return { clusters, duplicates, largest };
}

function countPairs({ edges, prior, model }: Stitched): { matches: number; reviews: number } {
  let matches = 0;
  let reviews = 0;
  for (let e = 0; e < edges.length; e += 1) {
    const bits = (edges.evidence[e] as number) + prior;
    if (bits >= model.acceptBits) matches += 1;
    else if (bits >= model.reviewBits) reviews += 1;
  }
  return { matches, reviews };
}
