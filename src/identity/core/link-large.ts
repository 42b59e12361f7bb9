import { type Component, heldBits, type Linkage } from './linkage.ts';
import { rootOf } from './root-of.ts';

/** What a pair counts for that was not scored. */
const UNSEEN = -6;

interface Link {
  sum: number;
  known: number;
}

/** Guarded average linkage of a component that is too large for all its pairs to be scored: those without an edge count against. */
export function linkLarge({ records, edges: edgeList, together }: Component, { edges, bits, options, places, cluster }: Linkage): void {
  const n = records.length;
  const links: Map<number, Link>[] = Array.from({ length: n }, () => new Map());
  const set = (i: number, j: number, value: number) => {
    const link = { sum: heldBits(value), known: 1 };
    (links[i] as Map<number, Link>).set(j, link);
    (links[j] as Map<number, Link>).set(i, link);
  };
  for (const e of edgeList) set(places[edges.a[e] as number] as number, places[edges.b[e] as number] as number, bits(e));
  const apart = new Apart();
  for (let i = 0; i < n; i += 1) {
    const record = records[i] as number;
    for (const j of (links[i] as Map<number, Link>).keys())
      if (i < j && options.isApart?.(record, records[j] as number) === true) apart.add(i, j);
    for (const other of options.apartFrom?.(record) ?? []) {
      const j = places[other] as number;
      if (records[j] === other && j !== i) apart.add(i, j);
    }
  }
  const sizes = new Int32Array(n).fill(1);
  const owner = new Int32Array(n).map((_, i) => i);
  const average = (i: number, j: number, link: Link) => {
    const all = (sizes[i] as number) * (sizes[j] as number);
    return (link.sum + (all - link.known) * UNSEEN) / all;
  };
  const merge = (i: number, j: number) => {
    const [mine, other] = [links[i] as Map<number, Link>, links[j] as Map<number, Link>];
    mine.delete(j);
    other.delete(i);
    for (const [k, link] of other) {
      const before = mine.get(k);
      const next = before === undefined ? link : { sum: before.sum + link.sum, known: before.known + link.known };
      mine.set(k, next);
      const back = links[k] as Map<number, Link>;
      back.delete(j);
      back.set(i, next);
    }
    apart.merge(i, j);
    sizes[i] = (sizes[i] as number) + (sizes[j] as number);
    owner[j] = i;
  };
  for (const [a, b] of together) {
    const [i, j] = [rootOf(owner, places[a] as number), rootOf(owner, places[b] as number)];
    if (i !== j) merge(Math.min(i, j), Math.max(i, j));
  }
  const heap = new LinkHeap();
  for (let i = 0; i < n; i += 1) {
    if (owner[i] !== i) continue;
    for (const [j, link] of links[i] as Map<number, Link>)
      if (i < j) heap.push(average(i, j, link), i, j, sizes[i] as number, sizes[j] as number);
  }
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    const { value, i, j, sizeI, sizeJ } = top;
    if (value < options.joinBits) break;
    if (owner[i] !== i || owner[j] !== j || sizes[i] !== sizeI || sizes[j] !== sizeJ) continue;
    if ((sizes[i] as number) + (sizes[j] as number) > options.largest || apart.has(i, j)) continue;
    merge(i, j);
    for (const [k, link] of links[i] as Map<number, Link>) {
      const [x, y] = i < k ? [i, k] : [k, i];
      heap.push(average(x, y, link), x, y, sizes[x] as number, sizes[y] as number);
    }
  }
  for (let r = 0; r < n; r += 1) cluster[records[r] as number] = records[rootOf(owner, r)] as number;
}

/** Which clusters must not join. */
class Apart {
  readonly #of = new Map<number, Set<number>>();

  add(i: number, j: number): void {
    this.#ofOne(i).add(j);
    this.#ofOne(j).add(i);
  }

  has(i: number, j: number): boolean {
    return this.#of.get(i)?.has(j) ?? false;
  }

  /** What is apart from the one is apart from both. */
  merge(i: number, j: number): void {
    for (const k of this.#of.get(j) ?? []) {
      this.#of.get(k)?.delete(j);
      if (k !== i) this.add(i, k);
    }
    this.#of.delete(j);
  }

  #ofOne(i: number): Set<number> {
    const known = this.#of.get(i);
    if (known !== undefined) return known;
    const made = new Set<number>();
    this.#of.set(i, made);
    return made;
  }
}

interface HeapEntry {
  value: number;
  i: number;
  j: number;
  sizeI: number;
  sizeJ: number;
}

/** Pairs of clusters, the closest first; ties go to the lowest. */
class LinkHeap {
  readonly #items: HeapEntry[] = [];

  push(value: number, i: number, j: number, sizeI: number, sizeJ: number): void {
    const items = this.#items;
    const entry = { value, i, j, sizeI, sizeJ };
    let at = items.length;
    items.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, items[parent] as HeapEntry)) break;
      items[at] = items[parent] as HeapEntry;
      at = parent;
    }
    items[at] = entry;
  }

  pop(): HeapEntry | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || items.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && isBefore(items[child + 1] as HeapEntry, items[child] as HeapEntry)) child += 1;
      if (!isBefore(items[child] as HeapEntry, last)) break;
      items[at] = items[child] as HeapEntry;
      at = child;
    }
    items[at] = last;
    return top;
  }
}

function isBefore(a: HeapEntry, b: HeapEntry): boolean {
  if (a.value !== b.value) return a.value > b.value;
  return a.i !== b.i ? a.i < b.i : a.j < b.j;
}
