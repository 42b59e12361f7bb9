import { z } from 'zod';
import type { Context } from '../kernel/context.ts';

/** Pages below which a scan costs less than the housekeeping. */
const FEW_PAGES = 500;
const stateRow = z.object({ stale: z.boolean() });

/** Has the database do its housekeeping when most of the events are new to it, as after the first import. */
export async function maintainEvents(ctx: Context): Promise<void> {
  if (ctx.db.dialect !== 'pglite') return;
  const [row] = await ctx.db.transaction('read', (tx) =>
    tx.query(
      `select coalesce(bool_or(pages > ${FEW_PAGES} and relallvisible < pages / 2), false) as stale
       from (select relallvisible, pg_relation_size(oid) / 8192 as pages from pg_class where relname = 'event' and relkind = 'r') c`,
    ),
  );
  if (stateRow.parse(row).stale) await ctx.db.maintain();
}
