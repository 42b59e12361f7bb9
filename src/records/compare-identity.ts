import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { type GroupDecision, groupsFrom, type IdentityNode, movesTo, type NodeMove } from './core/identity-groups.ts';
import type { MergedKind } from './load-aliases.ts';
import { groupDecisions } from './load-group-decisions.ts';

const nodeRows = z.array(
  z.object({ id: z.string(), created_at: z.coerce.date(), entity_id: z.string(), believed_id: z.string(), beliefs: z.number() }),
);

/**
 * The nodes among the ids that do not count as the entity that the decisions give, on their row or in `identity_member`, each with
 * what it counts as and what it should.
 */
export async function wrongEntities(tx: Tx, ctx: Context, kind: MergedKind, ids: readonly string[]): Promise<NodeMove[]> {
  const decisions = await decisionsAround(tx, ctx, kind, ids);
  const decided = [...new Set([...ids, ...decisions.flatMap(({ sides }) => sides.flat())])];
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const rows = nodeRows.parse(
    await tx.query(
      `select n.id::text, n.created_at, coalesce(n.merged_into, n.id)::text as entity_id, coalesce(m.entity_id, n.id)::text as believed_id, m.beliefs::int
       from ${kind} n cross join lateral (
         select (array_agg(im.entity_id))[1] as entity_id, count(*) as beliefs from identity_member im
         where im.workspace_id = ${ws} and im.kind = ${params.add(kind)} and im.node_id = n.id and im.believed_to is null) m
       where n.workspace_id = ${ws} and n.id = any(${params.uuids(decided)})`,
      params.values,
    ),
  );
  const nodes = rows.map((row): IdentityNode => ({ id: row.id, createdAt: row.created_at.getTime(), entityId: row.entity_id }));
  const right = new Map(movesTo(groupsFrom(decisions), nodes).map((move) => [move.node, move.to]));
  const asked = new Set(ids);
  return rows.flatMap(({ id, entity_id, believed_id, beliefs }) => {
    const to = right.get(id) ?? entity_id;
    const isWrong = entity_id !== to || believed_id !== to || beliefs > 1;
    return asked.has(id) && isWrong ? [{ node: id, from: entity_id, to }] : [];
  });
}

/** All decisions that can tell the groups of the ids: those about them, about the nodes that those name, and so on. */
async function decisionsAround(tx: Tx, ctx: Context, kind: MergedKind, ids: readonly string[]): Promise<GroupDecision[]> {
  const seen = new Set(ids);
  for (let frontier = [...ids]; ; ) {
    const found = await groupDecisions(tx, ctx, kind, frontier);
    const fresh = [...new Set(found.flatMap(({ sides }) => sides.flat()))].filter((node) => !seen.has(node));
    if (fresh.length === 0) break;
    for (const node of fresh) seen.add(node);
    frontier = fresh;
  }
  const touched = seen.size === ids.length ? ids : [...seen];
  return groupDecisions(tx, ctx, kind, touched);
}
