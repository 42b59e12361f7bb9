import { explainPair, type PairExplanation, sentenceOf } from './explain.ts';
import type { Stitched } from './stitch.ts';

/** A pair of nodes with what spoke for it. */
export interface LinkedPair extends PairExplanation {
  left: string;
  right: string;
}

/** Entities that a stitching finds to be one. */
export interface ClusterMerge {
  /** Sorted ids. */
  entities: string[];
  /** The nodes of the cluster. */
  nodes: string[];
  evidence: { sentence: string; pairs: LinkedPair[] };
}

/** What of a stitching merges follow from. */
export type Clustered = Pick<Stitched, 'cluster' | 'edges' | 'scorer' | 'model' | 'prior'>;

/** Pairs that are kept as evidence of one merge. */
const MOST_PAIRS = 5;

/**
 * The merges that clusters ask for: of clusters with nodes of two entities or more. The order is that of the least entity.
 * @param ids of the nodes, by their place in the table
 * @param entityOf which entity the node counts as today
 */
export function clusterMerges(stitched: Clustered, ids: readonly string[], entityOf: readonly string[]): ClusterMerge[] {
  const { cluster, edges } = stitched;
  const members = new Map<number, number[]>();
  cluster.forEach((root, i) => {
    const list = members.get(root);
    if (list === undefined) members.set(root, [i]);
    else list.push(i);
  });
  const open = new Map([...members].filter(([, list]) => list.some((i) => entityOf[i] !== entityOf[list[0] as number])));
  const linking = new Map<number, number[]>();
  for (let e = 0; e < edges.length; e += 1) {
    const root = cluster[edges.a[e] as number] as number;
    if (root !== cluster[edges.b[e] as number] || !open.has(root)) continue;
    const list = linking.get(root);
    if (list === undefined) linking.set(root, [e]);
    else list.push(e);
  }
  return [...open]
    .map(([root, list]): ClusterMerge => {
      const pairs = strongest(stitched, linking.get(root) ?? [], entityOf).map(([a, b]) => {
        const explained = explainPair(stitched.scorer, stitched.model, stitched.prior, a, b);
        return { left: ids[a] ?? '', right: ids[b] ?? '', ...explained };
      });
      const [first] = pairs;
      const sentence = first === undefined ? 'A person says that they are one.' : sentenceOf(first);
      const entities = [...new Set(list.map((i) => entityOf[i] ?? ''))].sort();
      return { entities, nodes: list.map((i) => ids[i] ?? ''), evidence: { sentence, pairs } };
    })
    .sort((x, y) => ((x.entities[0] ?? '') < (y.entities[0] ?? '') ? -1 : 1));
}

/** The strongest pairs by which entities hang together, none of them twice. */
function strongest({ edges }: Clustered, list: readonly number[], entityOf: readonly string[]): (readonly [number, number])[] {
  const sorted = [...list].sort(
    (x, y) =>
      (edges.evidence[y] as number) - (edges.evidence[x] as number) ||
      (edges.a[x] as number) - (edges.a[y] as number) ||
      (edges.b[x] as number) - (edges.b[y] as number),
  );
  const joined = new Map<string, string>();
  const rootOf = (id: string): string => {
    let at = id;
    for (let next = joined.get(at); next !== undefined; next = joined.get(at)) at = next;
    return at;
  };
  const pairs: (readonly [number, number])[] = [];
  for (const e of sorted) {
    const [a, b] = [edges.a[e] as number, edges.b[e] as number];
    const [x, y] = [rootOf(entityOf[a] ?? ''), rootOf(entityOf[b] ?? '')];
    if (x === y) continue;
    joined.set(y, x);
    if (pairs.push([a, b]) === MOST_PAIRS) break;
  }
  return pairs;
}
