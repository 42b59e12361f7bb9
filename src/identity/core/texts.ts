import { hashText, hashUnits } from './hash.ts';
import { copyFirst, sharedBytes, sharedCounts, sharedUnits } from './shared-array.ts';

/** Texts by number, from 0 on. */
export interface Texts extends Iterable<string> {
  readonly length: number;
  /** Undefined where there is none. */
  at(code: number): string | undefined;
}

/** UTF-16 units of texts one after the other; bytes, while all of them fit. */
export type Units = Uint8Array | Uint16Array;

/** Up to so many texts are kept as strings too, once they were asked for: names are asked for again and again. */
const MOST_KEPT = 250_000;

/** Texts in one array of units: a million of them take a fifth of the memory of as many strings, and threads can share them. */
export class PackedTexts implements Texts {
  readonly units: Units;
  /** Where each text starts; one more than there are texts. */
  readonly starts: Uint32Array;
  /** Strings made before, where there are few. */
  readonly #kept: (string | undefined)[] = [];

  constructor(units: Units, starts: Uint32Array) {
    this.units = units;
    this.starts = starts;
  }

  get length(): number {
    return this.starts.length - 1;
  }

  at(code: number): string | undefined {
    if (code < 0 || code >= this.starts.length - 1) return undefined;
    if (this.starts.length > MOST_KEPT) return textOf(this.units, this.starts[code] as number, this.starts[code + 1] as number);
    let text = this.#kept[code];
    if (text === undefined) {
      text = textOf(this.units, this.starts[code] as number, this.starts[code + 1] as number);
      this.#kept[code] = text;
    }
    return text;
  }

  *[Symbol.iterator](): Iterator<string> {
    for (let code = 0; code < this.length; code += 1) yield this.at(code) as string;
  }
}

/** A number for each text. */
export function numbersOf(texts: Texts, numberOf: (text: string) => number): Uint32Array {
  const numbers = new Uint32Array(texts.length);
  for (let code = 0; code < numbers.length; code += 1) numbers[code] = numberOf(texts.at(code) as string);
  return numbers;
}

/** A hash of each text, or of a part of it as in `slice`; 0 for a text with nothing in it. */
export function hashesOf(texts: Texts, first = 0, end = Number.POSITIVE_INFINITY): Uint32Array {
  if (!(texts instanceof PackedTexts)) return numbersOf(texts, (text) => (text === '' ? 0 : hashText(text.slice(first, end))));
  const { units, starts } = texts;
  const hashes = new Uint32Array(texts.length);
  for (let code = 0; code < hashes.length; code += 1) {
    const [start, after] = [starts[code] as number, starts[code + 1] as number];
    const from = first < 0 ? Math.max(start, after + first) : Math.min(after, start + first);
    hashes[code] = start === after ? 0 : hashUnits(units, from, Math.min(after, start + end));
  }
  return hashes;
}

/** So many texts with nothing in them. */
export function emptyTexts(count: number): Texts {
  return new PackedTexts(new Uint8Array(0), sharedCounts(count + 1));
}

/** Texts to which more are added. */
export class GrowingTexts {
  #units: Units = new Uint8Array(64);
  #starts = new Uint32Array(16);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  at(code: number): string | undefined {
    return code < 0 || code >= this.#length
      ? undefined
      : textOf(this.#units, this.#starts[code] as number, this.#starts[code + 1] as number);
  }

  push(text: string): void {
    const at = this.#room(text.length);
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      if (unit > 255 && this.#units instanceof Uint8Array) this.#units = Uint16Array.from(this.#units);
      this.#units[at + i] = unit;
    }
  }

  /** A text given as bytes of ASCII. */
  pushAscii(bytes: Uint8Array, from: number, to: number): void {
    const at = this.#room(to - from);
    const units = this.#units;
    for (let i = from; i < to; i += 1) units[at + i - from] = bytes[i] as number;
  }

  isText(code: number, text: string): boolean {
    const start = this.#starts[code] as number;
    if ((this.#starts[code + 1] as number) - start !== text.length) return false;
    const units = this.#units;
    for (let i = 0; i < text.length; i += 1) if (units[start + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  isAscii(code: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#starts[code] as number;
    if ((this.#starts[code + 1] as number) - start !== to - from) return false;
    const units = this.#units;
    for (let i = from; i < to; i += 1) if (units[start + i - from] !== bytes[i]) return false;
    return true;
  }

  /** What is in it, no larger than need be. */
  packed(): PackedTexts {
    const used = this.#starts[this.#length] as number;
    const units = this.#units instanceof Uint8Array ? sharedBytes(used) : sharedUnits(used);
    copyFirst(this.#units, units, used);
    const starts = sharedCounts(this.#length + 1);
    copyFirst(this.#starts, starts, starts.length);
    return new PackedTexts(units, starts);
  }

  /** Room for one more text; where it starts. */
  #room(length: number): number {
    const at = this.#starts[this.#length] as number;
    const end = at + length;
    if (end > this.#units.length) {
      const size = Math.max(end, this.#units.length * 2);
      const larger = this.#units instanceof Uint8Array ? new Uint8Array(size) : new Uint16Array(size);
      larger.set(this.#units);
      this.#units = larger;
    }
    this.#length += 1;
    if (this.#length === this.#starts.length) {
      const larger = new Uint32Array(this.#length * 2);
      larger.set(this.#starts);
      this.#starts = larger;
    }
    this.#starts[this.#length] = end;
    return at;
  }
}

/** Arrays of each length: giving all units to one call is the quickest way to make a text of them. */
const scratch: number[][] = [];
const AT_ONCE = 64;

function textOf(units: Units, from: number, to: number): string {
  const length = to - from;
  if (length > AT_ONCE) return textOf(units, from, from + AT_ONCE) + textOf(units, from + AT_ONCE, to);
  let row = scratch[length];
  if (row === undefined) {
    row = new Array<number>(length).fill(0);
    scratch[length] = row;
  }
  for (let i = 0; i < length; i += 1) row[i] = units[from + i] as number;
  return String.fromCharCode.apply(null, row);
}

/** A part of an ASCII text. */
export function asciiText(bytes: Uint8Array, from: number, to: number): string {
  return textOf(bytes, from, to);
}
