import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { Load } from './core/assign.ts';
import { epoch } from './read-hand-offs.ts';

const rows = z.array(z.object({ owner: z.string(), open: z.number(), today: z.number(), last: z.number().nullable() }));

/**
 * What owners have to do already. A lead that was accepted takes no room any more.
 * @param since the start of the day, for the leads of today
 */
export async function readLoads(tx: Tx, ctx: Context, since: Date, owners: readonly string[]): Promise<Map<string, Load>> {
  if (owners.length === 0) return new Map();
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const found = rows.parse(
    await tx.query(
      `select k.owner, l.open, l.today, l.last from unnest(${params.texts([...new Set(owners)])}) k(owner) cross join lateral (select
         (select coalesce(sum(c.total), 0)::int from hand_off_count c where c.workspace_id = ${ws} and c.stage = 'mql' and c.owner = k.owner) as open,
         (select count(*)::int from hand_off h where h.workspace_id = ${ws} and h.owner = k.owner
            and h.handed_at >= ${params.add(since.toISOString())}::timestamptz) as today,
         (select ${epoch('h.handed_at')} from hand_off h where h.workspace_id = ${ws} and h.owner = k.owner order by h.handed_at desc limit 1) as last
       offset 0) l`,
      params.values,
      { prepare: true },
    ),
  );
  return new Map(found.map(({ owner, ...load }) => [owner, load]));
}
