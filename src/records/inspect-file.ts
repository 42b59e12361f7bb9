import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { SamepageError, shown } from '../kernel/errors.ts';
import { CsvScanner, type ScannedRecord } from './core/csv-scanner.ts';
import { detectEncoding, detectFormat, type Encoding, type FileFormat } from './core/file-format.ts';
import { type Header, MOST_COLUMNS, readHeader } from './core/header.ts';
import { JsonlScanner, type ScannedLine } from './core/jsonl-scanner.ts';
import type { DataFile } from './open-file.ts';

export interface Inspected {
  file: DataFile;
  sha256: string;
  encoding: Encoding;
  format: FileFormat;
  columns: string[];
  /** The first filled cell of each column, as text; empty where the sample has none. */
  examples: string[];
  /** Of CSV whose header line does not name each column: those that it has; `isLine`: there is such a line. */
  header?: Header & { isLine: boolean };
}

/** How a file of CSV may differ from a header line with a name for each cell. */
export interface Layout {
  /** The names of its columns: it has no header line. */
  columns?: readonly string[] | undefined;
  /** Each row may begin with its name, above which the header has nothing, as R and others write it. */
  mayNameRows?: boolean;
}

/** What the column of the names of rows is called. */
export const ROW_NAME = 'row name';

const SAMPLED_ROWS = 200;
/** The format shows itself within so many characters. */
const HEAD = 65_536;

/**
 * The first reading of a file: its digest, that its text is what it claims to be, its form and its columns.
 * @param delimiter between the cells of CSV; guessed when left out
 * @throws SamepageError `file_rejected`
 */
export async function inspectFile(file: DataFile, encodingGiven?: Encoding, delimiter?: string, layout: Layout = {}): Promise<Inspected> {
  const hash = createHash('sha256');
  let encoding: Encoding | undefined = encodingGiven;
  let decode: ((piece: Uint8Array | undefined) => string) | undefined;
  let head = '';
  let reader: SampleReader | undefined;
  const take = (text: string, last: boolean) => {
    if (reader === undefined) {
      head += text;
      if (head.length < HEAD && !last) return;
      const format = detectFormat(head, file.ext, layout.columns?.length);
      reader = new SampleReader(format.form === 'csv' && delimiter !== undefined ? { ...format, delimiter } : format, layout);
      reader.push(head);
      head = '';
    } else reader.push(text);
    if (last) reader.end();
  };
  for await (const piece of file.bytes()) {
    hash.update(piece);
    if (decode === undefined) {
      const found = detectEncoding(piece);
      encoding ??= found;
      decode = decoder(encoding);
    }
    take(decode(piece), false);
  }
  if (encoding === undefined || decode === undefined)
    throw new SamepageError('file_rejected', 'The file is empty.', 'Export it again, with its header line.');
  take(decode(undefined), true);
  if (reader === undefined) throw new Error('the file was not read');
  return { file, sha256: hash.digest('hex'), encoding, ...reader.result() };
}

/** Text from bytes in pieces. Bytes that are no text of the encoding refuse the file, naming their line. */
function decoder(encoding: Encoding): (piece: Uint8Array | undefined) => string {
  const decode = new TextDecoder(encoding, { fatal: true });
  let lines = 1;
  let carried: Uint8Array = new Uint8Array();
  return (piece) => {
    try {
      const text = piece === undefined ? decode.decode() : decode.decode(piece, { stream: true });
      if (piece !== undefined && encoding === 'utf-8') {
        const lastEnd = piece.lastIndexOf(0x0a);
        carried = lastEnd < 0 ? Buffer.concat([carried, piece]).subarray(-HEAD) : piece.subarray(lastEnd + 1);
        for (let at = piece.indexOf(0x0a); at >= 0; at = piece.indexOf(0x0a, at + 1)) lines += 1;
      }
      return text;
    } catch (cause) {
      const where = encoding === 'utf-8' ? ` in line ${lines + brokenLine(Buffer.concat([carried, piece ?? new Uint8Array()]))}` : '';
      throw new SamepageError(
        'file_rejected',
        `The file is not ${encoding.toUpperCase()}: a byte${where} is no text.`,
        'Save it as "CSV UTF-8", or say its encoding with `encoding` (windows-1252 for an older Excel).',
        { cause },
      );
    }
  };
}

function brokenLine(bytes: Uint8Array): number {
  let line = 0;
  for (let start = 0; start < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    const stop = end < 0 ? bytes.length : end;
    if (!isUtf8(bytes.subarray(start, stop))) return line;
    start = stop + 1;
  }
  return Math.max(0, line - 1);
}

