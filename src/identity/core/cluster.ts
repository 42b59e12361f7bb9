import type { Edges } from './candidates.ts';

export interface ClusterOptions {
  /** Records of one cluster, at most. */
  readonly largest: number;
  /** Bits from which a pair links its records. */
  readonly acceptBits: number;
  /** Bits from which two clusters, on the average of their pairs, are one. */
  readonly joinBits: number;
  /** Bits of any two records, for pairs that no block brought together. */
  score(a: number, b: number): number;
  /** True for two records that must not be in one cluster. */
  isApart?(a: number, b: number): boolean;
  /** Records that must not be in one cluster with this one, where `isApart` does not say so. */
  apartFrom?(record: number): readonly number[];
  /** Pairs that belong together whatever their bits. */
  together?: readonly (readonly [number, number])[];
}

/** Bits of a pair count for at most this much for and against: one pair must not decide for all. */
const MOST_FOR = 14;
const MOST_AGAINST = -8;
/** Components up to this size have all their pairs scored. */
const SCORED_WHOLE = 120;
const UNSEEN = -6;

/**
 * Cuts records into clusters by guarded average linkage within each connected component of the accepted pairs. The order of the
 * edges does not matter: merges go by linkage, then by the lowest records concerned.
 * @param bits by edge, prior included
 * @returns by record, the lowest record of its cluster
 */
export function clusterEdges(size: number, edges: Edges, bits: (edge: number) => number, options: ClusterOptions): Int32Array {
  const root = new Int32Array(size).map((_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (root[at] !== at) {
      root[at] = root[root[at] as number] as number;
      at = root[at] as number;
    }
    return at;
  };
  const join = (a: number, b: number) => {
    const [x, y] = [find(a), find(b)];
    if (x < y) root[y] = x;
    else root[x] = y;
  };
  for (let e = 0; e < edges.length; e += 1) if (bits(e) >= options.acceptBits) join(edges.a[e] as number, edges.b[e] as number);
  for (const [a, b] of options.together ?? []) join(a, b);
  const members = new Map<number, number[]>();
  for (let i = 0; i < size; i += 1) {
    const r = find(i);
    if (r === i) continue;
    const list = members.get(r);
    if (list === undefined) members.set(r, [r, i]);
    else list.push(i);
  }
  const cluster = new Int32Array(size).map((_, i) => i);
  const edgesOf = new Map<number, number[]>();
  for (let e = 0; e < edges.length; e += 1) {
    const r = find(edges.a[e] as number);
    if (find(edges.b[e] as number) !== r) continue;
    const list = members.get(r);
    if (list === undefined || list.length <= 2) continue;
    const known = edgesOf.get(r);
    if (known === undefined) edgesOf.set(r, [e]);
    else known.push(e);
  }
  for (const [r, list] of members) {
    if (list.length === 2 && options.together === undefined) {
      const [a, b] = list as [number, number];
      if (!(options.isApart?.(a, b) ?? false) && options.apartFrom?.(a).includes(b) !== true) cluster[b] = a;
      continue;
    }
    linkComponent(list, edgesOf.get(r) ?? [], edges, bits, options, cluster);
  }
  return cluster;
}

interface Link {
  sum: number;
  known: number;
}

function linkComponent(
  records: readonly number[],
  edgeList: readonly number[],
  edges: Edges,
  bits: (edge: number) => number,
  options: ClusterOptions,
  cluster: Int32Array,
): void {
  const n = records.length;
  const index = new Map(records.map((record, i) => [record, i]));
  const links: Map<number, Link>[] = records.map(() => new Map());
  const apart = new Set<number>();
  const set = (i: number, j: number, value: number) => {
    const link = { sum: Math.max(MOST_AGAINST, Math.min(MOST_FOR, value)), known: 1 };
    (links[i] as Map<number, Link>).set(j, link);
    (links[j] as Map<number, Link>).set(i, link);
  };
  for (const e of edgeList) set(index.get(edges.a[e] as number) as number, index.get(edges.b[e] as number) as number, bits(e));
  if (n <= SCORED_WHOLE) {
    for (let i = 0; i < n; i += 1)
      for (let j = i + 1; j < n; j += 1)
        if (!(links[i] as Map<number, Link>).has(j)) set(i, j, options.score(records[i] as number, records[j] as number));
  }
  if (options.isApart !== undefined) {
    for (let i = 0; i < n; i += 1)
      for (const j of (links[i] as Map<number, Link>).keys())
        if (i < j && options.isApart(records[i] as number, records[j] as number)) apart.add(i * n + j).add(j * n + i);
  }
  for (const [i, record] of records.entries()) {
    for (const other of options.apartFrom?.(record) ?? []) {
      const j = index.get(other);
      if (j !== undefined) apart.add(i * n + j).add(j * n + i);
    }
  }
  const sizes = new Int32Array(n).fill(1);
  const owner = Int32Array.from({ length: n }, (_, i) => i);
  const alive = new Uint8Array(n).fill(1);
  const average = (i: number, j: number, link: Link) => {
    const all = (sizes[i] as number) * (sizes[j] as number);
    return (link.sum + (all - link.known) * UNSEEN) / all;
  };
  const heap = new LinkHeap();
  const merge = (i: number, j: number) => {
    alive[j] = 0;
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
    for (let k = 0; k < n; k += 1) if (apart.has(j * n + k)) apart.add(i * n + k).add(k * n + i);
    sizes[i] = (sizes[i] as number) + (sizes[j] as number);
    for (let r = 0; r < n; r += 1) if (owner[r] === j) owner[r] = i;
  };
  for (const [a, b] of options.together ?? []) {
    const [i, j] = [owner[index.get(a) ?? -1], owner[index.get(b) ?? -1]];
    if (i !== undefined && j !== undefined && i !== j) merge(Math.min(i, j), Math.max(i, j));
  }
  for (let i = 0; i < n; i += 1) {
    if (alive[i] === 0) continue;
    for (const [j, link] of links[i] as Map<number, Link>)
      if (i < j) heap.push(average(i, j, link), i, j, sizes[i] as number, sizes[j] as number);
  }
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    const { value, i, j, sizeI, sizeJ } = top;
    if (value < options.joinBits) break;
    if (alive[i] === 0 || alive[j] === 0 || sizes[i] !== sizeI || sizes[j] !== sizeJ) continue;
    if ((sizes[i] as number) + (sizes[j] as number) > options.largest || apart.has(i * n + j)) continue;
    merge(i, j);
    for (const [k, link] of links[i] as Map<number, Link>) {
      const [x, y] = i < k ? [i, k] : [k, i];
      heap.push(average(x, y, link), x, y, sizes[x] as number, sizes[y] as number);
    }
  }
  for (let r = 0; r < n; r += 1) cluster[records[r] as number] = records[owner[r] as number] as number;
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
