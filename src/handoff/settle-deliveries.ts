import { commitSoon, forRows } from '../db/bulk.ts';
import { deriveInWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { nextAttempt, UNSIGNED, type Verdict } from './core/webhook.ts';
import { type Delivery, isNamed, isOwed } from './take-deliveries.ts';

/** A delivery and what its attempt came to; `unsent`: it was broken off with the runner, and is no attempt. */
export interface Ended {
  delivery: Delivery;
  verdict: Verdict | { is: 'unsent' };
}

export interface Tally {
  delivered: number;
  /** To be tried again. */
  retried: number;
  /** Given up. */
  dead: number;
}

/**
 * Writes down what attempts came to: what was delivered is owed no more, what was not is due again or given up, and the next of its subject
 * becomes due. An endpoint that is gone is ended, and what it is still owed is given up.
 * @returns how many of each, and whether nothing more is to be sent to the endpoint for now
 */
export async function settleDeliveries(ctx: Context, endpoint: string, ended: readonly Ended[]): Promise<Tally & { stops: boolean }> {
  const now = ctx.now();
  const delivered = ended.filter(({ verdict }) => verdict.is === 'delivered');
  const again = ended.flatMap(({ delivery, verdict }) => (verdict.is === 'again' ? [{ delivery, verdict }] : []));
  const put = again.map(({ delivery, verdict }) => {
    const attempt = delivery.attempts + 1;
    const next = nextAttempt(delivery.id, { attempt, firstAt: delivery.firstAt ?? now, now, afterMs: verdict.afterMs });
    return { delivery, attempt, next, answer: verdict.answer };
  });
  const unsent = ended.filter(({ verdict }) => verdict.is === 'unsent');
  const givenUp = put.filter(({ next }) => next === null);
  const isGone = ended.some(({ verdict }) => verdict.is === 'gone');
  const pauseMs = Math.max(0, ...again.map(({ verdict }) => (verdict.pauses === true ? (verdict.afterMs ?? 0) : 0)));
  const ownedUp = await deriveInWorkspace(ctx, async (plain) => {
    const tx = forRows(plain, 1);
    const soon = commitSoon(tx);
    if (delivered.length > 0) await remove(tx, ctx, endpoint, delivered);
    if (put.length > 0) await putOff(tx, ctx, endpoint, put);
    if (unsent.length > 0) await release(tx, ctx, endpoint, unsent);
    await wake(tx, ctx, endpoint, [...delivered, ...givenUp]);
    const gone = isGone ? await giveUpAll(tx, ctx, endpoint) : 0;
    if (delivered.length > 0 || isGone || pauseMs > 0)
      await tx.query(
        `update webhook_endpoint set delivered_at = case when $3::boolean then $4::timestamptz else delivered_at end,
           ended_at = case when $5::boolean then $4::timestamptz else ended_at end,
           paused_until = case when $6::float8 > 0 then $4::timestamptz + $6::float8 * interval '1 millisecond' else paused_until end
         where workspace_id = $1 and name = $2`,
        [ctx.workspaceId, endpoint, delivered.length > 0, now.toISOString(), isGone, pauseMs],
      );
    await soon;
    return gone;
  });
  return {
    delivered: delivered.length,
    retried: put.length - givenUp.length,
    dead: givenUp.length + ownedUp,
    stops: isGone || pauseMs > 0,
  };
}

/** Says of the event that is due first that nothing signs it, once. Whoever takes it later, with the secret, unsays it. */
export async function noteUnsigned(ctx: Context, endpoint: string): Promise<void> {
  await deriveInWorkspace(ctx, (tx) =>
    tx.query(
      `update webhook_delivery d set last_answer = $4 from (
         select b.subject, b.position, b.event_id from webhook_delivery b
         where b.workspace_id = $1 and b.endpoint = $2 and b.due_at <= $3::timestamptz order by b.due_at limit 1) first
       where d.workspace_id = $1 and d.endpoint = $2 and d.subject = first.subject and d.position = first.position
         and d.event_id = first.event_id and d.due_at <= $3::timestamptz and d.last_answer is distinct from $4`,
      [ctx.workspaceId, endpoint, ctx.now().toISOString(), UNSIGNED],
      { prepare: true },
    ),
  );
}

type Named = Pick<Ended, 'delivery'>;

function paramsOf(ctx: Context, endpoint: string): SqlParams {
  const params = new SqlParams();
  params.add(ctx.workspaceId);
  params.add(endpoint);
  return params;
}

const idsOf = (named: readonly Named[]) => named.map(({ delivery }) => delivery.id);
const subjectsOf = (named: readonly Named[]) => [...new Set(named.map(({ delivery }) => delivery.subject))];
/** Which rows are meant, for a WHERE. */
const those = (params: SqlParams, named: readonly Named[]) => isNamed(params.texts(subjectsOf(named)), params.uuids(idsOf(named)));

async function remove(tx: Tx, ctx: Context, endpoint: string, named: readonly Named[]): Promise<void> {
  const params = paramsOf(ctx, endpoint);
  await tx.query(`delete from webhook_delivery d where ${those(params, named)}`, params.values);
}

/** What another runner took over meanwhile, because this one was too slow, is that one's. */
async function putOff(
  tx: Tx,
  ctx: Context,
  endpoint: string,
  put: readonly (Named & { attempt: number; next: Date | null; answer: string })[],
): Promise<void> {
  const params = paramsOf(ctx, endpoint);
  const now = params.add(ctx.now().toISOString());
  const given = params.rows('g', {
    event_id: ['uuid', idsOf(put)],
    attempts: ['int', put.map(({ attempt }) => String(attempt))],
    due_at: ['timestamptz', put.map(({ next }) => next?.toISOString() ?? null)],
    answer: ['text', put.map(({ answer }) => answer)],
  });
  await tx.query(
    `update webhook_delivery d set attempts = g.attempts, due_at = g.due_at, first_at = coalesce(d.first_at, ${now}::timestamptz), last_answer = g.answer
     from ${given} where ${those(params, put)} and d.event_id = g.event_id and d.attempts = g.attempts - 1 and ${isOwed('d')}`,
    params.values,
  );
}

async function release(tx: Tx, ctx: Context, endpoint: string, unsent: readonly Named[]): Promise<void> {
  const params = paramsOf(ctx, endpoint);
  const now = params.add(ctx.now().toISOString());
  await tx.query(
    `update webhook_delivery d set due_at = ${now}::timestamptz where ${those(params, unsent)} and ${isOwed('d')}`,
    params.values,
  );
}

/** The next of each subject, which waited for one that ended. */
async function wake(tx: Tx, ctx: Context, endpoint: string, ended: readonly Named[]): Promise<void> {
  if (ended.length === 0) return;
  const params = paramsOf(ctx, endpoint);
  const subjects = params.texts(subjectsOf(ended));
  const now = params.add(ctx.now().toISOString());
  await tx.query(
    `with next as materialized (
       select first.* from unnest(${subjects}) s(subject) cross join lateral (
         select b.subject, b.event_id from webhook_delivery b
         where b.workspace_id = $1 and b.endpoint = $2 and b.subject = s.subject and ${isOwed('b')}
         order by b.position, b.event_id limit 1) first)
     update webhook_delivery d set due_at = ${now}::timestamptz
     where ${isNamed('array(select subject from next)', 'array(select event_id from next)')} and coalesce(d.due_at, '-infinity') > ${now}::timestamptz`,
    params.values,
  );
}

async function giveUpAll(tx: Tx, ctx: Context, endpoint: string): Promise<number> {
  const rows = await tx.query(
    `update webhook_delivery d set due_at = null, last_answer = 'it is gone (410)'
     where d.workspace_id = $1 and d.endpoint = $2 and d.due_at is not null returning 1 as one`,
    [ctx.workspaceId, endpoint],
  );
  return rows.length;
}
