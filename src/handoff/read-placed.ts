import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { Placed } from './core/one-open.ts';
import { epoch } from './read-hand-offs.ts';

const rows = z.array(
  z.object({
    id: z.string(),
    entity: z.string(),
    handed_at: z.number(),
    followed_by: z.string().nullable(),
    is_open: z.boolean(),
    is_merged: z.boolean(),
    awaits_merge: z.boolean(),
  }),
);

/** All hand-offs of all records that count as the same person as one of those given. */
export async function readPlaced(tx: Tx, ctx: Context, people: readonly string[]): Promise<Placed[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const text = `with entity as materialized (
       select distinct p.id from unnest(${params.uuids(people)}) k(id) cross join lateral (
         select coalesce(p.merged_into, p.id) as id from person p where p.workspace_id = ${ws} and p.id = k.id offset 0) p),
     node as materialized (
       select id, id as entity from entity
       union all select p.id, entity.id from entity cross join lateral (
         select p.id from person p where p.workspace_id = ${ws} and p.merged_into = entity.id offset 0) p)
     select h.id::text, node.entity::text, ${epoch('h.handed_at')} as handed_at, h.followed_by::text, h.closed_at is null as is_open,
       h.stage = 'merged' as is_merged, coalesce(h.waits_for = 'merge', false) and h.followed_by is null as awaits_merge
     from node cross join lateral (
       select * from hand_off h where h.workspace_id = ${ws} and h.person_id = node.id offset 0) h order by h.id`;
  return rows.parse(await tx.query(text, params.values, { prepare: true }));
}
