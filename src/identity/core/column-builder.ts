import { Dictionary, Growing } from './dictionary.ts';
import { type Column, makeColumn, type RawColumn } from './table.ts';
import { asciiText } from './texts.ts';

/** A cell's text → the text that is compared; empty where there is nothing to compare. */
export type Read = (text: string) => string;
/** Where in ASCII bytes the text that is compared stands; −1 where the bytes have to be read as a text. */
export type ReadAscii = (bytes: Uint8Array, from: number, to: number) => number;

/** Raw texts seen before, kept while there are few of them. */
const MOST_REMEMBERED = 250_000;
const LONGEST_REMEMBERED = 80;
/** By then it shows whether a column's texts come again. */
const ENOUGH_TO_TELL = 50_000;

/** One column in the making: each distinct text is read once. */
export class ColumnBuilder {
  readonly label: string;
  readonly codes = new Growing();
  readonly dictionary: Dictionary;
  readonly #read: Read;
  readonly #readAscii: ReadAscii | undefined;
  #seen = new Dictionary();
  #seenCodes = new Growing();
  #hits = 0;
  #most = MOST_REMEMBERED;

  constructor(label: string, read: Read, dictionary = new Dictionary(), readAscii?: ReadAscii) {
    this.label = label;
    this.#read = read;
    this.dictionary = dictionary;
    this.#readAscii = readAscii;
  }

  /** Of a text that is normalised already. */
  plainCodeOf(text: string): number {
    return text === '' ? -1 : this.dictionary.code(text);
  }

  codeOf(text: string): number {
    if (text === '') return -1;
    const seen = this.#seen.find(text);
    if (seen >= 0) return this.#seenBefore(seen);
    const code = this.plainCodeOf(this.#read(text));
    if (this.#isKept(text.length) && this.#seen.code(text) === this.#seenCodes.length) this.#seenCodes.push(code);
    return code;
  }

  codeOfAscii(bytes: Uint8Array, from: number, to: number): number {
    if (from === to) return -1;
    const start = this.#readAscii?.(bytes, from, to) ?? -1;
    if (start >= 0) return this.dictionary.codeOfAscii(bytes, start, to);
    const seen = this.#seen.findAscii(bytes, from, to);
    if (seen >= 0) return this.#seenBefore(seen);
    const code = this.plainCodeOf(this.#read(asciiText(bytes, from, to)));
    if (this.#isKept(to - from) && this.#seen.codeOfAscii(bytes, from, to) === this.#seenCodes.length) this.#seenCodes.push(code);
    return code;
  }

  raw(): RawColumn {
    return { label: this.label, codes: this.codes.shared(), values: this.dictionary.packed() };
  }

  finish(order: Uint32Array): Column {
    return makeColumn(this.label, this.codes.shared(), this.dictionary.packed(), order);
  }

  #seenBefore(seen: number): number {
    this.#hits += 1;
    return this.#seenCodes.at(seen) as number;
  }

  #isKept(length: number): boolean {
    const size = this.#seenCodes.length;
    if (size === ENOUGH_TO_TELL && this.#hits < ENOUGH_TO_TELL) {
      this.#seen = new Dictionary();
      this.#seenCodes = new Growing();
      this.#most = 0;
    }
    return size < this.#most && length < LONGEST_REMEMBERED;
  }
}
