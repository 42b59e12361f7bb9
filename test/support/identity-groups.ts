import { readWorkspace } from '../../src/db/workspace.ts';
import type { Context } from '../../src/kernel/context.ts';

/** External ids by the entity that they count as: each group sorted, and the groups. */
export async function groupsOf(ctx: Context, kind: 'account' | 'person'): Promise<string[][]> {
  const rows = await readWorkspace(ctx, (tx) =>
    tx.query(
      `select jsonb_agg(x.external_id order by x.external_id) as ids from external_ref x join ${kind} e on e.workspace_id = $1 and e.id = x.entity_id
       where x.workspace_id = $1 and x.kind = '${kind}' group by coalesce(e.merged_into, e.id)`,
      [ctx.workspaceId],
    ),
  );
  return rows.map((row) => row.ids as string[]).sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
}

/** The id of the person, or of the account, that a source knows by its own id. */
export async function nodeOf(ctx: Context, externalId: string, kind: 'account' | 'person' = 'person'): Promise<string> {
  const [row] = await readWorkspace(ctx, (tx) =>
    tx.query('select entity_id::text from external_ref where workspace_id = $1 and kind = $2 and external_id = $3', [
      ctx.workspaceId,
      kind,
      externalId,
    ]),
  );
  return String(row?.entity_id);
}
