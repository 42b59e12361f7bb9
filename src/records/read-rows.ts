import { createHash } from 'node:crypto';
import { SamepageError } from '../kernel/errors.ts';
import { CsvScanner, type ScannedRecord } from './core/csv-scanner.ts';
import { type DataLine, DataLines } from './core/data-lines.ts';
import { readHeader } from './core/header.ts';
import type { LineCounts } from './core/import-report.ts';
import { JsonlScanner, type ScannedLine } from './core/jsonl-scanner.ts';
import type { Inspected } from './inspect-file.ts';

export interface RowsRead {
  rows: DataLine[];
  /** Bytes of the file read so far. */
  bytes: number;
}

/**
 * The rows of an inspected file, some at a time, so that any size fits. `counts` grows with what was read; at the end it accounts
 * for every physical line.
 * @throws SamepageError `file_rejected` when the file is no longer the one inspected.
 */
export async function* readRows(inspected: Inspected, counts: LineCounts): AsyncGenerator<RowsRead> {
  const { file, encoding, format, columns } = inspected;
  const hash = createHash('sha256');
  const decode = new TextDecoder(encoding);
  const reader = format.form === 'csv' ? csvReader(format, inspected.header, counts) : jsonlReader(columns, counts);
  let bytes = 0;
  for await (const piece of file.bytes()) {
    hash.update(piece);
    bytes += piece.length;
    yield { rows: reader(decode.decode(piece, { stream: true }), false), bytes };
  }
  yield { rows: reader(decode.decode(), true), bytes };
  if (hash.digest('hex') !== inspected.sha256) {
    throw new SamepageError(
      'file_rejected',
      'The file changed while it was read.',
      'Wait until it is written, then import it again: what is in already is skipped.',
    );
  }
}

type Reader = (text: string, last: boolean) => DataLine[];

function csvReader(
  format: { delimiter: string; newline: '\n' | '\r'; preamble: boolean },
  header: Inspected['header'],
  counts: LineCounts,
): Reader {
  const scanner = new CsvScanner(format.delimiter, format.newline);
  let data = header?.isLine === false ? new DataLines(header, counts) : undefined;
  let isHintRead = !format.preamble;
  const take = (record: ScannedRecord): DataLine[] => {
    if (data !== undefined && isHintRead) return data.take(record);
    counts.total += record.lines;
    if (!isHintRead) {
      isHintRead = true;
      counts.preamble += record.lines;
    } else if ('cells' in record && record.cells.every((cell) => cell.trim() === '')) counts.blank += record.lines;
    else {
      // one that cannot be read has refused the file before
      data = new DataLines(header ?? readHeader('cells' in record ? record.cells : []), counts);
      counts.header += record.lines;
    }
    return [];
  };
  return (text, last) => {
    const rows: DataLine[] = [];
    for (const record of scanner.push(text)) rows.push(...take(record));
    if (!last) return rows;
    for (const record of scanner.end()) rows.push(...take(record));
    rows.push(...(data?.end() ?? []));
    return rows;
  };
}

function jsonlReader(columns: readonly string[], counts: LineCounts): Reader {
  const scanner = new JsonlScanner();
  const take = (scanned: ScannedLine): DataLine[] => {
    counts.total += 1;
    const { line, text, value, problem } = scanned;
    if (value === undefined && problem === undefined) {
      counts.blank += 1;
      return [];
    }
    counts.rows += 1;
    if (value === undefined) return [{ bad: { line, column: null, value: text, reason: problem ?? '' } }];
    return [{ line, payload: text, cells: columns.map((column) => (Object.hasOwn(value, column) ? value[column] : undefined)) }];
  };
  return (text, last) => [...scanner.push(text), ...(last ? scanner.end() : [])].flatMap(take);
}
