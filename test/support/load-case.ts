import type { Tx } from '../../src/kernel/database.ts';
import type { CaseRows } from './case-batch.ts';

/** The instant at which everything of a case was learned. */
export const LEARNED = '2026-01-01T00:00:00.000Z';

const TABLES = ['event', 'account', 'person', 'person_account', 'observation', 'score', 'score_history', 'workspace'];

/** Puts the rows of a case into an emptied workspace, as projections and as the logs they come from. */
export async function loadCase(tx: Tx, workspaceId: string, rows: CaseRows): Promise<void> {
  for (const table of TABLES) await tx.query(`delete from ${table} where workspace_id = $1`, [workspaceId]);
  const insert = (text: string, data: readonly unknown[]) => tx.query(text, [workspaceId, LEARNED, JSON.stringify(data)]);
  await tx.query(`insert into workspace values ($1, $2::timestamptz, $2::timestamptz, 0, '')`, [workspaceId, LEARNED]);
  await insert(
    `insert into account (workspace_id, id, fields, created_at, changed_at)
     select $1, id, fields, $2::timestamptz, $2::timestamptz from jsonb_to_recordset($3::text::jsonb) r(id uuid, fields jsonb)`,
    rows.accounts,
  );
  await insert(
    `insert into person (workspace_id, id, account_id, fields, created_at, changed_at)
     select $1, id, "accountId", fields, $2::timestamptz, $2::timestamptz
     from jsonb_to_recordset($3::text::jsonb) r(id uuid, "accountId" uuid, fields jsonb)`,
    rows.people,
  );
  await insert(
    `insert into person_account (workspace_id, person_id, believed_from, account_id, evidence)
     select $1, id, $2::timestamptz, "accountId", 'record' from jsonb_to_recordset($3::text::jsonb) r(id uuid, "accountId" uuid)
     where "accountId" is not null`,
    rows.people,
  );
  const facts = [
    ...rows.accounts.map(({ id, fields }) => ({ id, kind: 'account', fields })),
    ...rows.people.map(({ id, fields }) => ({ id, kind: 'person', fields })),
  ];
  await insert(
    `insert into observation (workspace_id, entity_id, recorded_at, ordinal, kind, source, "values", confidence, observed_at, observed_day, cost_micros)
     select $1, id, $2::timestamptz, 0, kind, 'case', fields, 10000, $2::timestamptz, 0, 0
     from jsonb_to_recordset($3::text::jsonb) r(id uuid, kind text, fields jsonb)`,
    facts,
  );
  const members = new Set(rows.people.flatMap((person) => (person.accountId === null ? [] : [person.id])));
  const events = rows.events.map((event, i) => ({
    ...event,
    n: i,
    named: event.personId !== null && members.has(event.personId) ? null : event.accountId,
  }));
  await insert(
    `insert into event (workspace_id, id, recorded_at, source, external_id, type, occurred_at, occurred_day, person_id, named_account_id, account_id)
     select $1, md5('e' || n)::uuid, $2::timestamptz, 'case', 'e' || n, type, to_timestamp(day * 86400.0), day, "personId", named, "accountId"
     from jsonb_to_recordset($3::text::jsonb) r(n int, type text, day int, "personId" uuid, named uuid, "accountId" uuid)`,
    events,
  );
}
