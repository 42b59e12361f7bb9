import type { Edges } from './candidates.ts';
import { clusterEdges } from './cluster.ts';
import { type ClusterMerge, clusterMerges } from './cluster-merges.ts';
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
}

/** Pairs that are further apart are told again where two clusters meet. */
const LEAST_BITS = -8;

/**
 * The merges that records ask for which came in: the matcher of files, on the part of the workspace that they touch. What is one entity
 * stays one; two that a newcomer holds together are joined by it.
 */
export function arrivalMerges({ table, ids, entityOf, pairs, crowdedPhones, links }: Arrivals, statistics: Statistics): ClusterMerge[] {
  const known = withCounts(withoutShared(withoutPhones(table, crowdedPhones)), statistics);
  const scorer = scorerOf(known, PEOPLE, statistics);
  const { prior } = statistics;
  const edges = edgesOf(pairs, (a, b) => scorer.evidence(a, b), LEAST_BITS - prior);
  const isConflict = conflictOf(scorer.comparisons, scorer.weights);
  const cluster = clusterEdges(table.size, edges, (e) => (edges.evidence[e] as number) + prior, {
    largest: PEOPLE.largest,
    acceptBits: PEOPLE.acceptBits,
    joinBits: PEOPLE.joinBits,
    score: (a, b) => scorer.evidence(a, b) + prior,
    isApart: isConflict,
    together: links.together,
    apartFrom: (record) => links.apartFrom(record),
  });
  const place = new Map(ids.map((id, i) => [id, i]));
  const merges = clusterMerges({ cluster, edges, scorer, model: PEOPLE, prior }, ids, entityOf);
  return merges.filter((merge) => !isHeldApart(merge, links, (id) => place.get(id) ?? -1, entityOf));
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
