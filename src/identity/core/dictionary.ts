import { hashText, hashUnits } from './hash.ts';
import { copyFirst, sharedInts } from './shared-array.ts';
import { GrowingTexts, type PackedTexts } from './texts.ts';

/** Few: many a table is of one record. So small an array is made at once where the other objects are. */
const FEWEST_PLACES = 8;

/**
 * Distinct texts and a number for each, from 0 on in the order in which they came. A table of hashes beside the texts: a built-in map of
 * half a million texts takes many times the memory, and longer to ask. A text may be given as bytes of ASCII, of which no string is made.
 */
export class Dictionary {
  readonly #texts = new GrowingTexts();
  /** By place, the hash and the code plus one, next to each other; 0 is free. At most half of the places are taken. */
  #places = new Int32Array(2 * FEWEST_PLACES);

  get length(): number {
    return this.#texts.length;
  }

  /** The text's code, a new one if need be. */
  code(text: string): number {
    const hash = hashText(text);
    const at = this.#find(text, hash);
    const found = (this.#places[at + 1] as number) - 1;
    if (found >= 0) return found;
    this.#texts.push(text);
    return this.#added(at, hash);
  }

  /** The text's code, a new one if need be. */
  codeOfAscii(bytes: Uint8Array, from: number, to: number): number {
    const hash = hashUnits(bytes, from, to);
    const at = this.#findAscii(bytes, from, to, hash);
    const found = (this.#places[at + 1] as number) - 1;
    if (found >= 0) return found;
    this.#texts.pushAscii(bytes, from, to);
    return this.#added(at, hash);
  }

  /** The text's code, −1 when it has none. */
  find(text: string): number {
    return (this.#places[this.#find(text, hashText(text)) + 1] as number) - 1;
  }

  /** The text's code, −1 when it has none. */
  findAscii(bytes: Uint8Array, from: number, to: number): number {
    return (this.#places[this.#findAscii(bytes, from, to, hashUnits(bytes, from, to)) + 1] as number) - 1;
  }

  textOf(code: number): string | undefined {
    return this.#texts.at(code);
  }

  packed(): PackedTexts {
    return this.#texts.packed();
  }

  /** Where the text is, or would be. */
  #find(text: string, hash: number): number {
    const places = this.#places;
    const mask = places.length - 1;
    let at = (hash << 1) & mask;
    for (let place = places[at + 1] as number; place !== 0; place = places[at + 1] as number) {
      if (places[at] === (hash | 0) && this.#texts.isText(place - 1, text)) return at;
      at = (at + 2) & mask;
    }
    return at;
  }

  #findAscii(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const places = this.#places;
    const mask = places.length - 1;
    let at = (hash << 1) & mask;
    for (let place = places[at + 1] as number; place !== 0; place = places[at + 1] as number) {
      if (places[at] === (hash | 0) && this.#texts.isAscii(place - 1, bytes, from, to)) return at;
      at = (at + 2) & mask;
    }
    return at;
  }

  #added(at: number, hash: number): number {
    const count = this.#texts.length;
    this.#places[at] = hash;
    this.#places[at + 1] = count;
    if (4 * count === this.#places.length) this.#grow();
    return count - 1;
  }

  #grow(): void {
    const places = this.#places;
    const larger = new Int32Array(2 * places.length);
    const mask = larger.length - 1;
    for (let from = 0; from < places.length; from += 2) {
      if (places[from + 1] === 0) continue;
      let at = ((places[from] as number) << 1) & mask;
      while (larger[at + 1] !== 0) at = (at + 2) & mask;
      larger[at] = places[from] as number;
      larger[at + 1] = places[from + 1] as number;
    }
    this.#places = larger;
  }
}

/** Whole numbers in a row that grows. */
export class Growing {
  #items = new Int32Array(16);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: number): void {
    if (this.#length === this.#items.length) {
      const larger = new Int32Array(this.#length * 2);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.#length] = item;
    this.#length += 1;
  }

  at(place: number): number | undefined {
    return this.#items[place];
  }

  /** What is in it, as a view. */
  view(): Int32Array {
    return this.#items.subarray(0, this.#length);
  }

  /** A copy of what is in it, which threads can share. */
  shared(): Int32Array {
    const items = sharedInts(this.#length);
    copyFirst(this.#items, items, this.#length);
    return items;
  }
}
