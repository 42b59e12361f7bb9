import type { Edges } from './candidates.ts';
import { linkLarge } from './link-large.ts';
import { SCORED_WHOLE, SmallLinkage } from './link-small.ts';
import type { ClusterOptions, Linkage } from './linkage.ts';
import { rootOf } from './root-of.ts';

/**
 * Cuts records into clusters by guarded average linkage within each connected component of the accepted pairs. The order of the
 * edges does not matter: merges go by linkage, then by the lowest records concerned.
 * @param bits by edge, prior included
 * @returns by record, the lowest record of its cluster
 */
export function clusterEdges(size: number, edges: Edges, bits: (edge: number) => number, options: ClusterOptions): Int32Array {
  const { componentOf, starts, members, places } = componentsOf(size, linkedRecords(size, edges, bits, options));
  const inside = edgesWithin(componentOf, starts.length - 1, edges);
  const together = new Map<number, (readonly [number, number])[]>();
  for (const pair of options.together ?? []) {
    const c = componentOf[pair[0]] as number;
    together.set(c, [...(together.get(c) ?? []), pair]);
  }
  const cluster = ascending(size);
  const linkage: Linkage = { edges, bits, options, places, cluster };
  const small = new SmallLinkage(linkage);
  for (let c = 0; c + 1 < starts.length; c += 1) {
    const component = {
      records: members.subarray(starts[c], starts[c + 1]),
      edges: inside.list.subarray(inside.starts[c], inside.starts[c + 1]),
      together: together.get(c) ?? [],
    };
    if (component.records.length <= SCORED_WHOLE) small.link(component);
    else linkLarge(component, linkage);
  }
  return cluster;
}

/** By record, the lowest record with which accepted pairs link it. */
function linkedRecords(size: number, edges: Edges, bits: (edge: number) => number, options: ClusterOptions): Int32Array {
  const root = ascending(size);
  const join = (a: number, b: number) => {
    const [x, y] = [rootOf(root, a), rootOf(root, b)];
    if (x < y) root[y] = x;
    else root[x] = y;
  };
  for (let e = 0; e < edges.length; e += 1) if (bits(e) >= options.acceptBits) join(edges.a[e] as number, edges.b[e] as number);
  for (const [a, b] of options.together ?? []) join(a, b);
  for (let i = 0; i < size; i += 1) root[i] = rootOf(root, i);
  return root;
}

/** Components of two records or more, in the order of their lowest records. */
function componentsOf(size: number, root: Int32Array) {
  const sizes = new Int32Array(size);
  const places = new Int32Array(size);
  for (let i = 0; i < size; i += 1) {
    const r = root[i] as number;
    places[i] = sizes[r] as number;
    sizes[r] = (sizes[r] as number) + 1;
  }
  let [components, filled] = [0, 0];
  for (const n of sizes) {
    if (n < 2) continue;
    components += 1;
    filled += n;
  }
  const starts = new Uint32Array(components + 1);
  const members = new Uint32Array(filled);
  /** By record, the number of its component; −1 for a record alone. */
  const componentOf = new Int32Array(size).fill(-1);
  let next = 0;
  for (let i = 0; i < size; i += 1) {
    const r = root[i] as number;
    if ((sizes[r] as number) < 2) continue;
    if (r === i) {
      componentOf[i] = next;
      starts[next + 1] = (starts[next] as number) + (sizes[i] as number);
      next += 1;
    }
    const c = componentOf[r] as number;
    componentOf[i] = c;
    members[(starts[c] as number) + (places[i] as number)] = i;
  }
  return { componentOf, starts, members, places };
}

/** By component, the edges between its records. */
function edgesWithin(componentOf: Int32Array, components: number, edges: Edges): { starts: Uint32Array; list: Uint32Array } {
  const starts = new Uint32Array(components + 1);
  const own = (e: number) => {
    const c = componentOf[edges.a[e] as number] as number;
    return c === componentOf[edges.b[e] as number] ? c : -1;
  };
  for (let e = 0; e < edges.length; e += 1) {
    const c = own(e);
    if (c >= 0) starts[c + 1] = (starts[c + 1] as number) + 1;
  }
  for (let c = 0; c < components; c += 1) starts[c + 1] = (starts[c + 1] as number) + (starts[c] as number);
  const at = starts.slice();
  const list = new Uint32Array(starts[components] as number);
  for (let e = 0; e < edges.length; e += 1) {
    const c = own(e);
    if (c < 0) continue;
    list[at[c] as number] = e;
    at[c] = (at[c] as number) + 1;
  }
  return { starts, list };
}

function ascending(size: number): Int32Array {
  const numbers = new Int32Array(size);
  for (let i = 0; i < size; i += 1) numbers[i] = i;
  return numbers;
}
