import { type Problem, SamepageError, shown } from '../kernel/errors.ts';
import { CsvScanner, LONGEST_RECORD, type ScannedRecord } from '../records/core/csv-scanner.ts';
import { detectEncoding, detectFormat, type Encoding } from '../records/core/file-format.ts';
import { columnNames } from '../records/core/header.ts';
import type { DataFile } from '../records/open-file.ts';
import { cutCells } from './core/cut-cells.ts';

/** A row of a CSV file. */
export interface CsvRow {
  /** The physical line on which it starts, from 1. */
  readonly line: number;
  /** As many as the header has, or fewer where the row breaks off. */
  readonly cells: readonly string[];
}

/** Who takes what is read. */
export interface CellTaker {
  header(columns: readonly string[]): void;
  row(row: CsvRow): void;
  /** From then on most rows come as bytes. */
  readonly takesBytes: boolean;
  /** A row of ASCII: where each of its cells starts and ends in the bytes, by twos, blanks around them left out. */
  bytes(bytes: Uint8Array, bounds: Int32Array, line: number): void;
}

type Decoder = InstanceType<typeof TextDecoder>;

/** The format shows itself within so many bytes. */
const HEAD = 65_536;
const MOST_PROBLEMS = 20;
const LINE_FEED = 0x0a;

/**
 * Reads a CSV file once, the header first. Blank lines are left out; a row that breaks off has blanks for the rest. Rows of plain ASCII
 * are cut where they stand, the others by the scanner: both see the same file.
 * @param progress is told the bytes read, and may throw to stop
 * @throws SamepageError `file_rejected` when it is no CSV text, or rows in it cannot be read: all of them are named, up to twenty
 */
export async function readCells(
  file: DataFile,
  taker: CellTaker,
  options: { encoding?: Encoding; progress?: (bytes: number) => void } = {},
): Promise<void> {
  const reading = new CellReading(file.ext, taker, options.encoding);
  let bytes = 0;
  for await (const piece of file.bytes()) {
    bytes += piece.length;
    options.progress?.(bytes);
    reading.push(piece);
  }
  reading.end();
}

class CellReading {
  readonly #ext: string;
  readonly #taker: CellTaker;
  readonly #encoding: Encoding | undefined;
  #decoder: Decoder | undefined;
  #scanner: CsvScanner | undefined;
  #columns: readonly string[] | undefined;
  /** Cells of the header; the last may have no name, and what stands under them is left out. */
  #width = 0;
  #isHintRead = true;
  /** Bytes whose line has not ended. */
  #rest: Uint8Array = new Uint8Array(0);
  /** False where lines cannot be told in the bytes: then the scanner has it all. */
  #isByLine = true;
  #delimiter = 0;
  #bounds = new Int32Array(0);
  /** Lines that the scanner has not seen, and those that it was given. */
  #cut = 0;
  #given = 0;
  readonly #problems: Problem[] = [];
  #bad = 0;

  constructor(ext: string, taker: CellTaker, encoding: Encoding | undefined) {
    this.#ext = ext;
    this.#taker = taker;
    this.#encoding = encoding;
  }

