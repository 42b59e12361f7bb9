import { bulk } from '../db/bulk.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { type GroupDecision, groupsFrom, type MergeHold, mergesHeld, movesTo } from '../records/core/identity-groups.ts';
import { groupDecisions } from '../records/load-group-decisions.ts';
import { regroupNodes } from '../records/regroup-nodes.ts';
import { appendDecisions, type NewDecision } from './append-decisions.ts';
import type { Decider, IdentityKind } from './decision.ts';
import { loadNodes } from './load-nodes.ts';
import { decisionsAbout, decisionsByIds, type LoggedDecision } from './read-decisions.ts';

/** What is taken back: a merge, or that nodes belong to the entity that they count as. */
export type Unmerge = { decision: string } | { nodes: readonly string[] };

export interface UnmergeOutcome {
  /** The decision in the log. */
  decision: string;
  /** The entities that the nodes counted as until now. */
  before: string[];
  /** The groups that the nodes of the entity count in now, each with its entity first. */
  groups: string[][];
  /** The decisions that keep the parts apart from now on. */
  apart: string[];
  /** Decisions of people that nodes of different parts are one, which no longer hold. */
  withdrew: string[];
}

/**
 * Takes a merge back, or splits nodes off their entity, inside a transaction of `recordInWorkspace`. All that was derived is derived
 * again from what each node's sources and events said: it is as it would be had they never been merged.
 * @param options.keepApart notes also that the parts are not one, so that no model merges them again
 * @throws SamepageError `not_found`, or `conflict` when there is nothing to take back, or a model takes apart what a person joined
 */
export async function unmergeNodes(
  transaction: Tx,
  ctx: Context,
  kind: IdentityKind,
  unmerge: Unmerge,
  options: { decider: Decider; recordedAt: Date; keepApart: boolean },
): Promise<UnmergeOutcome> {
  const tx = bulk(transaction);
  const { decider, recordedAt } = options;
  const undone = 'decision' in unmerge ? await mergeInForce(tx, ctx, kind, unmerge.decision) : undefined;
  const named = 'nodes' in unmerge ? unmerge.nodes : (undone?.sides[0] ?? []);
  const nodes = await loadNodes(tx, ctx, kind, named);
  const leaving = new Set(named);
  const staying = nodes.flatMap((node) => (leaving.has(node.id) ? [] : [node.id]));
  if (undone === undefined && (staying.length === 0 || new Set(nodes.map((node) => node.entityId)).size > 1)) {
    throw new SamepageError(
      'conflict',
      `Of the ${kind}s named ${staying.length === 0 ? 'all are to leave, so that none would stay' : 'not all are one today'}.`,
      `Name some of those that count as one ${kind}: those that leave it together.`,
    );
  }
  const ids = nodes.map((node) => node.id);
  const here = new Set(ids);
  const made = await groupDecisions(tx, ctx, kind, ids);
  const sides: LoggedDecision['sides'] = undone?.sides ?? [staying, [...leaving]];
  const split: GroupDecision = { id: '', verb: 'unmerged', undoes: undone?.id ?? null, sides };
  const groups = groupsFrom([...made, split]).filter((group) => group.some((id) => here.has(id)));
  const parts = partsOf(nodes, groups);
  const joined = await joinedAcross(tx, ctx, kind, parts, mergesHeld(made));
  if (decider.by === 'model' && joined.length > 0) throw joinedByPerson(kind, joined);
  const words = joined.filter(({ verb }) => verb === 'must_link');
  const [decision = ''] = await appendDecisions(
    tx,
    ctx,
    kind,
    [
      { verb: 'unmerged', decider, sides, ...(undone !== undefined && { undoes: undone.id }) },
      ...words.map(({ id, sides }): NewDecision => ({ verb: 'withdrawn', decider, sides, undoes: id })),
    ],
    recordedAt,
  );
  const moves = movesTo(groups, nodes);
  if (moves.length > 0) {
    const policy = (await currentDefinition(tx, ctx, 'taxonomy')).document;
    await regroupNodes(tx, ctx, { kind, moves, policy, recordedAt });
  }
  const apart = options.keepApart
    ? await appendDecisions(
        tx,
        ctx,
        kind,
        parts.slice(1).map((part, i) => ({ verb: 'cannot_link', decider, sides: [parts.slice(0, i + 1).flat(), part] })),
        recordedAt,
      )
    : [];
  const before = [...new Set(nodes.map((node) => node.entityId))];
  return { decision, before, groups: parts, apart, withdrew: words.map(({ id }) => id) };
}

/** The decisions of people by which nodes of different parts were one until now. */
async function joinedAcross(
  tx: Tx,
  ctx: Context,
  kind: IdentityKind,
  parts: readonly (readonly string[])[],
  held: ReadonlyMap<string, MergeHold>,
): Promise<LoggedDecision[]> {
  const partOf = new Map(parts.flatMap((part, i) => part.map((id) => [id, i] as const)));
  const isAcross = (nodes: readonly string[]) => new Set(nodes.flatMap((id) => partOf.get(id) ?? [])).size > 1;
  const about = await decisionsAbout(tx, ctx, kind, [...partOf.keys()], ['merged', 'must_link']);
  return about.filter(
    ({ id, verb, undoneBy, decidedBy, sides }) =>
      decidedBy === 'person' && undoneBy === null && (verb === 'must_link' ? isAcross(sides.flat()) : held.get(id)?.groups.some(isAcross)),
  );
}

function joinedByPerson(kind: IdentityKind, joined: readonly LoggedDecision[]): SamepageError {
  const ids = joined.map(({ id }) => id);
  return new SamepageError(
    'conflict',
    `A person decided that these are one ${kind} (decision ${ids.join(', ')}), which no model takes apart.`,
    'Leave them together, or have a person unmerge them.',
  );
}

async function mergeInForce(tx: Tx, ctx: Context, kind: IdentityKind, id: string): Promise<LoggedDecision> {
  const [found] = await decisionsByIds(tx, ctx, [id]);
  if (found === undefined || found.verb !== 'merged' || found.kind !== kind) {
    const reason =
      found === undefined
        ? 'is no decision of this workspace'
        : found.verb === 'merged'
          ? `is a merge of kind "${found.kind}", not "${kind}"`
          : `is a decision "${found.verb}", not a merge`;
    throw new SamepageError('not_found', `${shown(id)} ${reason}.`, 'Name the decision of a merge; decide_match withdraws another.', {
      problems: [{ path: 'merge', value: shown(id), reason }],
    });
  }
  const hold = mergesHeld(await groupDecisions(tx, ctx, kind, found.sides[0])).get(id);
  if (found.undoneBy === null && hold?.groups.length !== 0) return found;
  const by = found.undoneBy === null ? `split already, by ${hold?.splitBy.join(', ')}` : `taken back already, by ${found.undoneBy}`;
  throw new SamepageError('conflict', `The merge ${id} was ${by}.`, 'There is nothing left to do.');
}

/** All nodes by the entity that they count as afterwards; the oldest part first, in each its entity. */
function partsOf(nodes: Awaited<ReturnType<typeof loadNodes>>, groups: readonly (readonly string[])[]): string[][] {
  const to = new Map(movesTo(groups, nodes).map((move) => [move.node, move.to]));
  const oldestFirst = [...nodes].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  const parts = new Map<string, string[]>();
  for (const { id, entityId } of oldestFirst) {
    const entity = to.get(id) ?? entityId;
    const part = parts.get(entity);
    if (part === undefined) parts.set(entity, [id]);
    else part.push(id);
  }
  return [...parts.values()];
}
