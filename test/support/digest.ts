import { z } from 'zod';
import { readWorkspace } from '../../src/db/workspace.ts';
import { canonicalJson, sha256 } from '../../src/kernel/canonical-json.ts';
import type { Context } from '../../src/kernel/context.ts';

const tableRows = z.array(z.object({ table_name: z.string() }));

/** Every row that a workspace has, by table, as canonical JSON in a fixed order. */
export async function workspaceRows(ctx: Context, options: { without?: readonly string[] } = {}): Promise<Record<string, string[]>> {
  return readWorkspace(ctx, async (tx) => {
    const tables = tableRows.parse(
      await tx.query(
        `select table_name from information_schema.columns
         where table_schema = 'public' and column_name = 'workspace_id' order by table_name`,
      ),
    );
    const all: Record<string, string[]> = {};
    for (const { table_name: table } of tables) {
      if (options.without?.includes(table)) continue;
      const rows = await tx.query(`select to_jsonb(t) as row from ${table} t where workspace_id = $1`, [ctx.workspaceId]);
      all[table] = rows.map(({ row }) => canonicalJson(row)).sort();
    }
    return all;
  });
}

/** One digest of all that a workspace has, whatever the order in which it is stored. */
export async function workspaceDigest(ctx: Context, options: { without?: readonly string[] } = {}): Promise<string> {
  return sha256(canonicalJson(await workspaceRows(ctx, options)));
}
