import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { believedNow, fromOne } from './core/belief-sql.ts';
import { deviceCtes } from './core/device-sql.ts';
import { namedPerson, whomToday } from './core/whom-sql.ts';
import { touchAccounts } from './settle-memberships.ts';

/** The id of a cookie, browser or device: a name at its source. */
export interface Device {
  source: string;
  anonymousId: string;
}

const movedRows = z.array(
  z.object({
    person_before: z.string().nullable(),
    person_after: z.string().nullable(),
    account_before: z.string().nullable(),
    account_after: z.string().nullable(),
  }),
);

/**
 * Lets the anonymous events of devices count for whom those are identified with today, and notes that something about the people and
 * accounts is new that lost or gained one. Rows that were corrected since go along.
 */
export async function settleDevices(
  tx: Tx,
  ctx: Context,
  devices: readonly Device[],
  { at, merged }: { at: string; merged: boolean },
): Promise<void> {
  if (devices.length === 0) return;
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const given = params.rows('d', {
    source: ['text', devices.map(({ source }) => source)],
    anonymous_id: ['text', devices.map(({ anonymousId }) => anonymousId)],
  });
  const ctes = deviceCtes({
    outlook: fromOne({ ws, believed: believedNow }),
    devices: `select d.source, d.anonymous_id from ${given}`,
    node: namedPerson,
    entity: (row) => `${row}.person_id`,
    joins: () => '',
  });
  const { joins, personId, accountId } = whomToday({ ws, event: 'c', node: 'c.node', merged });
  const rows = movedRows.parse(
    await tx.query(
      `with ${ctes.join(',\n')}, moved as (
       update event e set person_id = w.person_id, account_id = w.account_id
       from (
         select c.id, c.recorded_at, c.person_before, c.account_before, ${personId} as person_id, ${accountId} as account_id
         from (
           select a.id, a.recorded_at, a.person_id as person_before, a.account_id as account_before, a.named_account_id, a.domain, dp.entity_id as node
           from device_event d join event a on a.workspace_id = ${ws} and a.id = d.id and a.recorded_at = d.recorded_at
           left join device_person dp on dp.id = d.id and dp.recorded_at = d.recorded_at
           where a.anonymous
         ) c ${joins}
       ) w
       where e.workspace_id = ${ws} and e.id = w.id and e.recorded_at = w.recorded_at
         and (e.person_id is distinct from w.person_id or e.account_id is distinct from w.account_id)
       returning w.person_before, w.person_id as person_after, w.account_before, w.account_id as account_after)
     select distinct person_before::text, person_after::text, account_before::text, account_after::text from moved`,
      params.values,
    ),
  );
  const ids = (...columns: (keyof (typeof rows)[number])[]) => [
    ...new Set(rows.flatMap((row) => columns.map((column) => row[column])).filter((id) => id !== null)),
  ];
  await touchPeople(tx, ctx, ids('person_before', 'person_after'), at);
  await touchAccounts(tx, ctx, ids('account_before', 'account_after'), at);
}

async function touchPeople(tx: Tx, ctx: Context, ids: readonly string[], at: string): Promise<void> {
  if (ids.length === 0) return;
  const params = new SqlParams();
  const now = `${params.add(at)}::timestamptz`;
  await tx.query(
    `update person set changed_at = ${now} where workspace_id = ${params.add(ctx.workspaceId)} and id = any(${params.uuids(ids)}) and changed_at < ${now}`,
    params.values,
  );
}

const deviceRows = z.array(
  z
    .object({ source: z.string(), anonymous_id: z.string() })
    .transform((row): Device => ({ source: row.source, anonymousId: row.anonymous_id })),
);

/** The anonymous ids that were identified with one of the people. */
export async function devicesOf(tx: Tx, ctx: Context, people: readonly string[]): Promise<Device[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const ids = params.uuids(people);
  const identifying = (column: string) =>
    `select source, anonymous_id from event where workspace_id = ${ws} and ${column} = any(${ids}) and anonymous_id is not null and anonymous is null`;
  return deviceRows.parse(await tx.query(`${identifying('person_id')} union ${identifying('named_person_id')}`, params.values));
}
