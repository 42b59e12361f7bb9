import type { Tx } from '../../src/kernel/database.ts';
import { type CaseNodes, rowsOf } from './case-batch.ts';

/** The instant at which everything of a case was learned. */
export const LEARNED = '2026-01-01T00:00:00.000Z';

const TABLES = ['identity_member', 'event', 'account', 'person', 'person_account', 'observation', 'score', 'score_history', 'workspace'];

/** Puts the rows of a case into an emptied workspace, as projections and as the logs they come from. */
export async function loadCase(tx: Tx, workspaceId: string, nodes: CaseNodes): Promise<void> {
  const { entityOf } = nodes;
  const entities = rowsOf(nodes);
  const projected = new Map([...entities.accounts, ...entities.people].map((row) => [row.id, row]));
  const accountOf = new Map(entities.people.map((row) => [row.id, row.accountId]));
  /** An alias keeps its own fields; its entity has those of all. */
  const row = <T extends { id: string; fields: Record<string, unknown> }>(node: T) => ({
    ...node,
    fields: projected.get(node.id)?.fields ?? node.fields,
    mergedInto: entityOf.get(node.id) ?? null,
  });
  for (const table of TABLES) await tx.query(`delete from ${table} where workspace_id = $1`, [workspaceId]);
  const insert = (text: string, data: readonly unknown[]) => tx.query(text, [workspaceId, LEARNED, JSON.stringify(data)]);
  await tx.query(`insert into workspace values ($1, $2::timestamptz, $2::timestamptz, 0, '')`, [workspaceId, LEARNED]);
  await insert(
    `insert into account (workspace_id, id, fields, created_at, changed_at, merged_into)
     select $1, id, fields, $2::timestamptz, $2::timestamptz, "mergedInto"
     from jsonb_to_recordset($3::text::jsonb) r(id uuid, fields jsonb, "mergedInto" uuid)`,
    nodes.accounts.map(row),
  );
  await insert(
    `insert into person (workspace_id, id, account_id, fields, created_at, changed_at, merged_into)
     select $1, id, "accountId", fields, $2::timestamptz, $2::timestamptz, "mergedInto"
     from jsonb_to_recordset($3::text::jsonb) r(id uuid, "accountId" uuid, fields jsonb, "mergedInto" uuid)`,
    nodes.people.map((node) => ({ ...row(node), accountId: accountOf.get(entityOf.get(node.id) ?? node.id) ?? null })),
  );
  await insert(
    `insert into person_account (workspace_id, person_id, believed_from, account_id, evidence)
     select $1, id, $2::timestamptz, "accountId", 'record' from jsonb_to_recordset($3::text::jsonb) r(id uuid, "accountId" uuid)
     where "accountId" is not null`,
    nodes.people,
  );
  const kinds = new Map([...nodes.accounts.map(({ id }) => [id, 'account']), ...nodes.people.map(({ id }) => [id, 'person'])] as [
    string,
    string,
  ][]);
  const members = (of: ReadonlyMap<string, string>) => [...of].map(([node, entity]) => ({ kind: kinds.get(node), node, entity }));
  await insert(
    `insert into identity_member (workspace_id, kind, node_id, believed_from, entity_id)
     select $1, kind, node, $2::timestamptz, entity from jsonb_to_recordset($3::text::jsonb) r(kind text, node uuid, entity uuid)`,
    members(entityOf),
  );
  // until this very instant: no longer
  await insert(
    `insert into identity_member (workspace_id, kind, node_id, believed_from, believed_to, entity_id)
     select $1, kind, node, $2::timestamptz - interval '1 day', $2::timestamptz, entity
     from jsonb_to_recordset($3::text::jsonb) r(kind text, node uuid, entity uuid)`,
    members(nodes.ended),
  );
  const facts = [
    ...nodes.accounts.map(({ id, fields }) => ({ id, kind: 'account', fields })),
    ...nodes.people.map(({ id, fields }) => ({ id, kind: 'person', fields })),
  ];
  await insert(
    `insert into observation (workspace_id, entity_id, recorded_at, ordinal, kind, source, "values", confidence, observed_at, observed_day, cost_micros)
     select $1, id, $2::timestamptz, n, kind, 'case', fields, 10000, $2::timestamptz, 0, 0
     from jsonb_to_recordset($3::text::jsonb) r(id uuid, n int, kind text, fields jsonb)`,
    facts.map((fact, n) => ({ ...fact, n })),
  );
  const placed = new Set(nodes.people.flatMap((person) => (person.accountId === null ? [] : [person.id])));
  const events = nodes.events.map((event, i) => {
    const counted = entities.events[i];
    return {
      ...event,
      n: i,
      named: event.personId !== null && placed.has(event.personId) ? null : event.accountId,
      personId: counted?.personId ?? null,
      namedPerson: counted?.personId === event.personId ? null : event.personId,
      accountId: counted?.accountId ?? null,
    };
  });
  await insert(
    `insert into event (workspace_id, id, recorded_at, source, external_id, type, occurred_at, occurred_day, person_id, named_person_id,
       named_account_id, account_id)
     select $1, md5('e' || n)::uuid, $2::timestamptz, 'case', 'e' || n, type, to_timestamp(day * 86400.0), day, "personId", "namedPerson", named, "accountId"
     from jsonb_to_recordset($3::text::jsonb) r(n int, type text, day int, "personId" uuid, "namedPerson" uuid, named uuid, "accountId" uuid)`,
    events,
  );
}
