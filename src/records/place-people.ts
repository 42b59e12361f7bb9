import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { believedNow, fromOne, placesSql } from './core/belief-sql.ts';

const movedRows = z.array(z.object({ id: z.string(), before: z.string().nullable(), after: z.string().nullable() }));

export interface MovedPerson {
  id: string;
  before: string | null;
  after: string | null;
}

/**
 * Derives again which account people belong to, from the memberships of all their nodes; a person's aliases belong where it does.
 * @param entities people who are no aliases
 * @returns those of the entities whose account changed, with the accounts
 */
export async function placePeople(tx: Tx, ctx: Context, entities: readonly string[], at: string): Promise<MovedPerson[]> {
  if (entities.length === 0) return [];
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const ids = params.uuids(entities);
  const moved = await tx.query(
    `with node as materialized (
       select id as entity_id, id as node_id, account_id from person where workspace_id = ${ws} and id = any(${ids})
       union all
       select merged_into, id, account_id from person where workspace_id = ${ws} and merged_into = any(${ids}) and merged_into is not null
     ), placed as materialized (${placesSql('select entity_id, node_id from node', fromOne({ ws, believed: believedNow }))}
     ), moved as materialized (
       select node.entity_id, node.node_id, node.account_id as before, coalesce(a.merged_into, placed.account_id) as after
       from node left join placed on placed.entity_id = node.entity_id
       left join account a on a.workspace_id = ${ws} and a.id = placed.account_id
     )
     update person p set account_id = moved.after, changed_at = ${params.add(at)}::timestamptz from moved
     where p.workspace_id = ${ws} and p.id = moved.node_id and moved.before is distinct from moved.after
     returning p.id::text, moved.before::text, moved.after::text`,
    params.values,
  );
  const wanted = new Set(entities);
  return movedRows.parse(moved).filter(({ id }) => wanted.has(id));
}
