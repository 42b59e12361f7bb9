import { z } from 'zod';
import type { Context } from '../kernel/context.ts';

/** Pages below which a scan costs less than the housekeeping. */
const FEW_PAGES = 200;
const stateRow = z.object({ stale: z.boolean() });

/**
 * Has the embedded database do its housekeeping when a table has doubled since the last, or most of the events are new to it. PostgreSQL
 * does that by itself; here, without it, the planner takes every row for one of two hundred workspaces' and reads all for each.
 */
export async function maintainGrown(ctx: Context): Promise<void> {
  if (ctx.db.dialect !== 'pglite') return;
  const [row] = await ctx.db.transaction('read', (tx) =>
    tx.query(
      `select coalesce(bool_or(pages > ${FEW_PAGES} and (relpages < pages / 2 or relname = 'event' and relallvisible < pages / 2)), false) as stale
       from (
         select relname, relpages, relallvisible, pg_relation_size(oid) / 8192 as pages from pg_class
         where relkind = 'r' and relnamespace = 'public'::regnamespace
       ) c`,
    ),
  );
  if (stateRow.parse(row).stale) await ctx.db.maintain();
}
