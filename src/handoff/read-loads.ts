import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import type { Load } from './core/assign.ts';

const rows = z.array(z.object({ owner: z.string(), open: z.number(), today: z.number(), last: z.number() }));

/**
 * What every owner has to do already. A lead that was accepted takes no room any more.
 * @param since the start of the day, for the leads of today
 */
export async function readLoads(tx: Tx, ctx: Context, since: Date): Promise<Map<string, Load>> {
  const found = rows.parse(
    await tx.query(
      `select h.owner, (count(*) filter (where h.stage = 'mql' and h.closed_at is null))::int as open,
         (count(*) filter (where h.handed_at >= $2::timestamptz))::int as today,
         (extract(epoch from max(h.handed_at)) * 1000)::float8 as last
       from hand_off h where h.workspace_id = $1 and h.owner is not null group by h.owner`,
      [ctx.workspaceId, since.toISOString()],
      { prepare: true },
    ),
  );
  return new Map(found.map(({ owner, ...load }) => [owner, load]));
}
