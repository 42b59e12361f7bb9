import { deriveInWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';

const KEPT_DAYS = 30;
const PART = 5_000;

/** Forgets events that are older than 30 days and owed to nobody, and what is owed to endpoints that were removed. */
export async function pruneOutbox(ctx: Context): Promise<{ events: number }> {
  requireScope(ctx, 'write');
  const before = new Date(ctx.now().getTime() - KEPT_DAYS * 24 * 3_600_000).toISOString();
  await deriveInWorkspace(ctx, (tx) =>
    tx.query(
      `delete from webhook_delivery d where d.workspace_id = $1 and not exists (
         select 1 from webhook_endpoint w where w.workspace_id = $1 and w.name = d.endpoint)`,
      [ctx.workspaceId],
    ),
  );
  let events = 0;
  for (;;) {
    const gone = await deriveInWorkspace(ctx, (tx) =>
      tx.query(
        `delete from outbox_event e using (
           select o.id from outbox_event o
           where o.workspace_id = $1 and o.recorded_at < $2::timestamptz and not exists (
             select 1 from webhook_endpoint w join webhook_delivery d on d.workspace_id = $1 and d.endpoint = w.name
             where w.workspace_id = $1 and d.subject = o.subject and d.position = o.position and d.event_id = o.id)
           order by o.recorded_at limit $3::int) old
         where e.workspace_id = $1 and e.id = old.id returning 1 as one`,
        [ctx.workspaceId, before, PART],
      ),
    );
    events += gone.length;
    if (gone.length < PART || ctx.signal.aborted) return { events };
  }
}
