import { fileEncoding, NOT_UTF8 } from '../identity/file-encoding.ts';
import type { Problem } from '../kernel/errors.ts';
import { cancelled, shown } from '../kernel/errors.ts';
import type { Encoding } from '../records/core/file-format.ts';
import type { LineCounts } from '../records/core/import-report.ts';
import type { DecimalMark } from '../records/core/normalise-number.ts';
import { inspectFile } from '../records/inspect-file.ts';
import { openFile } from '../records/open-file.ts';
import { readRows } from '../records/read-rows.ts';
import { type Cutter, cutterFor, SUREST, separatorIn } from './core/path-cells.ts';
import { type PathColumn, type PathPart, pathColumns } from './core/path-columns.ts';
import { PathRowReader, type ReadRow, textOf } from './core/path-row.ts';
import { skipRemarks } from './skip-remarks.ts';

interface PathFileOptions {
  map: ReadonlyMap<string, PathPart>;
  separator?: string | undefined;
  delimiter?: string | undefined;
  encoding?: Encoding | undefined;
  decimal?: DecimalMark | undefined;
}

/** Rows that cannot be used. */
interface RefusedPaths {
  count: number;
  /** The first of them, each with its line, column and value. */
  problems: Problem[];
}

/** A file of paths whose columns are understood. */
export interface PathFile {
  name: string;
  size: number;
  columns: readonly PathColumn[];
  separator: string;
  /** Its conversions are 0 or 1, and nothing counts paths without one: each row is one journey. */
  isFlag: boolean;
  notes: readonly string[];
  counts: LineCounts;
  refused: RefusedPaths;
  /** In which values are written, of the rows that were read so far. */
  currencies: ReadonlySet<string>;
  /** Some paths at a time, with the bytes read so far. */
  paths(): AsyncGenerator<{ paths: ReadRow[]; bytes: number }>;
}

const MOST_PROBLEMS = 20;
const noCounts = (): LineCounts => ({ total: 0, preamble: 0, header: 0, rows: 0, continued: 0, blank: 0, footer: 0 });

/**
 * Opens a CSV or JSONL file of paths, and finds what its columns hold and what stands between two touches.
 * @throws SamepageError `file_rejected` for a file that cannot be read, `invalid_input` without a column of paths
 */
export async function openPaths(path: string, options: PathFileOptions, signal: AbortSignal): Promise<PathFile> {
  const file = skipRemarks(await openFile(path, 'in_any_way'));
  const encoding = options.encoding ?? (await fileEncoding(file));
  const inspected = await inspectFile(file, encoding, options.delimiter);
  const columns = pathColumns(inspected.columns, inspected.examples, options.map);
  const { cutter, isFlag } = await sampled(inspected, columns, options.separator, signal);
  const reader = new PathRowReader({ columns, cutter, mark: options.decimal, isFlag });
  const refused: RefusedPaths = { count: 0, problems: [] };
  const counts = noCounts();
  async function* paths(): AsyncGenerator<{ paths: ReadRow[]; bytes: number }> {
    for await (const { rows, bytes } of readRows(inspected, counts)) {
      const read: ReadRow[] = [];
      for (const row of rows) {
        const found = 'bad' in row ? row.bad : reader.read(row.cells);
        if (!('reason' in found)) {
          read.push(found);
          continue;
        }
        refused.count += 1;
        if (refused.problems.length === MOST_PROBLEMS) continue;
        const line = `line ${'bad' in row ? row.bad.line : row.line}`;
        refused.problems.push({
          path: found.column === null ? line : `${line}, column ${shown(found.column)}`,
          value: shown(found.value),
          reason: found.reason,
        });
      }
      yield { paths: read, bytes };
    }
  }
  const notes = options.encoding === undefined && encoding === 'windows-1252' ? [NOT_UTF8] : [];
  const { currencies } = reader;
  return { name: file.name, size: file.size, columns, separator: cutter.separator, isFlag, notes, counts, refused, currencies, paths };
}

/** What only values tell, of all rows, so that their order tells nothing: the separator, and whether each row is one journey. */
async function sampled(
  inspected: Awaited<ReturnType<typeof inspectFile>>,
  columns: readonly PathColumn[],
  separator: string | undefined,
  signal: AbortSignal,
): Promise<{ cutter: Cutter; isFlag: boolean }> {
  const indexOf = (part: PathPart) => columns.findIndex((one) => one.part === part);
  const [path, conversions] = [indexOf('path'), indexOf('conversions')];
  const seen = new Set<string | undefined>();
  const isSure = () => separator !== undefined || seen.has(SUREST);
  let isFlag = conversions >= 0 && indexOf('nulls') < 0 && indexOf('converted') < 0;
  let hasNone = false;
  for await (const { rows } of readRows(inspected, noCounts())) {
    if (signal.aborted) throw cancelled();
    for (const row of rows) {
      if ('bad' in row) continue;
      if (!isSure()) seen.add(separatorIn(textOf(row.cells[path])));
      if (!isFlag) continue;
      const text = textOf(row.cells[conversions]).trim();
      if (/^(?:0(?:\.0+)?|false)$/i.test(text)) hasNone = true;
      else if (!/^(?:1(?:\.0+)?|true)$/i.test(text)) isFlag = false;
    }
    if (!isFlag && isSure()) break;
  }
  return { cutter: cutterFor(seen, separator), isFlag: isFlag && hasNone };
}
