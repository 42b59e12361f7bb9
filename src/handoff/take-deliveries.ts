import { z } from 'zod';
import { commitSoon, forRows } from '../db/bulk.ts';
import { deriveInWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { type ToldEvent, UNSIGNED } from './core/webhook.ts';

/** A delivery that is ours to make: until the lease ends nobody else takes it. */
export interface Delivery extends ToldEvent {
  /** Attempts before this one. */
  attempts: number;
  firstAt: Date | null;
}

/** Whether a row is no dead letter, said so that the index by when they are due does not look made for one subject's. */
export const isOwed = (row: string) => `coalesce(${row}.due_at, '-infinity') > '-infinity'`;

/**
 * The rows (`d`) of an endpoint that arrays of subjects and of ids name. The subjects lead to them by the primary key, whatever is believed
 * of a table that grows: joined by their keys alone, they would be sought among all that the endpoint is owed.
 */
export const isNamed = (subjects: string, ids: string) =>
  `d.workspace_id = $1 and d.endpoint = $2 and d.subject = any(${subjects}) and d.event_id = any(${ids})`;

/** Longer than an attempt and its settling take; a runner that was killed is waited for so long. */
const LEASE_MS = 60_000;

const rows = z.array(
  z.object({
    subject: z.string(),
    position: z.number(),
    id: z.string(),
    attempts: z.number(),
    firstAt: z.coerce.date().nullable(),
    type: z.string().nullable(),
    data: z.unknown(),
    recordedAt: z.coerce.date().nullable(),
  }),
);

/**
 * Leases what is due to an endpoint, of each subject the first event that is owed. One that waits behind another is put off until that one
 * may be tried again; when that one ends, it is due at once.
 * @param most how many rows to look at
 * @returns what was leased, and whether there may be more
 */
export async function takeDeliveries(ctx: Context, endpoint: string, most: number): Promise<{ taken: Delivery[]; more: boolean }> {
  const now = ctx.now();
  const looked = await deriveInWorkspace(ctx, async (plain) => {
    const tx = forRows(plain, 1);
    // a lease that is lost with the server's power is an attempt too many, which receivers are used to
    const soon = commitSoon(tx);
    const found = await tx.query(
      `with due as materialized (
         select d.subject, d.position, d.event_id from webhook_delivery d
         where d.workspace_id = $1 and d.endpoint = $2 and d.due_at <= $3::timestamptz order by d.due_at limit $5::int for update skip locked),
       placed as (
         select due.*, ahead.due_at as ahead from due left join lateral (
           select b.due_at from webhook_delivery b
           where b.workspace_id = $1 and b.endpoint = $2 and b.subject = due.subject and ${isOwed('b')}
             and (b.position, b.event_id) < (due.position, due.event_id)
           order by b.position, b.event_id limit 1) ahead on true),
       leased as (
         update webhook_delivery d set due_at = greatest(placed.ahead, $4::timestamptz), last_answer = nullif(d.last_answer, $6::text) from placed
         where ${isNamed('array(select subject from due)', 'array(select event_id from due)')} and d.event_id = placed.event_id
         returning d.subject, d.position, d.event_id, d.attempts, d.first_at, placed.ahead)
       select l.subject, l.position, l.event_id::text as id, l.attempts, l.first_at as "firstAt", e.type, e.data, e.recorded_at as "recordedAt"
       from leased l left join outbox_event e on l.ahead is null and e.workspace_id = $1 and e.id = l.event_id`,
      [ctx.workspaceId, endpoint, now.toISOString(), new Date(now.getTime() + LEASE_MS).toISOString(), most, UNSIGNED],
    );
    await soon;
    return rows.parse(found);
  });
  const taken = looked.flatMap(({ type, recordedAt, ...one }): Delivery[] =>
    type === null || recordedAt === null ? [] : [{ ...one, type, recordedAt }],
  );
  return { taken, more: looked.length === most };
}
