import type { ClusterMerge } from './cluster-merges.ts';
import type { KnownLinks } from './stitch.ts';

/**
 * True for a merge that would bring together what is held apart: what a person joined may bring it so far. Nodes that are one entity
 * today are one, whatever their values say.
 */
export function isHeldApart(merge: ClusterMerge, links: KnownLinks, placeOf: (id: string) => number, entityOf: readonly string[]): boolean {
  const places = merge.nodes.map(placeOf);
  const within = new Set(places);
  return places.some(
    (i, n) =>
      links.apartFrom(i).some((j) => within.has(j)) ||
      (links.isApart !== undefined && places.slice(n + 1).some((j) => entityOf[i] !== entityOf[j] && links.isApart?.(i, j) === true)),
  );
}
