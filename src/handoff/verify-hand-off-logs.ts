import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';

const rows = z.array(z.object({ id: z.string() }));

/** Ids of hand-offs whose logs have a gap or no beginning, and of those of which a log or clocks are there and they are not. */
export async function verifyHandOffLogs(tx: Tx, ctx: Context): Promise<string[]> {
  const found = await tx.query(
    `select coalesce(h.id, e.id)::text as id from (select id, ordinal from hand_off where workspace_id = $1) h
     full join (
       select hand_off_id as id, count(*) as events, min(ordinal) as least, max(ordinal) as most, bool_or(ordinal = 0 and kind = 'hand_off') as begun
       from hand_off_event where workspace_id = $1 group by hand_off_id) e on e.id = h.id
     where not coalesce(e.begun and e.least = 0 and e.most = e.events - 1 and h.ordinal = e.most, false)
     union
     select c.hand_off_id::text from hand_off_clock c where c.workspace_id = $1
       and not exists (select 1 from hand_off h where h.workspace_id = $1 and h.id = c.hand_off_id)
     order by 1`,
    [ctx.workspaceId],
  );
  return rows.parse(found).map(({ id }) => id);
}
