import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';

const rows = z.array(z.object({ due_at: z.coerce.date().nullable() }));

/** When something is to be delivered next; null: nothing is owed to anybody. */
export async function nextDelivery(ctx: Context): Promise<Date | null> {
  const found = await readWorkspace(ctx, (tx) =>
    tx.query(
      `select min(greatest(next.due_at, w.paused_until)) as due_at from webhook_endpoint w cross join lateral (
         select d.due_at from webhook_delivery d where d.workspace_id = $1 and d.endpoint = w.name and d.due_at is not null
         order by d.due_at limit 1) next
       where w.workspace_id = $1 and w.ended_at is null`,
      [ctx.workspaceId],
      { prepare: true },
    ),
  );
  return rows.parse(found)[0]?.due_at ?? null;
}
