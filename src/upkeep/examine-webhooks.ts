import { z } from 'zod';
import { UNSIGNED } from '../handoff/core/webhook.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { shown } from '../kernel/errors.ts';
import { type Finding, ok, problem, RESTORE, warning } from './core/finding.ts';

const stateRow = z.tuple([
  z.object({
    endpoints: z.coerce.number(),
    lost: z.coerce.number(),
    dead: z.coerce.number(),
    of: z.string().nullable(),
    late: z.coerce.number(),
    unsigned: z.string().nullable(),
    secret: z.string().nullable(),
  }),
]);

const isUnsigned = 'd.due_at is not null and d.last_answer = $3 and w.ended_at is null';

/** What receivers are owed: nothing without its event or its receiver, nothing given up, nothing that nobody sends. */
export async function examineWebhooks(tx: Tx, ctx: Context): Promise<Finding> {
  const [{ endpoints, lost, dead, of, late, unsigned, secret }] = stateRow.parse(
    await tx.query(
      `select (select count(*) from webhook_endpoint where workspace_id = $1) as endpoints, count(*) filter (where w.name is null or e.id is null) as lost,
         count(*) filter (where d.due_at is null) as dead, min(d.endpoint) filter (where d.due_at is null) as of,
         count(*) filter (where d.due_at < $2::timestamptz - interval '1 day' and w.ended_at is null
           and coalesce(w.paused_until < $2::timestamptz, true)) as late,
         min(w.name) filter (where ${isUnsigned}) as unsigned, (array_agg(w.secret_name order by w.name) filter (where ${isUnsigned}))[1] as secret
       from webhook_delivery d left join webhook_endpoint w on w.workspace_id = $1 and w.name = d.endpoint
       left join outbox_event e on e.workspace_id = $1 and e.id = d.event_id where d.workspace_id = $1`,
      [ctx.workspaceId, ctx.now().toISOString(), UNSIGNED],
    ),
  );
  const number = (n: number) => n.toLocaleString('en-US');
  if (lost > 0) return problem('webhooks', `${number(lost)} deliveries have lost their event or their receiver`, RESTORE);
  if (dead > 0) {
    const name = shown(of ?? '');
    const mend = `samepage-mcp webhooks dead ${name}, then samepage-mcp webhooks replay ${name}`;
    return warning('webhooks', `${number(dead)} events were given up, as those for ${name}`, mend);
  }
  if (unsigned !== null) {
    const mend = `Set ${secret} in the file of SAMEPAGE_SECRETS_FILE, or in the environment of every client and command, and start them again`;
    return warning('webhooks', `nothing is sent to ${shown(unsigned)}: the process that delivers has no secret in ${secret}`, mend);
  }
  if (late > 0) return warning('webhooks', `${number(late)} deliveries wait for more than a day`, 'samepage-mcp work');
  return ok('webhooks', `${number(endpoints)} receivers, nothing is owed for long`);
}
