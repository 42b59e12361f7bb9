import type { Edges } from './candidates.ts';
import { clusterEdges } from './cluster.ts';
import { type ClusterMerge, clusterMerges } from './cluster-merges.ts';
import { foldCopies } from './copies.ts';
import { isHeldApart } from './held-apart.ts';
import { PEOPLE } from './model.ts';
import { type Statistics, scorerOf, withCounts } from './score-pair.ts';
import { withoutShared } from './shared-values.ts';
import { conflictOf, type KnownLinks } from './stitch.ts';
import { type Table, without } from './table.ts';

/** Records that came in, with those that they may be. */
export interface Arrivals {
  /** All of them, with all nodes of the same entities, in the order of their ids. */
  table: Table;
  ids: readonly string[];
  entityOf: readonly string[];
  /** Places of records that share a key; one of the two came in. */
  pairs: readonly (readonly [number, number])[];
  /** Records whose telephone number more have than were looked at. */
  crowdedPhones: readonly number[];
  links: KnownLinks;
  /** Of the whole workspace. */
  records: number;
}

/** Pairs that are further apart are told again where two clusters meet. */
const LEAST_BITS = -8;

/**
 * The merges that records ask for which came in: the matcher of files, on the part of the workspace that they touch. What is one entity
 * stays one; two that a newcomer holds together are joined by it. Of many that say the very same one is compared, as in a file.
 */
export function arrivalMerges(arrivals: Arrivals, statistics: Statistics): ClusterMerge[] {
  const { ids, entityOf, links } = arrivals;
  const { prior } = statistics;
  const counted = (table: Table) => withCounts(table, statistics);
  const { table, copies } = foldCopies(withoutShared(withoutPhones(arrivals.table, arrivals.crowdedPhones)), PEOPLE, {
    isHeld: (record) => links.apartFrom(record).length > 0,
    records: arrivals.records,
    counted,
  });
  const first = new Map(copies);
  const known = counted(table);
  const scorer = scorerOf(known, PEOPLE, statistics);
  const evidence = (a: number, b: number) => scorer.evidence(a, b);
  const edges = edgesOf(distinctPairs(arrivals.pairs, first), evidence, LEAST_BITS - prior);
  const isConflict = conflictOf(scorer.comparisons, scorer.weights);
  const cluster = clusterEdges(table.size, edges, (e) => (edges.evidence[e] as number) + prior, {
    largest: PEOPLE.largest,
    acceptBits: PEOPLE.acceptBits,
    joinBits: PEOPLE.joinBits,
    score: (a, b) => evidence(a, b) + prior,
    isApart: isConflict,
    together: distinctPairs(links.together, first),
    apartFrom: (record) => links.apartFrom(record),
  });
  for (const [copy, of] of copies) cluster[copy] = cluster[of] as number;
  const place = new Map(ids.map((id, i) => [id, i]));
  const shown = copies.length === 0 ? edges : edgesOf([...distinctPairs(arrivals.pairs, first), ...copies], evidence, LEAST_BITS - prior);
  const merges = clusterMerges({ cluster, edges: shown, scorer, model: PEOPLE, prior }, ids, entityOf);
  return merges.filter((merge) => !isHeldApart(merge, links, (id) => place.get(id) ?? -1, entityOf));
}

/** Pairs of records, the lesser first, each once, with the record that says the same in the place of each copy. */
function distinctPairs(pairs: Arrivals['pairs'], first: ReadonlyMap<number, number>): Arrivals['pairs'] {
  if (first.size === 0) return pairs;
  const found = new Map<string, readonly [number, number]>();
  for (const [a, b] of pairs) {
    const [x, y] = [first.get(a) ?? a, first.get(b) ?? b];
    if (x !== y) found.set(`${Math.min(x, y)} ${Math.max(x, y)}`, [Math.min(x, y), Math.max(x, y)]);
  }
  return [...found.values()];
}

function withoutPhones(table: Table, records: readonly number[]): Table {
  if (table.phone === undefined || records.length === 0) return table;
  const isDropped = new Uint8Array(table.phone.values.length);
  for (const record of records) {
    const code = table.phone.codes[record] as number;
    if (code >= 0) isDropped[code] = 1;
  }
  return { ...table, phone: without(table.phone, isDropped) };
}

function edgesOf(pairs: Arrivals['pairs'], evidence: (a: number, b: number) => number, least: number): Edges {
  const kept = pairs.map(([a, b]) => [a, b, evidence(a, b)] as const).filter(([, , bits]) => bits >= least);
  return {
    a: Int32Array.from(kept, ([a]) => a),
    b: Int32Array.from(kept, ([, b]) => b),
    evidence: Float32Array.from(kept, ([, , bits]) => bits),
    length: kept.length,
  };
}