  push(piece: Uint8Array): void {
    if (this.#decoder === undefined) {
      const found = detectEncoding(piece);
      const encoding = this.#encoding ?? found;
      this.#decoder = new TextDecoder(encoding, { fatal: true });
      this.#isByLine = !encoding.startsWith('utf-16');
    }
    const bytes = this.#rest.length === 0 ? piece : joined(this.#rest, piece);
    if (this.#scanner === undefined && bytes.length < HEAD) {
      this.#rest = bytes.slice();
      return;
    }
    const end = this.#isByLine ? bytes.lastIndexOf(LINE_FEED) + 1 : bytes.length;
    this.#rest = bytes.slice(end);
    if (end > 0) this.#take(bytes.subarray(0, end));
    if (this.#rest.length <= LONGEST_RECORD) return;
    // one line without end: the scanner knows what to do
    this.#isByLine = false;
    this.#take(this.#rest);
    this.#rest = new Uint8Array(0);
  }

  end(): void {
    if (this.#decoder === undefined) this.#start('');
    this.#isByLine = false;
    this.#take(this.#rest);
    const left = this.#decode(undefined);
    const scanner = this.#scanner as CsvScanner;
    if (left !== '') this.#rows(scanner.push(left));
    this.#rows(scanner.end());
    if (this.#columns === undefined)
      throw new SamepageError('file_rejected', 'The file has no header line.', 'Export it again, with its header line.');
    if (this.#bad > 0) {
      throw new SamepageError(
        'file_rejected',
        `${this.#bad.toLocaleString('en-US')} ${this.#bad === 1 ? 'row' : 'rows'} of the file cannot be read.`,
        'Mend or leave out these lines, then run it again.',
        { problems: this.#problems },
      );
    }
  }

  /** Whole lines, or where lines cannot be told any piece. */
  #take(bytes: Uint8Array): void {
    let from = 0;
    while (from < bytes.length) {
      if (this.#isByLine && this.#taker.takesBytes && this.#scanner !== undefined && !this.#isPending()) {
        from = this.#cutLines(bytes, from);
        if (from === bytes.length) return;
        // one line of another kind; where it does not end the record, all that is left
        const end = bytes.indexOf(LINE_FEED, from) + 1;
        this.#scan(bytes.subarray(from, end));
        from = end;
      } else {
        this.#scan(bytes.subarray(from));
        return;
      }
    }
    if (this.#scanner === undefined) this.#start('');
  }

  /** True while the scanner waits for the end of a record. */
  #isPending(): boolean {
    return this.#scanner?.lines !== this.#given;
  }

  /** Takes lines of plain cells. @returns where the first other line starts, or the end */
  #cutLines(bytes: Uint8Array, start: number): number {
    const scanned = this.#given + 1;
    for (let from = start; from < bytes.length; ) {
      const end = bytes.indexOf(LINE_FEED, from);
      const found = cutCells(bytes, from, end, this.#delimiter, this.#bounds);
      if (found === 'odd') return from;
      if (found === 'row') this.#taker.bytes(bytes, this.#bounds, scanned + this.#cut);
      this.#cut += 1;
      from = end + 1;
    }
    return bytes.length;
  }

  #scan(bytes: Uint8Array): void {
    const text = this.#decode(bytes);
    const scanner = this.#scanner ?? this.#start(text);
    if (this.#isByLine) for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) this.#given += 1;
    this.#rows(scanner.push(text));
  }

  #start(text: string): CsvScanner {
    const format = detectFormat(text, this.#ext);
    if (format.form !== 'csv')
      throw new SamepageError('file_rejected', 'The file is JSONL; this command reads CSV.', 'Convert it to CSV with a header line.');
    this.#isHintRead = !format.preamble;
    this.#delimiter = format.delimiter.charCodeAt(0);
    if (format.newline === '\r' || format.delimiter.length > 1 || this.#delimiter > 0x7e) this.#isByLine = false;
    this.#scanner = new CsvScanner(format.delimiter, format.newline);
    return this.#scanner;
  }

  #rows(records: readonly ScannedRecord[]): void {
    for (const record of records) {
      const line = record.line + this.#cut;
      if ('cells' in record && isBlank(record.cells)) continue;
      if (!this.#isHintRead) this.#isHintRead = true;
      else if (this.#columns === undefined) {
        if ('problem' in record)
          throw new SamepageError('file_rejected', `The header, line ${line}, ${record.problem}.`, 'Export the file again as CSV UTF-8.');
        this.#columns = columnNames(record.cells);
        this.#width = record.cells.length;
        this.#bounds = new Int32Array(2 * this.#columns.length);
        this.#taker.header(this.#columns);
      } else if ('problem' in record) this.#refuse(line, record.found, record.problem);
      else {
        const { cells } = record;
        const width = this.#width;
        if (cells.length > width && cells.slice(width).some((cell) => cell.trim() !== ''))
          this.#refuse(line, cells[0] ?? '', `has ${cells.length} cells where the header has ${width}`);
        else this.#taker.row({ line, cells });
      }
    }
  }

  #refuse(line: number, value: string, reason: string): void {
    this.#bad += 1;
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push({ path: `line ${line}`, value: shown(value), reason });
  }

  #decode(bytes: Uint8Array | undefined): string {
    const decoder = this.#decoder;
    if (decoder === undefined) return '';
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch (cause) {
      throw new SamepageError(
        'file_rejected',
        `The file is not ${decoder.encoding.toUpperCase()}: a byte in it is no text.`,
        'Save it as "CSV UTF-8", or say its encoding (--encoding windows-1252 for an older Excel).',
        { cause },
      );
    }
  }
}

function isBlank(cells: readonly string[]): boolean {
  for (const cell of cells) if (cell.trim() !== '') return false;
  return true;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
