import { type IdentityNode, movesTo, type NodeMove } from '../../records/core/identity-groups.ts';

/** A decision that no node of one side is whom a node of the other is. */
export interface Apart {
  decision: string;
  left: readonly string[];
  right: readonly string[];
}

export interface MergePlan {
  /** For each merge in its order: the decision that forbids it, or null when it is made. */
  forbiddenBy: (string | null)[];
  /** All groups that the nodes are in afterwards. */
  groups: string[][];
  moves: NodeMove[];
}

/**
 * Joins groups, merge after merge; one that would bring together what was decided to be apart is left out.
 * @param nodes the nodes named, and all that count as the same entity as one of them today
 * @param standing the groups of two or more from which it starts; those of today when left out
 */
export function planMerges(
  merges: readonly (readonly string[])[],
  nodes: readonly IdentityNode[],
  apart: readonly Apart[],
  standing: readonly (readonly string[])[] = groupsOfToday(nodes),
): MergePlan {
  const groupOf = new Map(nodes.map(({ id }) => [id, new Set([id])]));
  for (const group of standing) {
    const together = new Set(group);
    for (const id of group) groupOf.set(id, together);
  }
  const forbiddenBy = merges.map((merge) => {
    const parts = [...new Set(merge.flatMap((id) => groupOf.get(id) ?? []))].sort((a, b) => b.size - a.size);
    const [largest, ...others] = parts;
    if (largest === undefined || others.length === 0) return null;
    const within = (id: string) => parts.some((part) => part.has(id));
    const forbidding = apart.find(({ left, right }) => left.some(within) && right.some(within));
    if (forbidding !== undefined) return forbidding.decision;
    for (const part of others) {
      for (const id of part) groupOf.set(id, largest.add(id));
    }
    return null;
  });
  const groups = [...new Set(groupOf.values())].map((group) => [...group]).filter((group) => group.length > 1);
  return { forbiddenBy, groups, moves: movesTo(groups, nodes) };
}

function groupsOfToday(nodes: readonly IdentityNode[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const { id, entityId } of nodes) {
    const group = groups.get(entityId);
    if (group === undefined) groups.set(entityId, [id]);
    else group.push(id);
  }
  return [...groups.values()];
}
