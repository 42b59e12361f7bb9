/** A decision that makes or ends a group, as the log has it. */
export interface GroupDecision {
  id: string;
  verb: 'merged' | 'unmerged';
  /** The merge that an `unmerged` takes back; null when it splits nodes off instead. */
  undoes: string | null;
  /** Of a merge, all its nodes are on the first; of a split, the second are those that leave. */
  sides: readonly [readonly string[], readonly string[]];
}

/** A row of an account or a person as it was made: its id never changes, nor what was said of it. */
export interface IdentityNode {
  id: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  /** The entity that it counts as; itself when it stands for itself. */
  entityId: string;
}

/** A node that counts as another entity from now on. */
export interface NodeMove {
  node: string;
  from: string;
  to: string;
}

/** Nodes that are one, and the decision that says so: a merge, or a split for those that it leaves together. */
export interface Link {
  decision: string;
  nodes: readonly string[];
}

/**
 * The groups of two nodes or more that decisions come to, in the order in which they were made. Whatever the order of merges, the
 * groups are the same: the connected parts of the merges in force. Taking one back leaves what the others say. Nodes that are split
 * off leave every merge with those that stay; those that stay, stay together, and so do those that leave.
 */
export function groupsFrom(decisions: readonly GroupDecision[]): string[][] {
  return connectedParts(linksFrom(decisions).map(({ nodes }) => nodes));
}

/** What decisions leave of merges: of one that a split cut, each part that has two nodes or more. */
export function linksFrom(decisions: readonly GroupDecision[]): Link[] {
  return decisions.reduce<Link[]>(linksAfter, []);
}

/** What a decision holds together today of the nodes that it named. */
export interface MergeHold {
  /** Of a merge all, fewer after a split, none when it was taken back; of a split, a side that nothing else holds together. */
  groups: string[][];
  /** The splits that parted its nodes, in their order. */
  splitBy: string[];
}

/** What is left of each merge, and what splits hold, by decision. @param decisions all about any of the nodes that the merges name, in their order */
export function mergesHeld(decisions: readonly GroupDecision[]): Map<string, MergeHold> {
  const held = new Map<string, MergeHold>();
  let links: Link[] = [];
  for (const decision of decisions) {
    held.set(decision.id, { groups: [], splitBy: [] });
    if (decision.verb === 'unmerged' && decision.undoes === null) {
      const leaving = new Set(decision.sides[1]);
      for (const one of new Set(links.filter((link) => isParted(link, leaving)).map((link) => link.decision)))
        held.get(one)?.splitBy.push(decision.id);
    }
    links = linksAfter(links, decision);
  }
  for (const { decision, nodes } of links) held.get(decision)?.groups.push([...nodes]);
  return held;
}

/** @param links those before: a merge is added to them, since there are thousands at times */
function linksAfter(links: Link[], { id, verb, undoes, sides }: GroupDecision): Link[] {
  if (verb === 'merged') {
    links.push({ decision: id, nodes: sides[0] });
    return links;
  }
  return undoes === null ? split(links, id, sides) : links.filter((link) => link.decision !== undoes);
}

function isParted({ nodes }: Link, leaving: ReadonlySet<string>): boolean {
  return nodes.some((node) => leaving.has(node)) && nodes.some((node) => !leaving.has(node));
}

function split(links: readonly Link[], id: string, sides: GroupDecision['sides']): Link[] {
  const leaving = new Set(sides[1]);
  const cut = links.flatMap((link) => {
    if (!isParted(link, leaving)) return [link];
    const out = link.nodes.filter((node) => leaving.has(node));
    return [out, link.nodes.filter((node) => !leaving.has(node))].map((nodes) => ({ decision: link.decision, nodes }));
  });
  const groups = connectedParts(cut.map(({ nodes }) => nodes));
  // what held a side together may have gone through the other
  const loose = sides.filter((side) => side.length > 1 && !groups.some((group) => side.every((node) => group.includes(node))));
  return [...cut.filter((link) => link.nodes.length > 1), ...loose.map((nodes) => ({ decision: id, nodes }))];
}

/** Lists that hang together by what they have in common, as groups of two or more. */
export function connectedParts(lists: readonly (readonly string[])[]): string[][] {
  const parent = new Map<string, string>();
  const root = (node: string): string => {
    let at = node;
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up;
    return at;
  };
  for (const nodes of lists) {
    for (const node of nodes) {
      if (!parent.has(node)) parent.set(node, node);
      const [first] = nodes;
      if (first !== undefined) parent.set(root(node), root(first));
    }
  }
  const groups = new Map<string, string[]>();
  for (const node of parent.keys()) {
    const group = groups.get(root(node));
    if (group === undefined) groups.set(root(node), [node]);
    else group.push(node);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** The node of a group that stands for it: the oldest, of those the one with the least id. */
export function survivorOf(group: readonly IdentityNode[]): IdentityNode | undefined {
  return group.reduce<IdentityNode | undefined>((oldest, node) => {
    if (oldest === undefined || node.createdAt < oldest.createdAt) return node;
    return node.createdAt === oldest.createdAt && node.id < oldest.id ? node : oldest;
  }, undefined);
}

/** What changes so that the nodes count by groups; a node that is in none stands for itself. */
export function movesTo(groups: readonly (readonly string[])[], nodes: readonly IdentityNode[]): NodeMove[] {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const entity = new Map<string, string>();
  for (const group of groups) {
    const survivor = survivorOf(group.flatMap((id) => known.get(id) ?? []));
    if (survivor !== undefined) for (const id of group) entity.set(id, survivor.id);
  }
  return nodes.flatMap(({ id, entityId }) => {
    const to = entity.get(id) ?? id;
    return to === entityId ? [] : [{ node: id, from: entityId, to }];
  });
}
