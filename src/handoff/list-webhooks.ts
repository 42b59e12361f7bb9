import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { UNSIGNED } from './core/webhook.ts';

const rows = z.array(
  z.object({
    name: z.string(),
    url: z.string(),
    secret: z.string(),
    types: z.array(z.string()).nullable(),
    deliveredAt: z.coerce.date().nullable(),
    pausedUntil: z.coerce.date().nullable(),
    endedAt: z.coerce.date().nullable(),
    /** Events that are still to be delivered, and since when the oldest was recorded. */
    waiting: z.number(),
    oldest: z.coerce.date().nullable(),
    /** Events that were given up. */
    dead: z.number(),
    /** What waits was not sent when it was last looked at, because the process that delivers had no secret. */
    unsigned: z.boolean(),
  }),
);
export type WebhookListed = z.infer<typeof rows>[number];

/** The endpoints by name, and what each is owed. */
export function listWebhooks(ctx: Context): Promise<WebhookListed[]> {
  requireScope(ctx, 'read');
  return readWorkspace(ctx, async (tx) =>
    rows.parse(
      await tx.query(
        `select w.name, w.url, w.secret_name as secret, w.types, w.delivered_at as "deliveredAt", w.paused_until as "pausedUntil",
           w.ended_at as "endedAt", owed.waiting, owed.oldest, owed.dead, coalesce(owed.unsigned, false) as unsigned
         from webhook_endpoint w cross join lateral (
           select count(*) filter (where d.due_at is not null) as waiting, count(*) filter (where d.due_at is null) as dead,
             min(e.recorded_at) filter (where d.due_at is not null) as oldest, bool_or(d.due_at is not null and d.last_answer = $2) as unsigned
           from webhook_delivery d left join outbox_event e on e.workspace_id = $1 and e.id = d.event_id
           where d.workspace_id = $1 and d.endpoint = w.name) owed
         where w.workspace_id = $1 order by w.name`,
        [ctx.workspaceId, UNSIGNED],
      ),
    ),
  );
}

export async function noSuchWebhook(tx: Tx, ctx: Context, name: string): Promise<SamepageError> {
  const known = await tx.query('select name from webhook_endpoint where workspace_id = $1 order by name limit 20', [ctx.workspaceId]);
  const names = known.map((row) => String(row.name));
  return new SamepageError(
    'not_found',
    `There is no webhook "${shown(name)}".`,
    names.length === 0 ? 'Add one with `samepage-mcp webhooks add`.' : `Name one of ${names.join(', ')}.`,
  );
}
