import { type Component, heldBits, type Linkage } from './linkage.ts';

/** Components up to this size have all their pairs scored. */
export const SCORED_WHOLE = 120;

/** Guarded average linkage of small components, of which there are many: one table of all pairs, used again for each. */
export class SmallLinkage {
  readonly #linkage: Linkage;
  /** Bits of all pairs of two clusters together; NaN while unknown, −∞ where they must not join. */
  readonly #sums = new Float64Array(SCORED_WHOLE * SCORED_WHOLE);
  readonly #sizes = new Int32Array(SCORED_WHOLE);
  readonly #owners = new Int32Array(SCORED_WHOLE);

  constructor(linkage: Linkage) {
    this.#linkage = linkage;
  }

  link({ records, edges, together }: Component): void {
    const n = records.length;
    const { places, cluster } = this.#linkage;
    this.#sums.fill(Number.NaN, 0, n * n);
    this.#sizes.fill(1, 0, n);
    for (let i = 0; i < n; i += 1) this.#owners[i] = i;
    this.#weigh(records, edges);
    this.#hold(records);
    for (const [a, b] of together) {
      const [i, j] = [this.#owners[places[a] as number] as number, this.#owners[places[b] as number] as number];
      if (i !== j) this.#merge(Math.min(i, j), Math.max(i, j), n);
    }
    while (this.#mergeClosest(n));
    for (let i = 0; i < n; i += 1) cluster[records[i] as number] = records[this.#owners[i] as number] as number;
  }

  #set(i: number, j: number, n: number, bits: number): void {
    this.#sums[i * n + j] = bits;
    this.#sums[j * n + i] = bits;
  }

  #weigh(records: Uint32Array, edgeList: Uint32Array): void {
    const n = records.length;
    const { edges, bits, options, places } = this.#linkage;
    for (const e of edgeList)
      this.#set(places[edges.a[e] as number] as number, places[edges.b[e] as number] as number, n, heldBits(bits(e)));
    for (let i = 0; i < n; i += 1) {
      for (let j = i + 1; j < n; j += 1) {
        if (Number.isNaN(this.#sums[i * n + j])) this.#set(i, j, n, heldBits(options.score(records[i] as number, records[j] as number)));
      }
    }
  }

  #hold(records: Uint32Array): void {
    const n = records.length;
    const { options, places } = this.#linkage;
    for (let i = 0; i < n; i += 1) {
      const a = records[i] as number;
      for (let j = i + 1; j < n; j += 1)
        if (options.isApart?.(a, records[j] as number) === true) this.#set(i, j, n, Number.NEGATIVE_INFINITY);
      for (const b of options.apartFrom?.(a) ?? []) {
        const j = places[b] as number;
        if (records[j] === b && j !== i) this.#set(i, j, n, Number.NEGATIVE_INFINITY);
      }
    }
  }

  /** Joins the two clusters that are closest on average, the lowest of equals; false when none are close enough. */
  #mergeClosest(n: number): boolean {
    const { options } = this.#linkage;
    const [sums, sizes, owners] = [this.#sums, this.#sizes, this.#owners];
    let best = options.joinBits;
    let [first, second] = [-1, -1];
    for (let i = 0; i < n; i += 1) {
      if (owners[i] !== i) continue;
      for (let j = i + 1; j < n; j += 1) {
        if (owners[j] !== j) continue;
        const average = (sums[i * n + j] as number) / ((sizes[i] as number) * (sizes[j] as number));
        if (average < best || (average === best && first >= 0)) continue;
        if ((sizes[i] as number) + (sizes[j] as number) > options.largest) continue;
        [best, first, second] = [average, i, j];
      }
    }
    if (first >= 0) this.#merge(first, second, n);
    return first >= 0;
  }

  #merge(i: number, j: number, n: number): void {
    const [sums, sizes, owners] = [this.#sums, this.#sizes, this.#owners];
    for (let k = 0; k < n; k += 1) if (k !== i && k !== j) this.#set(i, k, n, (sums[i * n + k] as number) + (sums[j * n + k] as number));
    sizes[i] = (sizes[i] as number) + (sizes[j] as number);
    for (let k = 0; k < n; k += 1) if (owners[k] === j) owners[k] = i;
  }
}
