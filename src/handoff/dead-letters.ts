import { z } from 'zod';
import { audit, deriveInWorkspace, readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { noSuchWebhook } from './list-webhooks.ts';

const MOST = 500;

const listDeadInput = z.strictObject({ endpoint: z.string().min(1).max(63).optional() });

const rows = z.array(
  z.object({
    endpoint: z.string(),
    event: z.string(),
    type: z.string(),
    subject: z.string(),
    recordedAt: z.coerce.date(),
    attempts: z.number(),
    lastAnswer: z.string().nullable(),
    total: z.number(),
  }),
);
export interface DeadLetters {
  /** The oldest first, at most 500. */
  letters: Omit<z.infer<typeof rows>[number], 'total'>[];
  total: number;
}

/** The events that were given up, of one endpoint or of all. */
export async function listDeadLetters(ctx: Context, given: z.input<typeof listDeadInput>): Promise<DeadLetters> {
  requireScope(ctx, 'read');
  const { endpoint } = parseInput(listDeadInput, given, 'samepage-mcp webhooks dead');
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const whose = endpoint === undefined ? '' : `and d.endpoint = ${params.add(endpoint)}`;
  const found = await readWorkspace(ctx, (tx) =>
    tx.query(
      `select d.endpoint, d.event_id::text as event, e.type, d.subject, e.recorded_at as "recordedAt", d.attempts, d.last_answer as "lastAnswer",
         count(*) over () as total
       from webhook_delivery d join outbox_event e on e.workspace_id = ${ws} and e.id = d.event_id
       where d.workspace_id = ${ws} ${whose} and d.due_at is null order by e.recorded_at, d.subject, d.position limit ${params.add(MOST)}::int`,
      params.values,
    ),
  );
  const letters = rows.parse(found);
  return { letters: letters.map(({ total: _, ...letter }) => letter), total: letters[0]?.total ?? 0 };
}

const replayDeadInput = z.strictObject({
  endpoint: z.string().min(1).max(63),
  /** Ids of events; all that were given up, when left out. */
  events: z.array(z.uuid()).min(1).max(MOST).optional(),
});

/**
 * Has events that were given up sent again, for another three days, under the ids that they always had. Later events of the same records
 * may have been delivered since.
 * @throws SamepageError `not_found`: no such endpoint, or none of these events was given up; `conflict`: the endpoint has ended
 */
export async function replayDeadLetters(ctx: Context, given: z.input<typeof replayDeadInput>): Promise<{ replayed: number }> {
  requireScope(ctx, 'write');
  const { endpoint, events } = parseInput(replayDeadInput, given, 'samepage-mcp webhooks replay');
  return deriveInWorkspace(ctx, async (tx) => {
    const [known] = await tx.query('select ended_at from webhook_endpoint where workspace_id = $1 and name = $2', [
      ctx.workspaceId,
      endpoint,
    ]);
    if (known === undefined) throw await noSuchWebhook(tx, ctx, endpoint);
    if (known.ended_at !== null)
      throw new SamepageError(
        'conflict',
        `${endpoint} has ended: it said that it is gone.`,
        `When it is there again, run \`samepage-mcp webhooks add ${endpoint} …\`, then replay.`,
      );
    const params = new SqlParams();
    const [ws, name, now] = [params.add(ctx.workspaceId), params.add(endpoint), params.add(ctx.now().toISOString())];
    const which = events === undefined ? '' : `and d.event_id = any(${params.uuids(events)})`;
    const replayed = await tx.query(
      `update webhook_delivery d set due_at = ${now}::timestamptz, attempts = 0, first_at = null
       where d.workspace_id = ${ws} and d.endpoint = ${name} and d.due_at is null ${which} returning 1 as one`,
      params.values,
    );
    if (replayed.length === 0 && events !== undefined)
      throw new SamepageError(
        'not_found',
        `None of these events was given up for ${endpoint}.`,
        `Run \`samepage-mcp webhooks dead ${endpoint}\` for those that were.`,
      );
    await audit(tx, ctx, 'replay_dead_letters', `${endpoint}, ${replayed.length} events`);
    return { replayed: replayed.length };
  });
}
