/** One record of a file, or what is wrong with it. */
export type ScannedRecord =
  | { readonly line: number; readonly lines: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly lines: number; readonly problem: string; readonly found: string };

/** A record longer than this is refused, so that one lost quote cannot fill the memory. */
export const LONGEST_RECORD = 1_048_576;

const QUOTE = '"';
const BLANK = ' ';

/**
 * Cuts CSV text into records, whole or in pieces, with the physical line on which each starts and how many it has. Lines end
 * with LF or CRLF, or with CR alone when `newline` says so. A broken record (a quote never closed, text after a closing quote, one
 * longer than LONGEST_RECORD) is reported as one line, and reading goes on at the next one: the rows after it are not lost. A
 * quote inside an unquoted cell is itself. Where cells are parted by blanks, as columns that line up are, several blanks are one.
 */
export class CsvScanner {
  readonly #delimiter: string;
  readonly #newline: string;
  #text = '';
  #position = 0;
  #line = 1;
  /** Where the next quote is; -1 when there is none, -2 when not looked for. */
  #quote = -2;
  /** In the rest of a line that was refused for its length. */
  #skipping = false;

  constructor(delimiter: string, newline: '\n' | '\r' = '\n') {
    this.#delimiter = delimiter;
    this.#newline = newline;
  }

  /** Physical lines read so far. */
  get lines(): number {
    return this.#line - 1;
  }

  /** The records that end within what has come so far. */
  push(text: string): ScannedRecord[] {
    this.#text = this.#position === 0 ? this.#text + text : this.#text.slice(this.#position) + text;
    this.#position = 0;
    this.#quote = -2;
    return this.#scan(false);
  }

  /** The records that are left; a last line needs no line end. */
  end(): ScannedRecord[] {
    const records = this.#scan(true);
    this.#text = '';
    this.#position = 0;
    return records;
  }

  #scan(last: boolean): ScannedRecord[] {
    const records: ScannedRecord[] = [];
    while (this.#position < this.#text.length) {
      const record = this.#next(last);
      if (record === undefined) break;
      if (record !== 'skipped') records.push(record);
    }
    return records;
  }

  #next(last: boolean): ScannedRecord | 'skipped' | undefined {
    const start = this.#position;
    const lineEnd = this.#text.indexOf(this.#newline, start);
    const end = lineEnd < 0 ? this.#text.length : lineEnd;
    if (this.#skipping) {
      if (lineEnd >= 0 || last) {
        this.#skipping = false;
        this.#line += 1;
      }
      this.#position = lineEnd < 0 ? this.#text.length : lineEnd + 1;
      return 'skipped';
    }
    if (lineEnd < 0 && !last) return this.#tooLong(start, end);
    if (end - start > LONGEST_RECORD) return this.#refuse(start, end, lineEnd, tooLong);
    if (this.#quote !== -1 && this.#quote < start) this.#quote = this.#text.indexOf(QUOTE, start);
    if (this.#quote < 0 || this.#quote >= end) {
      const line = this.#text.slice(start, this.#text[end - 1] === '\r' && end > start ? end - 1 : end);
      return this.#accept(1, lineEnd < 0 ? end : end + 1, this.#cells(line));
    }
    return this.#quoted(start, end, lineEnd, last);
  }

  #cells(line: string): string[] {
    const cells = line.split(this.#delimiter);
    return this.#delimiter === BLANK ? cells.filter((cell) => cell !== '') : cells;
  }

  /** A line not yet ended: waits for more, or gives it up. */
  #tooLong(start: number, end: number): ScannedRecord | undefined {
    if (end - start <= LONGEST_RECORD) return undefined;
    this.#skipping = true;
    this.#position = end;
    return { line: this.#line, lines: 1, problem: tooLong, found: this.#text.slice(start, start + 100) };
  }

  #accept(lines: number, next: number, cells: string[]): ScannedRecord {
    const record = { line: this.#line, lines, cells };
    this.#line += lines;
    this.#position = next;
    return record;
  }

  #refuse(start: number, end: number, lineEnd: number, problem: string): ScannedRecord {
    const record = { line: this.#line, lines: 1, problem, found: this.#text.slice(start, Math.min(end, start + 100)) };
    this.#line += 1;
    this.#position = lineEnd < 0 ? end : lineEnd + 1;
    return record;
  }

  /** A record with a quote in its first line. */
  #quoted(start: number, firstEnd: number, firstLineEnd: number, last: boolean): ScannedRecord | undefined {
    const text = this.#text;
    const cells: string[] = [];
    let position = start;
    let lines = 1;
    for (;;) {
      const opening = this.#openingQuote(position);
      let after: number;
      if (opening < 0) {
        after = this.#cellEnd(position);
        const bare = text.slice(position, after);
        const cell = bare.endsWith('\r') && text[after] === this.#newline ? bare.slice(0, -1) : bare;
        if (cell !== '' || this.#delimiter !== BLANK) cells.push(cell);
        if (after === text.length && !last) return this.#wait(start, firstEnd, firstLineEnd, 'ends with no line end');
      } else {
        const closing = this.#closingQuote(opening);
        if (closing < 0) {
          if (!last) return this.#wait(start, firstEnd, firstLineEnd, neverClosed);
          return this.#refuse(start, firstEnd, firstLineEnd, neverClosed);
        }
        const inside = text.slice(opening + 1, closing);
        lines += countOf(inside, this.#newline);
        cells.push(inside.includes(QUOTE) ? inside.replaceAll('""', QUOTE) : inside);
        after = closing + 1;
        while ((text[after] === BLANK && this.#delimiter !== BLANK) || (text[after] === '\r' && this.#newline === '\n')) after += 1;
        if (after >= text.length && !last) return this.#wait(start, firstEnd, firstLineEnd, neverClosed);
        if (after < text.length && text[after] !== this.#delimiter && text[after] !== this.#newline) {
          return this.#refuse(start, firstEnd, firstLineEnd, 'has text after a closing quote: a quote inside a quoted cell is written ""');
        }
      }
      if (text[after] !== this.#delimiter) {
        if (after - start > LONGEST_RECORD) return this.#refuse(start, firstEnd, firstLineEnd, tooLong);
        return this.#accept(lines, Math.min(after + 1, text.length), cells);
      }
      position = after + 1;
    }
  }

  #wait(start: number, firstEnd: number, firstLineEnd: number, problem: string): ScannedRecord | undefined {
    return this.#text.length - start > LONGEST_RECORD ? this.#refuse(start, firstEnd, firstLineEnd, problem) : undefined;
  }

  /** Where the quote that opens the cell is, or -1; blanks before it do not count. */
  #openingQuote(position: number): number {
    let at = position;
    while (this.#text[at] === ' ') at += 1;
    return this.#text[at] === QUOTE ? at : -1;
  }

  #closingQuote(opening: number): number {
    let at = this.#text.indexOf(QUOTE, opening + 1);
    while (at >= 0 && this.#text[at + 1] === QUOTE) at = this.#text.indexOf(QUOTE, at + 2);
    return at;
  }

  #cellEnd(position: number): number {
    const text = this.#text;
    for (let at = position; at < text.length; at += 1) if (text[at] === this.#delimiter || text[at] === this.#newline) return at;
    return text.length;
  }
}

const tooLong = `is longer than ${LONGEST_RECORD.toLocaleString('en-US')} characters`;
const neverClosed = 'opens a quote that is never closed';

function countOf(text: string, mark: string): number {
  let count = 0;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) count += 1;
  return count;
}
