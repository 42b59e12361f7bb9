import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { cancelled } from '../kernel/errors.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { linksFrom } from '../records/core/identity-groups.ts';
import { groupDecisions, type MadeDecision } from '../records/load-group-decisions.ts';
import { ENTITY_COLUMNS } from './core/entity-columns.ts';
import { isSplit, type StaleMerge, sharedEntities, standingAfter } from './core/plan-regrouping.ts';
import type { Stitched } from './core/stitch.ts';
import type { IdentityKind } from './decision.ts';
import type { Stitching } from './load-stitching.ts';

export interface Stale {
  merges: StaleMerge[];
  /** By place in the table, whom the node counts as once they are taken back. */
  standing: string[];
}

/** Entities looked at together. */
const AT_ONCE = 500;

/**
 * The merges of models that a stitching does not find: what they joined is in several clusters now, by weights that are fitted to more
 * records, or since an identifier was suppressed. A merge stays where a source has replaced since what it said of one of those who are
 * one by it: who changed jobs is who was found then. So does what people merged, and what was merged after the records were read.
 * @throws SamepageError `cancelled`
 */
export async function findStaleMerges(ctx: Context, kind: IdentityKind, stitching: Stitching, { cluster }: Stitched): Promise<Stale> {
  const { ids, entityOf } = stitching;
  const shared = sharedEntities(ids, entityOf);
  const split = [...shared].flatMap(([entity, places]) => (places.some((i) => cluster[i] !== cluster[places[0] as number]) ? entity : []));
  const stale = new Map<string, StaleMerge>();
  const standing = [...entityOf];
  if (split.length === 0) return { merges: [], standing };
  const place = new Map(ids.map((id, i) => [id, i]));
  const placesWith = (node: string): readonly number[] => {
    const at = place.get(node);
    return at === undefined ? [] : (shared.get(entityOf[at] ?? '') ?? [at]);
  };
  const clusterOf = (node: string) => cluster[place.get(node) ?? -1];
  const nodeAt = (at: number) => ids[at] ?? '';
  for (let from = 0; from < split.length; from += AT_ONCE) {
    if (ctx.signal.aborted) throw cancelled();
    const places = new Set(split.slice(from, from + AT_ONCE).flatMap((entity) => shared.get(entity) ?? []));
    const found = await readWorkspace(ctx, async (tx) => {
      for (;;) {
        const decisions = await groupDecisions(tx, ctx, kind, Array.from(places, nodeAt));
        const candidates = splitMerges(decisions, clusterOf, stitching.knownAt).map(({ decision, nodes }): StaleMerge => {
          return { decision, nodes, places: [...new Set(nodes.flatMap(placesWith))].sort((a, b) => a - b) };
        });
        const before = places.size;
        // of a merge that a person split, the other part ends with it
        for (const at of candidates.flatMap((one) => one.places)) places.add(at);
        if (places.size > before) continue;
        const pairs = candidates.flatMap((one) => one.places.map((at) => ({ decision: one.decision, node: nodeAt(at) })));
        const outlived = await replacedSince(tx, ctx, kind, pairs);
        return { decisions, merges: candidates.filter(({ decision }) => !outlived.has(decision)) };
      }
    });
    const nodes = Array.from(places, (at) => ({ id: nodeAt(at), entityId: entityOf[at] ?? '' }));
    const after = standingAfter(nodes, found.decisions, found.merges);
    for (const at of places) standing[at] = after.get(nodeAt(at)) ?? nodeAt(at);
    for (const merge of found.merges) stale.set(merge.decision, merge);
  }
  return { merges: [...stale.values()], standing };
}

/** The merges of models, known at an instant, of which something in force joins several clusters. */
function splitMerges(
  decisions: readonly MadeDecision[],
  clusterOf: (node: string) => number | undefined,
  knownAt: Date,
): Omit<StaleMerge, 'places'>[] {
  const made = new Map(decisions.map((one) => [one.id, one]));
  const split = new Set(linksFrom(decisions).flatMap(({ decision, nodes }) => (isSplit(nodes, clusterOf) ? decision : [])));
  return [...split].flatMap((id) => {
    const one = made.get(id);
    const isAsked = one?.verb === 'merged' && one.decidedBy === 'model' && one.recordedAt <= knownAt;
    return isAsked ? { decision: id, nodes: one.sides[0] } : [];
  });
}

const idRows = z.array(z.object({ id: z.string() }));

/** The decisions after which a source replaced what it had said of one of the nodes, in a field by which nodes are compared. */
async function replacedSince(
  tx: Tx,
  ctx: Context,
  kind: IdentityKind,
  pairs: readonly { decision: string; node: string }[],
): Promise<Set<string>> {
  if (pairs.length === 0) return new Set();
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const fields = params.texts(ENTITY_COLUMNS[kind].map(([field]) => field));
  const rows = idRows.parse(
    await tx.query(
      `select distinct k.decision as id from unnest(${params.uuids(pairs.map((pair) => pair.decision))}, ${params.uuids(pairs.map((pair) => pair.node))}) k(decision, node)
       cross join lateral (select recorded_at from identity_decision where workspace_id = ${ws} and id = k.decision offset 0) d
       where exists (
         select 1 from observation o
         left join source_record r on r.workspace_id = ${ws} and r.id = o.source_record_id
         cross join unnest(${fields}) f(field)
         cross join lateral (
           select b.values -> f.field as said from observation b
           left join source_record e on e.workspace_id = ${ws} and e.id = b.source_record_id
           where b.workspace_id = ${ws} and b.entity_id = k.node and b.recorded_at <= d.recorded_at and b.source = o.source
             and e.external_id is not distinct from r.external_id and b.values ? f.field
           order by b.recorded_at desc, b.ordinal desc limit 1) b
         where o.workspace_id = ${ws} and o.entity_id = k.node and o.recorded_at > d.recorded_at and o.values ? f.field
           and o.values -> f.field is distinct from b.said)`,
      params.values,
    ),
  );
  return new Set(rows.map(({ id }) => id));
}
