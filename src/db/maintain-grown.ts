import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import { SHORT_LOOK } from './short-look.ts';

/** Pages below which a scan costs less than the housekeeping. */
const FEW_PAGES = 200;
/** Of a table that was never looked at: of it, the planner knows no index from another, and a plan is kept while the table grows. */
const FIRST_PAGES = 4;
const grownRows = z.array(z.object({ name: z.string(), columns: z.string(), is_grown: z.boolean() }));

/**
 * Has the database do its housekeeping when a table has doubled since the last: without statistics the planner takes every row for one
 * of two hundred workspaces' and reads all for each. The embedded database has nobody else who does it, and is cleaned where it grew, also when
 * most of the events are new to it; PostgreSQL does it by itself, but only after a minute, so what has grown is looked at meanwhile.
 */
export async function maintainGrown(ctx: Context): Promise<void> {
  const rows = grownRows.parse(
    await ctx.db.transaction('read', (tx) =>
      tx.query(
        `select relname::text as name, relpages < pages / 2 as is_grown,
           (select string_agg(quote_ident(attname), ', ') from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped) as columns
         from (
           select oid, relname, relpages, reltuples, relallvisible, pg_relation_size(oid) / 8192 as pages from pg_class
           where relkind = 'r' and relnamespace = 'public'::regnamespace
         ) c
         where (pages > ${FEW_PAGES} or reltuples < 0 and pages >= ${FIRST_PAGES}) and (relpages < pages / 2 or relname = 'event' and relallvisible < pages / 2)`,
      ),
    ),
  );
  if (ctx.db.dialect === 'pglite') {
    if (rows.length > 0) await ctx.db.maintain(rows.map(({ name }) => `"${name}"`));
    return;
  }
  // with its columns named, PostgreSQL goes on counting the changes towards its own, thorough look
  const grown = rows.filter((row) => row.is_grown).map(({ name, columns }) => `"${name}" (${columns})`);
  if (grown.length === 0) return;
  await ctx.db.transaction('write', async (tx) => {
    await tx.query("select set_config('default_statistics_target', $1, true)", [String(SHORT_LOOK)]);
    await tx.query(`analyze ${grown.join(', ')}`);
  });
}
