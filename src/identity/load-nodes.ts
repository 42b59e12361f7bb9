import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { IdentityNode } from '../records/core/identity-groups.ts';
import type { IdentityKind } from './decision.ts';

const nodeRows = z.array(z.object({ id: z.string(), created_at: z.coerce.date(), entity_id: z.string() }));

/** The nodes given and all that count as the same entity as one of them. @throws SamepageError `not_found` for one that is not there */
export async function loadNodes(tx: Tx, ctx: Context, kind: IdentityKind, ids: readonly string[]): Promise<IdentityNode[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const rows = nodeRows.parse(
    await tx.query(
      `with entity as materialized (
         select distinct coalesce(merged_into, id) as id from ${kind} where workspace_id = ${ws} and id = any(${params.uuids(ids)}))
       select n.id::text, n.created_at, n.id::text as entity_id from ${kind} n join entity e on e.id = n.id where n.workspace_id = ${ws}
       union all
       select n.id::text, n.created_at, n.merged_into::text from ${kind} n join entity e on e.id = n.merged_into
       where n.workspace_id = ${ws} and n.merged_into is not null`,
      params.values,
    ),
  );
  const found = new Set(rows.map((row) => row.id));
  const missing = ids.filter((id) => !found.has(id));
  if (missing.length > 0) {
    throw new SamepageError('not_found', `There is no ${kind} ${shown(missing[0])}.`, 'Call search_records for the ids there are.', {
      problems: missing.slice(0, 20).map((id) => ({ path: 'records', value: shown(id), reason: `is no ${kind} of this workspace` })),
    });
  }
  return rows.map(({ id, created_at, entity_id }) => ({ id, createdAt: created_at.getTime(), entityId: entity_id }));
}
