/** Distinct texts and a number for each, from 0 on in the order in which they came. */
export class Dictionary {
  readonly values: string[] = [];
  readonly #codes = new Map<string, number>();

  code(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const own = detached(text);
    const code = this.values.length;
    this.values.push(own);
    this.#codes.set(own, code);
    return code;
  }

  find(text: string): number | undefined {
    return this.#codes.get(text);
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
