import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { Progress } from '../kernel/context.ts';
import { cancelled } from '../kernel/errors.ts';
import type { Encoding } from '../records/core/file-format.ts';
import { type DataFile, openFile } from '../records/open-file.ts';
import type { ColumnKind, GuessedColumn } from './core/column-kinds.ts';
import { csvCell } from './core/csv-line.ts';
import { compareIds } from './core/record-ids.ts';
import { type Step, type Stitched, stitchSteps } from './core/stitch.ts';
import { subjectOf } from './core/table.ts';
import type { Texts } from './core/texts.ts';
import { fileEncoding, NOT_UTF8 } from './file-encoding.ts';
import { letGo } from './let-go.ts';
import { pairLines } from './pair-lines.ts';
import { phonePlaces } from './phone-places.ts';
import { readCells } from './read-cells.ts';
import { refuseOverwrite } from './refuse-overwrite.ts';
import { type PlacedColumns, StitchReader } from './stitch-reader.ts';
import { StitchThread } from './stitch-thread.ts';
import { refuseUnwritable, writeLines } from './write-lines.ts';

export interface StitchFileInput {
  path: string;
  /** Column → kind; the others are guessed. */
  map: ReadonlyMap<string, ColumnKind>;
  out: string;
  /** Where each accepted and reviewed pair is written, with its evidence. */
  explain?: string;
  encoding?: Encoding;
  /** Whence telephone numbers are that have no country code, in rows that name no country: a name or ISO 3166-1 code. */
  country?: string;
  /** 1 or 2; the result is the same. By default a large file takes two, where there are as many processors. */
  threads?: number;
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

/** Bytes from which a second thread pays. */
const LARGE = 8_000_000;

/**
 * Finds the records of one file that are of the same person or organisation, without a database. Writes `id,cluster` in the file's
 * order: the cluster is the least id of its records. The same records in any order give the same clusters.
 * @throws SamepageError `file_rejected` for a file that cannot be read or written, `invalid_input` for a mapping that does not fit it
 */
export async function stitchFile(input: StitchFileInput, progress: Progress, signal?: AbortSignal): Promise<StitchFileReport> {
  await refuseOverwrite([input.path], { '--out': input.out, '--explain': input.explain });
  await refuseUnwritable([input.out, input.explain]);
  const file = await openFile(input.path);
  const encoding = input.encoding ?? (await fileEncoding(file));
  const places = await phonePlaces(input.country);
  const isSplit = (input.threads ?? (file.size < LARGE ? 1 : availableParallelism())) > 1;
  let thread: StitchThread | undefined;
  const apart = (columns: PlacedColumns) => {
    thread = new StitchThread({ path: input.path, encoding, country: places.country, ...columns });
    return thread;
  };
  const reader = new StitchReader(input.map, places, isSplit ? apart : undefined);
  try {
    const report = await stitchWith({ ...input, encoding }, file, reader, () => thread, progress, signal);
    return input.encoding === undefined && encoding === 'windows-1252' ? { ...report, notes: [NOT_UTF8, ...report.notes] } : report;
  } finally {
    await thread?.end();
  }
}

async function stitchWith(
  input: StitchFileInput,
  file: DataFile,
  reader: StitchReader,
  helper: () => StitchThread | undefined,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<StitchFileReport> {
  const { table, ids, order, columns, idColumn, notes } = await readTable(input, file, reader, progress, signal);
  const stitched = await stepwise(stitchSteps(table, { helper: helper() }), ids.length, progress, signal);
  const named = namers(stitched, ids, order);
  letGo(ids.length);
  progress.report(0, 1, 'writing');
  await writeLines(input.out, clusterLines(ids, named));
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
async function readTable(
  input: StitchFileInput,
  file: DataFile,
  reader: StitchReader,
  progress: Progress,
  signal: AbortSignal | undefined,
) {
  await readCells(file, reader, {
    ...(input.encoding !== undefined && { encoding: input.encoding }),
    progress(bytes) {
      if (signal?.aborted === true) throw cancelled();
      progress.report(bytes, file.size, 'reading');
    },
  });
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

/** By record as it came, the record whose id is the least of its cluster. */
function namers({ cluster }: Stitched, ids: Texts, order: Uint32Array): Uint32Array {
  const least = new Uint32Array(cluster.length);
  for (let i = 0; i < cluster.length; i += 1) {
    const [root, record] = [cluster[i] as number, order[i] as number];
    if (root === i) least[i] = record;
    else if (compareIds(ids.at(record) as string, ids.at(least[root] as number) as string) < 0) least[root] = record;
  }
  const found = new Uint32Array(cluster.length);
  for (let i = 0; i < cluster.length; i += 1) found[order[i] as number] = least[cluster[i] as number] as number;
  return found;
}

function* clusterLines(ids: Texts, named: Uint32Array): Iterable<string> {
  yield 'id,cluster';
  for (let i = 0; i < ids.length; i += 1) {
    const id = csvCell(ids.at(i) as string);
    yield `${id},${named[i] === i ? id : csvCell(ids.at(named[i] as number) as string)}`;
  }
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
