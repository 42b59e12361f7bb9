import { type Problem, SamepageError, shown } from '../kernel/errors.ts';
import { CsvScanner, type ScannedRecord } from '../records/core/csv-scanner.ts';
import { detectEncoding, detectFormat, type Encoding } from '../records/core/file-format.ts';
import { columnNames } from '../records/core/header.ts';
import type { DataFile } from '../records/open-file.ts';

/** A row of a CSV file. */
export interface CsvRow {
  /** The physical line on which it starts, from 1. */
  readonly line: number;
  /** As many as the header has, or fewer where the row breaks off. */
  readonly cells: readonly string[];
}

export interface CsvHeader {
  readonly columns: readonly string[];
}

type Decoder = InstanceType<typeof TextDecoder>;

/** The format shows itself within so many characters. */
const HEAD = 65_536;
const MOST_PROBLEMS = 20;

/**
 * The rows of a CSV file in one reading, some at a time. The header comes first, on its own. Blank lines are left out; a row that
 * breaks off has blanks for the rest.
 * @throws SamepageError `file_rejected` when it is no CSV text, or rows in it cannot be read: all of them are named, up to twenty
 */
export async function* readCsv(
  file: DataFile,
  options: { encoding?: Encoding; progress?: (bytes: number) => void } = {},
): AsyncGenerator<CsvHeader | readonly CsvRow[]> {
  let decoder: Decoder | undefined;
  let scanner: CsvScanner | undefined;
  let head = '';
  let columns: string[] | undefined;
  let isHintRead = true;
  const problems: Problem[] = [];
  let bad = 0;
  const rowOf = (record: ScannedRecord): CsvRow | undefined => {
    if ('problem' in record) return refuse(record.line, record.found, record.problem);
    const { line, cells } = record;
    const width = columns?.length ?? 0;
    if (cells.length > width && cells.slice(width).some((cell) => cell.trim() !== ''))
      return refuse(line, cells[0] ?? '', `has ${cells.length} cells where the header has ${width}`);
    return { line, cells };
  };
  const refuse = (line: number, value: string, reason: string): undefined => {
    bad += 1;
    if (problems.length < MOST_PROBLEMS) problems.push({ path: `line ${line}`, value: shown(value), reason });
  };
  const take = (records: readonly ScannedRecord[]): (CsvHeader | CsvRow[])[] => {
    const found: (CsvHeader | CsvRow[])[] = [];
    const rows: CsvRow[] = [];
    for (const record of records) {
      if ('cells' in record && isBlank(record.cells)) continue;
      if (!isHintRead) isHintRead = true;
      else if (columns === undefined) {
        if ('problem' in record)
          throw new SamepageError(
            'file_rejected',
            `The header, line ${record.line}, ${record.problem}.`,
            'Export the file again as CSV UTF-8.',
          );
        columns = columnNames(record.cells);
        found.push({ columns });
      } else {
        const row = rowOf(record);
        if (row !== undefined) rows.push(row);
      }
    }
    found.push(rows);
    return found;
  };
  const start = (text: string) => {
    const format = detectFormat(text, file.ext);
    if (format.form !== 'csv')
      throw new SamepageError('file_rejected', 'The file is JSONL; this command reads CSV.', 'Convert it to CSV with a header line.');
    isHintRead = !format.preamble;
    scanner = new CsvScanner(format.delimiter, format.newline);
    return scanner;
  };
  let bytes = 0;
  for await (const piece of file.bytes()) {
    decoder ??= new TextDecoder(options.encoding ?? detectEncoding(piece), { fatal: true });
    const text = decoded(decoder, piece);
    bytes += piece.length;
    options.progress?.(bytes);
    if (scanner !== undefined) yield* take(scanner.push(text));
    else {
      head += text;
      if (head.length >= HEAD) yield* take(start(head).push(head));
    }
  }
  const rest = decoder === undefined ? '' : decoded(decoder, undefined);
  if (scanner === undefined) {
    const text = head + rest;
    yield* take(start(text).push(text));
  }
  if (scanner !== undefined) yield* take((scanner as CsvScanner).end());
  if (columns === undefined)
    throw new SamepageError('file_rejected', 'The file has no header line.', 'Export it again, with its header line.');
  if (bad > 0) {
    throw new SamepageError(
      'file_rejected',
      `${bad.toLocaleString('en-US')} ${bad === 1 ? 'row' : 'rows'} of the file cannot be read.`,
      'Mend or leave out these lines, then run it again.',
      { problems },
    );
  }
}

function isBlank(cells: readonly string[]): boolean {
  for (const cell of cells) if (cell.trim() !== '') return false;
  return true;
}

function decoded(decoder: Decoder, piece: Uint8Array | undefined): string {
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch (cause) {
    throw new SamepageError(
      'file_rejected',
      `The file is not ${decoder.encoding.toUpperCase()}: a byte in it is no text.`,
      'Save it as "CSV UTF-8", or say its encoding (--encoding windows-1252 for an older Excel).',
      { cause },
    );
  }
}

/** A cell as CSV. */
export function csvCell(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
