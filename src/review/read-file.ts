import { Growing } from '../identity/core/dictionary.ts';
import { fileEncoding, NOT_UTF8 } from '../identity/file-encoding.ts';
import type { Progress } from '../kernel/context.ts';
import { cancelled, type Problem, SamepageError, shown } from '../kernel/errors.ts';
import { count } from '../kernel/markdown.ts';
import type { Encoding } from '../records/core/file-format.ts';
import type { LineCounts } from '../records/core/import-report.ts';
import { inspectFile, ROW_NAME } from '../records/inspect-file.ts';
import { openFile } from '../records/open-file.ts';
import { readRows } from '../records/read-rows.ts';
import type { FileColumn } from './core/file-column.ts';
import { whole } from './core/report-format.ts';

/** A file of deals as it was read: its columns, and the line and place of each row. */
interface ReadFile {
  name: string;
  rows: number;
  columns: FileColumn[];
  /** The physical line on which each row starts, from 1. */
  lines: Int32Array;
  /** Which row of the file each is, from 0; rows that could not be read count. */
  indexes: Int32Array;
  /** What the reader should know. */
  notes: string[];
}

interface FileReading {
  encoding?: Encoding | undefined;
  delimiter?: string | undefined;
  /** Names of the columns of a file without a header line. */
  columns?: readonly string[] | undefined;
}

const ROWS_NAMED = `The header has a name less than each row has cells: the first cell of a row is taken for its name, in a column “${ROW_NAME}”.`;

/** Of rows that cannot be used: up to one in a hundred is left out and said; more refuse the file. */
const mostBad = (rows: number): number => Math.floor(rows / 100);
const MOST_PROBLEMS = 20;

/**
 * Reads a file of any size, a piece at a time; each distinct text of a column is kept once.
 * @throws SamepageError `file_rejected` for what is no CSV or JSONL, has no rows, or has many that cannot be read
 */
export async function readFile(
  path: string,
  { encoding: given, delimiter, columns: named }: FileReading,
  progress: Progress,
  signal: AbortSignal,
): Promise<ReadFile> {
  const file = await openFile(path, 'in_any_way');
  const encoding = given ?? (await fileEncoding(file));
  const inspected = await inspectFile(file, encoding, delimiter, { columns: named, mayNameRows: true });
  const areRowsNamed = inspected.header?.isLine === true;
  const columns = inspected.columns.map((name) => ({ name, codes: new Growing(), texts: new Map<string, number>() }));
  const [lines, indexes] = [new Growing(), new Growing()];
  const problems: Problem[] = [];
  let bad = 0;
  const counts: LineCounts = { total: 0, preamble: 0, header: 0, rows: 0, continued: 0, blank: 0, footer: 0 };
  for await (const { rows, bytes } of readRows(inspected, counts)) {
    if (signal.aborted) throw cancelled();
    for (const row of rows) {
      if ('bad' in row) {
        bad += 1;
        const { line, value, reason } = row.bad;
        if (problems.length < MOST_PROBLEMS) problems.push({ path: `line ${line}`, value: shown(value), reason });
        continue;
      }
      lines.push(row.line);
      indexes.push(lines.length - 1 + bad);
      for (let i = 0; i < columns.length; i += 1) {
        const { texts, codes } = columns[i] as (typeof columns)[number];
        const text = textOf(row.cells[i]);
        const code = texts.get(text) ?? texts.size;
        if (code === texts.size) texts.set(text, code);
        codes.push(code);
      }
    }
    progress.report(bytes, file.size, 'reading');
  }
  if (lines.length + bad === 0) throw noRows(file.name, inspected.columns);
  if (bad > mostBad(lines.length + bad)) throw unreadable(bad, problems);
  return {
    name: file.name,
    rows: lines.length,
    columns: columns.map(({ name, codes, texts }) => ({ name, texts: [...texts.keys()], codes: codes.view() })),
    lines: lines.view(),
    indexes: indexes.view(),
    notes: [
      ...(given === undefined && encoding === 'windows-1252' ? [NOT_UTF8] : []),
      ...(areRowsNamed ? [ROWS_NAMED] : []),
      ...(bad > 0 ? [`${count(bad, 'row')} cannot be read and ${bad === 1 ? 'is' : 'are'} left out.`] : []),
      ...(counts.footer > 0 ? [`${count(counts.footer, 'line')} at the end are the footer of a report, and no rows.`] : []),
    ],
  };
}

const PLAIN = /^(?:[!-~]+(?: [!-~]+)*)?$/;

/** One text for what reads the same. */
function textOf(cell: unknown): string {
  const text =
    typeof cell === 'string'
      ? cell
      : cell === null || cell === undefined
        ? ''
        : typeof cell === 'object'
          ? JSON.stringify(cell)
          : String(cell);
  return PLAIN.test(text) ? text : text.normalize('NFC').replace(/\s+/g, ' ').trim();
}

function noRows(name: string, columns: readonly string[]): SamepageError {
  return new SamepageError(
    'file_rejected',
    `"${shown(name)}" has a header line (${shown(columns.join(', '))}) and no rows.`,
    'Export it again with the deals that were won and lost, one a row.',
  );
}

function unreadable(bad: number, problems: readonly Problem[]): SamepageError {
  return new SamepageError(
    'file_rejected',
    `${whole(bad)} ${bad === 1 ? 'row' : 'rows'} of the file cannot be read.`,
    'Mend or leave out these lines; if all are named, check --delimiter.',
    { problems },
  );
}
