import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';

/** What was looked up so many days ago is not looked up again before a hand-off. */
const FRESH_DAYS = 90;
const row = z.tuple([z.object({ found: z.boolean() })]);

/** Whether providers were asked about a lead or its account lately, and gave something. */
export async function wasEnriched(tx: Tx, ctx: Context, ids: readonly (string | null)[]): Promise<boolean> {
  const params = new SqlParams();
  const since = new Date(ctx.now().getTime() - FRESH_DAYS * 86_400_000).toISOString();
  const found = await tx.query(
    `select exists (select 1 from unnest(${params.uuids(ids.filter((id) => id !== null))}) k(id) cross join lateral (
       select 1 from enriched_field f where f.workspace_id = ${params.add(ctx.workspaceId)} and f.entity_id = k.id
         and f.recorded_at >= ${params.add(since)}::timestamptz limit 1) f) as found`,
    params.values,
  );
  return row.parse(found)[0].found;
}
