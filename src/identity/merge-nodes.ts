import { bulk } from '../db/bulk.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { groupsFrom, survivorOf } from '../records/core/identity-groups.ts';
import { groupDecisions } from '../records/load-group-decisions.ts';
import { regroupNodes } from '../records/regroup-nodes.ts';
import { appendDecisions, type NewDecision } from './append-decisions.ts';
import { type Apart, planMerges } from './core/plan-merges.ts';
import type { Decider, IdentityKind } from './decision.ts';
import { loadNodes } from './load-nodes.ts';
import { decisionsAbout, type LoggedDecision } from './read-decisions.ts';

/** Two nodes or more that are one. */
export interface Merge {
  nodes: readonly string[];
  decider: Decider;
}

/** A merge that is taken back together with what is merged instead. */
export interface TakenBack {
  decision: string;
  /** Those that it named. */
  nodes: readonly string[];
  decider: Decider;
}

export interface MergeOutcome {
  /** The decision in the log: a new one, or the one in force that says the same; null when it was forbidden. */
  decision: string | null;
  /** The decision in force that forbids it: that they are not one, or related. */
  forbiddenBy: string | null;
  /** Whom the nodes count as now; null when it was forbidden. */
  entity: string | null;
  /** True when the decision is a new one. */
  isNew: boolean;
}

/**
 * Merges nodes, many groups at once, inside a transaction of `recordInWorkspace`. A merge that is in force already is not noted again.
 * One that a `cannot_link` or `related` forbids is left out; a person's merge withdraws what forbids it.
 * @param takenBack merges that end before these begin; of one that has ended already nothing is noted
 * @throws SamepageError `not_found` for a node that is not there
 */
export async function mergeNodes(
  transaction: Tx,
  ctx: Context,
  kind: IdentityKind,
  merges: readonly Merge[],
  recordedAt: Date,
  takenBack: readonly TakenBack[] = [],
): Promise<MergeOutcome[]> {
  const tx = bulk(transaction);
  const named = [...new Set([...merges, ...takenBack].flatMap(({ nodes }) => nodes))];
  if (named.length === 0) return [];
  const nodes = await loadNodes(tx, ctx, kind, named);
  const ids = nodes.map((node) => node.id);
  const inForceBefore = (await decisionsAbout(tx, ctx, kind, ids, ['merged', 'cannot_link', 'related'])).filter(
    (decision) => decision.undoneBy === null,
  );
  const ended = new Map(takenBack.map((one) => [one.decision, one]));
  const logged = inForceBefore.filter(({ id }) => !ended.has(id));
  const withdrawn = forbiddenToModelsAlone(logged, merges, nodes);
  const apart = logged.flatMap(({ id, verb, sides: [left, right] }): Apart[] =>
    verb !== 'merged' && !withdrawn.has(id) ? [{ decision: id, left, right }] : [],
  );
  await appendDecisions(
    tx,
    ctx,
    kind,
    [
      ...inForceBefore.flatMap(({ id, sides }): NewDecision[] => {
        const one = ended.get(id);
        return one === undefined ? [] : [{ verb: 'unmerged', decider: one.decider, sides, undoes: id }];
      }),
      ...[...withdrawn].map(([undoes, { decider, sides }]): NewDecision => ({ verb: 'withdrawn', decider, sides, undoes })),
    ],
    recordedAt,
  );
  const plan = planMerges(
    merges.map((merge) => merge.nodes),
    nodes,
    apart,
    takenBack.length === 0 ? undefined : groupsFrom(await groupDecisions(tx, ctx, kind, ids)),
  );
  const inForce = new Map(logged.flatMap(({ id, verb, sides }) => (verb === 'merged' ? [[keyOf(sides[0]), id] as const] : [])));
  const fresh = new Map<string, Merge>();
  const today = new Map(nodes.map((node) => [node.id, node.entityId]));
  merges.forEach((merge, i) => {
    // nodes that were split since are no longer what the merge of them says
    const isOne = new Set(merge.nodes.map((id) => today.get(id))).size === 1;
    const isNoted = isOne && inForce.has(keyOf(merge.nodes));
    if (plan.forbiddenBy[i] === null && !isNoted) fresh.set(keyOf(merge.nodes), merge);
  });
  const added = await appendDecisions(
    tx,
    ctx,
    kind,
    [...fresh.values()].map((merge) => ({ verb: 'merged', decider: merge.decider, sides: [merge.nodes, []] })),
    recordedAt,
  );
  [...fresh.keys()].forEach((key, i) => {
    const id = added[i];
    if (id !== undefined) inForce.set(key, id);
  });
  if (plan.moves.length > 0) {
    const policy = (await currentDefinition(tx, ctx, 'taxonomy')).document;
    await regroupNodes(tx, ctx, { kind, moves: plan.moves, policy, recordedAt });
  }
  const known = new Map(nodes.map((node) => [node.id, node]));
  const entities = new Map<string, string>();
  for (const group of plan.groups) {
    const survivor = survivorOf(group.flatMap((id) => known.get(id) ?? []));
    for (const id of group) entities.set(id, survivor?.id ?? id);
  }
  return merges.map((merge, i) => {
    const forbiddenBy = plan.forbiddenBy[i] ?? null;
    const [first = ''] = merge.nodes;
    if (forbiddenBy !== null) return { decision: null, forbiddenBy, entity: null, isNew: false };
    const isNew = fresh.get(keyOf(merge.nodes)) === merge;
    return { decision: inForce.get(keyOf(merge.nodes)) ?? null, forbiddenBy, entity: entities.get(first) ?? first, isNew };
  });
}

function keyOf(nodes: readonly string[]): string {
  return [...new Set(nodes)].sort().join(' ');
}

/** The decisions to keep apart what a person now says is one, with the merge that says it. */
function forbiddenToModelsAlone(
  logged: readonly LoggedDecision[],
  merges: readonly Merge[],
  nodes: Awaited<ReturnType<typeof loadNodes>>,
): Map<string, { decider: Decider; sides: LoggedDecision['sides'] }> {
  const entity = new Map(nodes.map((node) => [node.id, node.entityId]));
  const withdrawn = new Map<string, { decider: Decider; sides: LoggedDecision['sides'] }>();
  for (const { nodes: named, decider } of merges) {
    if (decider.by !== 'person') continue;
    const entities = new Set(named.map((id) => entity.get(id)));
    const within = (id: string) => entities.has(entity.get(id));
    for (const { id, verb, sides } of logged) {
      if (verb !== 'merged' && sides[0].some(within) && sides[1].some(within)) withdrawn.set(id, { decider, sides });
    }
  }
  return withdrawn;
}
