import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';

const rows = z.array(z.object({ at: z.coerce.date(), accounts: z.array(z.string()) }));

/**
 * The accounts of which a clock was announced after an instant of the workspace's clock, and that clock now.
 * @param since left out: the clock alone
 */
export async function announcedSince(ctx: Context, since?: Date): Promise<{ at: Date; accounts: string[] } | undefined> {
  requireScope(ctx, 'read');
  const found = await readWorkspace(ctx, (tx) =>
    tx.query(
      `select w.known_at as at, coalesce((
         select jsonb_agg(distinct e.data ->> 'account') from outbox_event e
         where e.workspace_id = $1 and e.recorded_at > $2::timestamptz and e.type in ('hand_off.due', 'hand_off.breached')
           and e.data ->> 'account' is not null), '[]') as accounts
       from workspace w where w.workspace_id = $1`,
      [ctx.workspaceId, since?.toISOString() ?? null],
      { prepare: true },
    ),
  );
  return rows.parse(found)[0];
}
