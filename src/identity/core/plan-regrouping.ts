import { connectedParts, type GroupDecision, groupsFrom } from '../../records/core/identity-groups.ts';
import type { ClusterMerge } from './cluster-merges.ts';

/** A merge in force that a stitching does not find: it names nodes of several clusters. */
export interface StaleMerge {
  decision: string;
  /** Those that it names. */
  nodes: readonly string[];
  /** The places in the table of all that count as one with them today, ascending. */
  places: readonly number[];
}

/** What has to be done at once, so that nobody is seen apart who stays with another. */
export interface Regrouping {
  takenBack: StaleMerge[];
  merges: ClusterMerge[];
}

/** The places of nodes by the entity that they count as today, of entities with aliases. */
export function sharedEntities(ids: readonly string[], entityOf: readonly string[]): Map<string, number[]> {
  const shared = new Map<string, number[]>();
  for (const [i, entity] of entityOf.entries()) if (entity !== ids[i]) shared.set(entity, []);
  for (const [i, entity] of entityOf.entries()) shared.get(entity)?.push(i);
  return shared;
}

/** @param clusterOf of a node, undefined for one that was not compared */
export function isSplit(nodes: readonly string[], clusterOf: (node: string) => number | undefined): boolean {
  return new Set(nodes.flatMap((node) => clusterOf(node) ?? [])).size > 1;
}

/**
 * Whom nodes count as once merges are taken back.
 * @param nodes of entities, all of each
 * @param decisions about the nodes, in the order in which they were made
 * @returns by node the entity that it counts as today where that is of its group still, else the least id of the group
 */
export function standingAfter(
  nodes: readonly { id: string; entityId: string }[],
  decisions: readonly GroupDecision[],
  takenBack: readonly Pick<StaleMerge, 'decision'>[],
): Map<string, string> {
  const ends = takenBack.map(({ decision }): GroupDecision => ({ id: '', verb: 'unmerged', undoes: decision, sides: [[], []] }));
  const entities = new Map(nodes.map(({ id, entityId }) => [id, entityId]));
  const standing = new Map(nodes.map(({ id }) => [id, id]));
  for (const group of groupsFrom([...decisions, ...ends])) {
    const known = group.filter((id) => entities.has(id)).sort();
    const stays = known.find((id) => entities.get(id) === id) ?? known[0] ?? '';
    for (const id of known) standing.set(id, stays);
  }
  return standing;
}

/**
 * Merges with what is taken back for them: of one entity all together. In the order of the merges, then of what was taken back.
 * @param entityOf the entity that a node counts as today
 */
export function regroupingsOf(
  merges: readonly ClusterMerge[],
  takenBack: readonly StaleMerge[],
  entityOf: (node: string) => string,
): Regrouping[] {
  const touched = [...merges, ...takenBack].map(({ nodes }) => [...new Set(nodes.map(entityOf))]);
  const partOf = new Map(connectedParts(touched).flatMap((part) => part.map((entity) => [entity, part[0] ?? ''] as const)));
  const parts = new Map<string, Regrouping>();
  const of = (entity = ''): Regrouping => {
    const key = partOf.get(entity) ?? entity;
    const found = parts.get(key) ?? { takenBack: [], merges: [] };
    parts.set(key, found);
    return found;
  };
  for (const [i, merge] of merges.entries()) of(touched[i]?.[0]).merges.push(merge);
  for (const [i, one] of takenBack.entries()) of(touched[merges.length + i]?.[0]).takenBack.push(one);
  return [...parts.values()];
}
