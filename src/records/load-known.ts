import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { derivedId } from '../kernel/ids.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { Known, RefKind } from './core/chunk.ts';
import { rowRecordId } from './core/plan-row.ts';
import type { ReadRow } from './core/row-reader.ts';
import type { RecordKind } from './core/targets.ts';

const refRows = z.array(z.object({ external_id: z.string(), entity_id: z.string(), digest: z.string() }));
const claimRows = z.array(z.object({ domain: z.string(), account_id: z.string() }));
const idRows = z.array(z.object({ id: z.string() }));
const eventRows = z.array(z.object({ id: z.string(), record: z.string().nullable() }));

/** Reads what the database holds of everything that rows name: a statement a table. */
export async function loadKnown(
  tx: Tx,
  ctx: Context,
  input: { source: string; kind: RecordKind; rows: readonly ReadRow[]; observedAt: number },
): Promise<Known> {
  const { source, kind, rows, observedAt } = input;
  const isEvents = kind === 'events' || kind === 'signals';
  const domains = distinct(rows.map((row) => row.domain));
  const emails = distinct(rows.map((row) => row.email));

  const refs = async (refKind: RefKind, ids: readonly string[]) => {
    if (ids.length === 0) return new Map();
    const params = new SqlParams();
    const text = `select external_id, entity_id::text, digest from external_ref where workspace_id = ${params.add(ctx.workspaceId)}
      and kind = ${params.add(refKind)} and source = ${params.add(refKind === 'person_email' ? '' : source)} and external_id = any(${params.texts(ids)})`;
    const found = refRows.parse(await tx.query(text, params.values));
    return new Map(found.map((row) => [row.external_id, { entityId: row.entity_id, digest: row.digest }]));
  };
  const own = (name: RecordKind) => (kind === name ? rows.map((row) => row.externalId) : []);
  const known: Known = {
    refs: {
      account: await refs('account', distinct([...own('accounts'), ...rows.map((row) => row.accountExternalId)])),
      person: await refs('person', distinct([...own('people'), ...rows.map((row) => row.personExternalId)])),
      opportunity: await refs('opportunity', distinct(own('opportunities'))),
      person_email: await refs('person_email', emails),
    },
    claims: new Map(),
    entities: new Set(),
    events: new Map(),
    records: new Set(),
  };
  if (domains.length > 0) {
    const params = new SqlParams();
    const text = `select domain, account_id::text from account_domain where workspace_id = ${params.add(ctx.workspaceId)}
      and domain = any(${params.texts(domains)}) and believed_to is null`;
    for (const row of claimRows.parse(await tx.query(text, params.values))) known.claims.set(row.domain, row.account_id);
  }

  await loadExisting(tx, ctx, 'person', possiblePeople(source, kind, rows, emails, known), known.entities);

  if (isEvents && rows.length > 0) {
    const params = new SqlParams();
    const ids = distinct(rows.map((row) => derivedId('event', source, row.externalId)));
    const text = `select id::text, source_record_id::text as record from event where workspace_id = ${params.add(ctx.workspaceId)}
      and id = any(${params.uuids(ids)}) and superseded_at is null`;
    for (const row of eventRows.parse(await tx.query(text, params.values))) known.events.set(row.id, row.record ?? '');
  }
  const again = rows.filter((row) =>
    isEvents
      ? known.events.has(derivedId('event', source, row.externalId))
      : row.stamp !== undefined && ownRef(known, kind, row) !== undefined,
  );
  await loadExisting(
    tx,
    ctx,
    'source_record',
    again.map((row) => rowRecordId(source, kind, row, observedAt)),
    known.records,
  );
  return known;
}

async function loadExisting(tx: Tx, ctx: Context, table: string, ids: readonly string[], into: Set<string>): Promise<void> {
  if (ids.length === 0) return;
  const params = new SqlParams();
  const text = `select id::text from ${table} where workspace_id = ${params.add(ctx.workspaceId)} and id = any(${params.uuids(distinct(ids))})`;
  for (const row of idRows.parse(await tx.query(text, params.values))) into.add(row.id);
}

function ownRef(known: Known, kind: RecordKind, row: ReadRow) {
  if (kind === 'accounts') return known.refs.account.get(row.externalId);
  return kind === 'people' ? known.refs.person.get(row.externalId) : known.refs.opportunity.get(row.externalId);
}

/** People that a row may make; those that an address names are looked for always, to tell whose address it is. */
function possiblePeople(source: string, kind: RecordKind, rows: readonly ReadRow[], emails: readonly string[], known: Known): string[] {
  const byId = rows.flatMap((row) => {
    const externalId = kind === 'people' ? row.externalId : row.personExternalId;
    if (externalId === undefined || row.email !== undefined || known.refs.person.has(externalId)) return [];
    return [derivedId('person', source, externalId)];
  });
  return [...emails.map((email) => derivedId('person', 'email', email)), ...byId];
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}