/** Finds the columns and an example for each, from the header and the first rows of CSV, or all rows of JSONL. */
class SampleReader {
  readonly #format: FileFormat;
  readonly #scanner: CsvScanner | JsonlScanner;
  #header: Header | undefined;
  /** Of JSONL, in the order of their first use. */
  readonly #keys: string[] = [];
  #flaw: ScannedLine | undefined;
  readonly #indexes = new Map<string, number>();
  readonly #examples: string[] = [];
  readonly #layout: Layout;
  #rows = 0;
  /** Of those, the ones with a cell more than the header has. */
  #wider = 0;
  #isHintRead = false;

  constructor(format: FileFormat, layout: Layout) {
    this.#format = format;
    this.#layout = layout;
    if (format.form === 'csv' && layout.columns !== undefined) this.#header = readHeader(layout.columns);
    this.#scanner = format.form === 'csv' ? new CsvScanner(format.delimiter, format.newline) : new JsonlScanner();
  }

  push(text: string): void {
    if (this.#scanner instanceof JsonlScanner) this.#takeObjects(this.#scanner.push(text));
    else if (this.#rows < SAMPLED_ROWS) this.#takeRecords(this.#scanner.push(text));
  }

  end(): void {
    if (this.#scanner instanceof JsonlScanner) this.#takeObjects(this.#scanner.end());
    else if (this.#rows < SAMPLED_ROWS) this.#takeRecords(this.#scanner.end());
  }

  result(): Pick<Inspected, 'format' | 'columns' | 'examples' | 'header'> {
    const isLine = this.#layout.columns === undefined;
    const areNamed = this.#areRowsNamed();
    if (areNamed) this.#header = readHeader([ROW_NAME, ...(this.#header?.names ?? [])]);
    const columns = this.#columns();
    if (columns.length === 0) throw this.#empty();
    return {
      format: this.#format,
      columns,
      examples: columns.map((_, i) => shown(this.#examples[i] ?? '')),
      ...(this.#header !== undefined && (areNamed || !isLine) && { header: { ...this.#header, isLine } }),
    };
  }

  /** Every row has one cell more than the header, and the last of them is not just the end of a line. */
  #areRowsNamed(): boolean {
    const { mayNameRows = false, columns } = this.#layout;
    if (!mayNameRows || columns !== undefined || this.#header === undefined || this.#rows === 0 || this.#wider < this.#rows) return false;
    return (this.#examples[this.#header.names.length] ?? '') !== '';
  }

  /** Those at the end of a CSV's header that have no name count where a row has something there. */
  #columns(): string[] {
    if (this.#format.form === 'jsonl') return this.#keys;
    const { names, named } = this.#header ?? { names: [], named: 0 };
    return names.slice(0, names.findLastIndex((_, i) => i < named || (this.#examples[i] ?? '') !== '') + 1);
  }

  #empty(): SamepageError {
    if (this.#format.form === 'csv')
      return new SamepageError('file_rejected', 'The file has no header line.', 'Export it again, with column names in its first line.');
    const where = this.#flaw === undefined ? '' : `; line ${this.#flaw.line} ${this.#flaw.problem}`;
    return new SamepageError(
      'file_rejected',
      `The file begins as JSONL does, and no line of it is a JSON object with a field${where}.`,
      'Write one whole object a line, as in {"name": "Acme"}, and import again.',
    );
  }

  #takeRecords(records: readonly ScannedRecord[]): void {
    for (const record of records) {
      if (this.#format.form === 'csv' && this.#format.preamble && !this.#isHintRead) {
        this.#isHintRead = true;
        continue;
      }
      if ('problem' in record) {
        if (this.#header !== undefined) continue;
        throw new SamepageError(
          'file_rejected',
          `The header, line ${record.line}, ${record.problem}.`,
          'Correct the header line and import again.',
        );
      }
      if (record.cells.every((cell) => cell.trim() === '')) continue;
      if (this.#header === undefined) this.#header = readHeader(record.cells);
      else this.#example(record.cells);
    }
  }

  #takeObjects(lines: readonly ScannedLine[]): void {
    for (const line of lines) {
      const { value, problem } = line;
      if (problem !== undefined) this.#flaw ??= line;
      if (value === undefined) continue;
      for (const key of Object.keys(value)) {
        if (key === '' || key.includes('\u0000') || !key.isWellFormed() || key.length > 500) continue;
        let index = this.#indexes.get(key);
        if (index === undefined) {
          if (this.#keys.length === MOST_COLUMNS) continue;
          index = this.#keys.push(key) - 1;
          this.#indexes.set(key, index);
        }
        if ((this.#examples[index] ?? '') === '') this.#examples[index] = exampleOf(value[key]);
      }
    }
  }

  #example(cells: readonly string[]): void {
    this.#rows += 1;
    if (cells.length === (this.#header?.names.length ?? 0) + 1) this.#wider += 1;
    for (const [i, cell] of cells.entries()) if ((this.#examples[i] ?? '') === '' && cell.trim() !== '') this.#examples[i] = cell.trim();
  }
}

function exampleOf(value: unknown): string {
  return value === null || value === undefined ? '' : typeof value === 'string' ? value.trim() : JSON.stringify(value);
}
