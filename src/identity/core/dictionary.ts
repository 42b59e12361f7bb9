import { hashText } from './hash.ts';

/**
 * Distinct texts and a number for each, from 0 on in the order in which they came. A table of hashes beside the texts: a built-in map of
 * half a million texts takes three times the memory, and longer to ask.
 */
export class Dictionary {
  readonly values: string[] = [];
  /** Codes by place, plus one; 0 is free. At most half of the places are taken. */
  #places = new Int32Array(2048);
  #hashes = new Uint32Array(1024);

  /** The text's code, a new one if need be. */
  code(text: string): number {
    const hash = hashText(text);
    const at = this.#find(text, hash);
    const found = (this.#places[at] as number) - 1;
    if (found >= 0) return found;
    const code = this.values.length;
    this.values.push(detached(text));
    this.#hashes[code] = hash;
    this.#places[at] = code + 1;
    if (this.values.length === this.#hashes.length) this.#grow();
    return code;
  }

  /** The text's code, −1 when it has none. */
  find(text: string): number {
    return (this.#places[this.#find(text, hashText(text))] as number) - 1;
  }

  /** Where the text is, or would be. */
  #find(text: string, hash: number): number {
    const mask = this.#places.length - 1;
    let at = hash & mask;
    for (let place = this.#places[at] as number; place !== 0; place = this.#places[at] as number) {
      if (this.#hashes[place - 1] === hash && this.values[place - 1] === text) return at;
      at = (at + 1) & mask;
    }
    return at;
  }

  #grow(): void {
    const hashes = new Uint32Array(this.#hashes.length * 2);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    const mask = this.#places.length * 2 - 1;
    this.#places = new Int32Array(mask + 1);
    for (let code = 0; code < this.values.length; code += 1) {
      let at = (hashes[code] as number) & mask;
      while (this.#places[at] !== 0) at = (at + 1) & mask;
      this.#places[at] = code + 1;
    }
  }
}

/** From this length on a part of a text keeps the whole of it in memory. */
const SHARED_FROM = 13;

/** The same text, which does not hold on to the file that it was cut from. */
export function detached(text: string): string {
  return text.length < SHARED_FROM ? text : `${text} `.slice(0, -1);
}

/** Whole numbers in a row that grows. */
export class Growing {
  #items = new Int32Array(1024);
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

  /** What is in it, as a view. */
  view(): Int32Array {
    return this.#items.subarray(0, this.#length);
  }
}
