import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { derivedId } from '../kernel/ids.ts';
import { SqlParams } from '../kernel/sql-params.ts';

/** What receivers are told of a hand-off. */
export const HAND_OFF_EVENTS = [
  'hand_off.created',
  'hand_off.disposed',
  'hand_off.reversed',
  'hand_off.merged',
  'hand_off.unmerged',
  'hand_off.due',
  'hand_off.breached',
] as const;

export interface OutboxEvent {
  type: (typeof HAND_OFF_EVENTS)[number] | `segment_rule.${string}`;
  /** The id of what it happened to. A receiver hears of one subject in the order in which its events were written. */
  subject: string;
  data: Readonly<Record<string, unknown>>;
}

/**
 * Writes events to the outbox, and what is owed of them to each endpoint, in the transaction of the change that they tell of: one
 * statement. Who writes events of one subject holds its row, so that they have an order.
 */
export async function writeOutbox(tx: Tx, ctx: Context, events: readonly OutboxEvent[], recordedAt: Date): Promise<void> {
  if (events.length === 0) return;
  const at = recordedAt.toISOString();
  const data = events.map((event) => JSON.stringify(event.data));
  const params = new SqlParams();
  const [ws, recorded, due] = [params.add(ctx.workspaceId), params.add(at), params.add(ctx.now().toISOString())];
  const given = params.rows('g', {
    n: ['int', events.map((_, i) => String(i))],
    id: ['uuid', events.map(({ type, subject }, i) => derivedId('outbox', ctx.workspaceId, subject, type, at, String(i), data[i] ?? ''))],
    subject: ['text', events.map(({ subject }) => subject)],
    type: ['text', events.map(({ type }) => type)],
    data: ['jsonb', data],
  });
  await tx.query(
    `with given as (
       select g.id, g.subject, g.type, g.data, (coalesce(last.position, 0) + row_number() over (partition by g.subject order by g.n))::int as position
       from ${given} cross join lateral (
         select max(e.position) as position from outbox_event e where e.workspace_id = ${ws} and e.subject = g.subject offset 0) last),
     kept as (
       insert into outbox_event (workspace_id, id, subject, position, type, data, recorded_at)
       select ${ws}, id, subject, position, type, data, ${recorded}::timestamptz from given)
     insert into webhook_delivery (workspace_id, endpoint, subject, position, event_id, due_at, attempts)
     select ${ws}, w.name, given.subject, given.position, given.id, ${due}::timestamptz, 0
     from given join webhook_endpoint w on w.workspace_id = ${ws} and w.ended_at is null and (w.types is null or w.types @> to_jsonb(given.type))`,
    params.values,
    { prepare: true },
  );
}
