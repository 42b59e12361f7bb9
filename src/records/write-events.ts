import { z } from 'zod';
import { lookedUpSql } from '../db/looked-up.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { EventWrite } from './core/chunk.ts';
import { whomToday } from './core/whom-sql.ts';
import type { Device } from './settle-devices.ts';

/**
 * Appends events; one that is there already with other content is corrected: the old row is believed until now.
 * @returns the anonymous ids that they carry, and that what they correct carried
 */
export async function writeEvents(
  tx: Tx,
  ctx: Context,
  events: ReadonlyMap<string, EventWrite>,
  options: { source: string; at: string; merged: boolean },
): Promise<Device[]> {
  if (events.size === 0) return [];
  const devices = new Map<string, Device>();
  const note = (anonymousId: string | null) => {
    if (anonymousId !== null) devices.set(anonymousId, { source: options.source, anonymousId });
  };
  for (const { anonymousId } of events.values()) note(anonymousId);
  const corrected = [...events.values()].filter((e) => e.corrects).map((e) => e.id);
  if (corrected.length > 0) {
    for (const { anonymous_id } of await carriedBy(tx, ctx, corrected)) note(anonymous_id);
    const params = new SqlParams();
    const at = `${params.add(options.at)}::timestamptz`;
    await tx.query(
      `update event set superseded_at = ${at} where workspace_id = ${params.add(ctx.workspaceId)}
       and id = any(${params.uuids(corrected)}) and superseded_at is null and recorded_at < ${at}`,
      params.values,
    );
  }
  const written = [...events.values()];
  await Promise.all([
    insertEvents(
      tx,
      ctx,
      written.filter((e) => !e.corrects),
      options,
    ),
    insertEvents(
      tx,
      ctx,
      written.filter((e) => e.corrects),
      options,
      true,
    ),
  ]);
  return [...devices.values()];
}

const REPLACING = `on conflict (workspace_id, id, recorded_at) do update set type = excluded.type, occurred_at = excluded.occurred_at,
       occurred_day = excluded.occurred_day, person_id = excluded.person_id, named_person_id = excluded.named_person_id, named_account_id = excluded.named_account_id, domain = excluded.domain,
       account_id = excluded.account_id, source_record_id = excluded.source_record_id, attributes = excluded.attributes,
       anonymous_id = excluded.anonymous_id, anonymous = excluded.anonymous`;

/** @param isAgain they were there before: maybe of this same instant. Of others nobody looks for a conflict, which costs as much as to insert. */
async function insertEvents(
  tx: Tx,
  ctx: Context,
  rows: readonly EventWrite[],
  options: { source: string; at: string; merged: boolean },
  isAgain = false,
): Promise<void> {
  if (rows.length === 0) return;
  const occurredAt = rows.map((e) => new Date(e.occurredAt));
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const { joins, personId, accountId } = whomToday({ ws, event: 'r', node: 'r.person_id', merged: options.merged });
  await tx.query(
    `insert into event (workspace_id, id, recorded_at, source, external_id, type, occurred_at, occurred_day, person_id, named_person_id,
       named_account_id, domain, account_id, source_record_id, attributes, anonymous_id, anonymous)
     select ${ws}, r.id, ${params.add(options.at)}::timestamptz, ${params.add(options.source)}, r.external_id, r.type, r.occurred_at,
       r.occurred_day, ${personId}, case when p.merged_into is not null then r.person_id end, r.named_account_id, r.domain, ${accountId},
       r.record_id, r.attributes, r.anonymous_id, case when r.anonymous_id is not null and r.person_id is null then true end
     from ${params.rows('r', {
       id: ['uuid', rows.map((e) => e.id)],
       external_id: ['text', rows.map((e) => e.externalId)],
       type: ['text', rows.map((e) => e.type)],
       occurred_at: ['timestamptz', occurredAt.map((at) => at.toISOString())],
       occurred_day: ['int', occurredAt.map((at) => String(dayOf(at)))],
       person_id: ['uuid', rows.map((e) => e.personId)],
       named_account_id: ['uuid', rows.map((e) => e.namedAccountId)],
       domain: ['text', rows.map((e) => e.domain)],
       record_id: ['uuid', rows.map((e) => e.recordId)],
       anonymous_id: ['text', rows.map((e) => e.anonymousId)],
       attributes: ['jsonb', rows.map((e) => (e.attributes === null ? null : JSON.stringify(e.attributes)))],
     })}
     ${joins}
${isAgain ? REPLACING : ''}`,
    params.values,
  );
}

const carriedRows = z.array(z.object({ anonymous_id: z.string() }));

async function carriedBy(tx: Tx, ctx: Context, ids: readonly string[]) {
  const params = new SqlParams();
  const where = `t.workspace_id = ${params.add(ctx.workspaceId)}`;
  const text = lookedUpSql({ select: 't.anonymous_id', table: 'event', where, column: 'id', keys: params.uuids(ids) });
  return carriedRows.parse(await tx.query(`${text} where found.anonymous_id is not null`, params.values));
}
