import { SamepageError, shown } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { ENCODINGS, type Encoding } from '../records/core/file-format.ts';
import type { LineCounts } from '../records/core/import-report.ts';
import { inspectFile } from '../records/inspect-file.ts';
import { openFile } from '../records/open-file.ts';
import { readRows } from '../records/read-rows.ts';
import { columnMap } from './column-map.ts';
import { type ColumnKind, type GuessedColumn, GuessedRows, guessColumnKinds } from './core/column-kinds.ts';
import { fileEncoding } from './file-encoding.ts';

export interface RecordCells {
  /** Where the row begins in the file, from 1. */
  line: number;
  /** Text of each column, in the file's order; empty where there is none. */
  cells: readonly string[];
}

/** A file of records whose columns are understood; its rows can be read again and again. */
export interface RecordsFile {
  name: string;
  size: number;
  /** It is not UTF-8, and was read as windows-1252. */
  isGuessed: boolean;
  columns: GuessedColumn[];
  /** Some rows at a time, with the bytes read so far. Rows that cannot be read are counted in `refused`. */
  rows(refused?: RefusedRows): AsyncGenerator<{ rows: RecordCells[]; bytes: number }>;
}

export interface RefusedRows {
  count: number;
  /** The first of them, as `line 7 has 3 cells where the header has 5`. */
  first: string | null;
}

/**
 * Opens a CSV or JSONL file and finds what its columns hold.
 * @param map `column=kind` pairs, which no guess overrides
 * @param option the option that they were given with, for messages: `--map-leads`
 * @param encoding where it does not show itself
 * @throws SamepageError `file_rejected` for a file that cannot be read, `invalid_input` for a column, kind or encoding that is not there
 */
export async function openRecords(path: string, map: readonly string[], option: string, encoding?: string): Promise<RecordsFile> {
  const file = await openFile(path);
  const given = encodingOf(encoding);
  const found = given ?? (await fileEncoding(file));
  const inspected = await inspectFile(file, found);
  const mapping = mappingOf(map, inspected.columns, option);
  async function* rows(refused: RefusedRows = { count: 0, first: null }): AsyncGenerator<{ rows: RecordCells[]; bytes: number }> {
    const counts: LineCounts = { total: 0, preamble: 0, header: 0, rows: 0, continued: 0, blank: 0, footer: 0 };
    for await (const { rows: lines, bytes } of readRows(inspected, counts)) {
      const read: RecordCells[] = [];
      for (const line of lines) {
        if ('bad' in line) {
          refused.count += 1;
          refused.first ??= `line ${line.bad.line} ${line.bad.reason}`;
        } else read.push({ line: line.line, cells: line.cells.map(textOf) });
      }
      yield { rows: read, bytes };
    }
  }
  const sample = new GuessedRows();
  guessed: for await (const piece of rows()) {
    for (const { cells } of piece.rows) {
      sample.add(cells);
      if (sample.isEnough) break guessed;
    }
  }
  const columns = guessColumnKinds(inspected.columns, sample.cells, mapping);
  return { name: file.name, size: file.size, isGuessed: given === undefined && found === 'windows-1252', columns, rows };
}

function encodingOf(name: string | undefined): Encoding | undefined {
  const known = ENCODINGS.find((one) => one === name);
  if (name === undefined || known !== undefined) return known;
  throw new SamepageError('invalid_input', `--encoding "${shown(name)}" is not known.`, `Encodings are ${ENCODINGS.join(', ')}.`);
}

function textOf(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  return cell === null || cell === undefined ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

function mappingOf(given: readonly string[], columns: readonly string[], option: string): Map<string, ColumnKind> {
  const mapping = columnMap(given);
  for (const column of mapping.keys()) {
    if (columns.includes(column)) continue;
    const meant = nearest(column, columns);
    throw new SamepageError(
      'invalid_input',
      `${option} names a column "${shown(column)}" that the file does not have.`,
      meant === undefined ? `Its columns are ${shown(columns.join(', '))}.` : `Was "${shown(meant)}" meant?`,
    );
  }
  return mapping;
}
