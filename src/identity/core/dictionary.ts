import { hashText, hashUnits } from './hash.ts';
import { GrowingTexts, type PackedTexts } from './texts.ts';

/**
 * Distinct texts and a number for each, from 0 on in the order in which they came. A table of hashes beside the texts: a built-in map of
 * half a million texts takes many times the memory, and longer to ask. A text may be given as bytes of ASCII, of which no string is made.
 */
export class Dictionary {
  readonly #texts = new GrowingTexts();
  /** Codes by place, plus one; 0 is free. At most half of the places are taken. */
  #places = new Int32Array(256);
  #hashes = new Uint32Array(128);

  get length(): number {
    return this.#texts.length;
  }

  /** The text's code, a new one if need be. */
  code(text: string): number {
    const hash = hashText(text);
    const at = this.#find(text, hash);
    const found = (this.#places[at] as number) - 1;
    if (found >= 0) return found;
    this.#texts.push(text);
    return this.#added(at, hash);
  }

  /** The text's code, a new one if need be. */
  codeOfAscii(bytes: Uint8Array, from: number, to: number): number {
    const hash = hashUnits(bytes, from, to);
    const at = this.#findAscii(bytes, from, to, hash);
    const found = (this.#places[at] as number) - 1;
    if (found >= 0) return found;
    this.#texts.pushAscii(bytes, from, to);
    return this.#added(at, hash);
  }

  /** The text's code, −1 when it has none. */
  find(text: string): number {
    return (this.#places[this.#find(text, hashText(text))] as number) - 1;
  }

  /** The text's code, −1 when it has none. */
  findAscii(bytes: Uint8Array, from: number, to: number): number {
    return (this.#places[this.#findAscii(bytes, from, to, hashUnits(bytes, from, to))] as number) - 1;
  }

  textOf(code: number): string | undefined {
    return this.#texts.at(code);
  }

  packed(): PackedTexts {
    return this.#texts.packed();
  }

  /** Where the text is, or would be. */
  #find(text: string, hash: number): number {
    const mask = this.#places.length - 1;
    let at = hash & mask;
    for (let place = this.#places[at] as number; place !== 0; place = this.#places[at] as number) {
      if (this.#hashes[place - 1] === hash && this.#texts.isText(place - 1, text)) return at;
      at = (at + 1) & mask;
    }
    return at;
  }

  #findAscii(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const mask = this.#places.length - 1;
    let at = hash & mask;
    for (let place = this.#places[at] as number; place !== 0; place = this.#places[at] as number) {
      if (this.#hashes[place - 1] === hash && this.#texts.isAscii(place - 1, bytes, from, to)) return at;
      at = (at + 1) & mask;
    }
    return at;
  }

  #added(at: number, hash: number): number {
    const code = this.#texts.length - 1;
    this.#hashes[code] = hash;
    this.#places[at] = code + 1;
    if (code + 1 === this.#hashes.length) this.#grow(code + 1);
    return code;
  }

  #grow(count: number): void {
    const hashes = new Uint32Array(this.#hashes.length * 2);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    const mask = this.#places.length * 2 - 1;
    this.#places = new Int32Array(mask + 1);
    for (let code = 0; code < count; code += 1) {
      let at = (hashes[code] as number) & mask;
      while (this.#places[at] !== 0) at = (at + 1) & mask;
      this.#places[at] = code + 1;
    }
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
}
