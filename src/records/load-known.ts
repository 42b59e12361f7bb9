import { z } from 'zod';
import { lookedUpSql } from '../db/looked-up.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { derivedId } from '../kernel/ids.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { accountId, isClaimable, type Known, type Ref, type RefKind } from './core/chunk.ts';
import { rowRecordId } from './core/plan-row.ts';
import { ownAddress } from './core/role-address.ts';
import type { ReadRow } from './core/row-reader.ts';
import type { RecordKind } from './core/targets.ts';
import { loadSaidNames } from './load-said-names.ts';
import { loadSharedDomains, loadSharedMail } from './load-shared.ts';
import { claimants } from './settle-memberships.ts';

const refRows = z.array(z.object({ external_id: z.string(), entity_id: z.string(), digest: z.string() }));
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
  const domains = distinct(rows.flatMap((row) => [row.domain, row.emailDomain]));
  const emails = distinct(rows.map((row) => row.email));

  const refs = async (refKind: RefKind, ids: readonly string[]): Promise<Map<string, Ref>> => {
    if (ids.length === 0) return new Map();
    const params = new SqlParams();
    const text = lookedUpSql({
      select: 't.external_id, t.entity_id::text, t.digest',
      table: 'external_ref',
      where: `t.workspace_id = ${params.add(ctx.workspaceId)} and t.kind = ${params.add(refKind)} and t.source = ${params.add(refKind === 'person_email' ? '' : source)}`,
      column: 'external_id',
      keys: params.texts(ids),
    });
    const found = refRows.parse(await tx.query(text, params.values));
    return new Map(found.map((row) => [row.external_id, { entityId: row.entity_id, digest: row.digest }]));
  };
  const own = (name: RecordKind) => (kind === name ? rows.map((row) => row.externalId) : []);
  const [account, person, opportunity, mail, claimed, sharedMail, sharedDomains] = await Promise.all([
    refs('account', distinct([...own('accounts'), ...rows.map((row) => row.accountExternalId)])),
    refs('person', distinct([...own('people'), ...rows.map((row) => row.personExternalId)])),
    refs('opportunity', distinct(own('opportunities'))),
    refs('person_email', emails),
    claimants(tx, ctx, domains),
    loadSharedMail(tx, ctx, emails),
    emails.length === 0 ? new Set<string>() : loadSharedDomains(tx, ctx),
  ]);
  const known: Known = {
    refs: { account, person, opportunity, person_email: mail },
    claims: claimed,
    sharedMail,
    sharedDomains,
    names: new Map(),
    entities: new Set(),
    events: new Map(),
    records: new Set(),
  };
  await Promise.all([
    loadExisting(tx, ctx, 'person', possiblePeople(source, kind, rows, emails, known), known.entities),
    loadExisting(tx, ctx, 'account', possibleAccounts(source, kind, rows, known), known.entities),
    loadExisting(tx, ctx, 'opportunity', kind === 'opportunities' ? possibleOpportunities(source, rows, known) : [], known.entities),
  ]);

  if (kind === 'people') {
    known.names = await loadSaidNames(tx, ctx, source, mistakable(rows, known));
    // who may turn out to be another than whose address it is
    const unknown = known.names.size === 0 ? [] : rows.filter(({ externalId }) => !known.refs.person.has(externalId));
    const byId = unknown.map(({ externalId }) => derivedId('person', source, externalId));
    await loadExisting(tx, ctx, 'person', byId, known.entities);
  }

  if (isEvents && rows.length > 0) {
    const params = new SqlParams();
    const ids = distinct(rows.map((row) => derivedId('event', source, row.externalId)));
    const text = lookedUpSql({
      select: 't.id::text, t.source_record_id::text as record, t.superseded_at',
      table: 'event',
      where: `t.workspace_id = ${params.add(ctx.workspaceId)}`,
      column: 'id',
      keys: params.uuids(ids),
    });
    // said of what was found: of the look-up it would make the indexes of current events candidates
    for (const row of eventRows.parse(await tx.query(`${text} where found.superseded_at is null`, params.values)))
      known.events.set(row.id, row.record ?? '');
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
  const text = lookedUpSql({
    select: 't.id::text',
    table,
    where: `t.workspace_id = ${params.add(ctx.workspaceId)}`,
    column: 'id',
    keys: params.uuids(distinct(ids)),
  });
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
    if (externalId === undefined || known.refs.person.has(externalId)) return [];
    if (ownAddress(externalId, row.email, known.sharedMail) !== undefined) return [];
    return [derivedId('person', source, externalId)];
  });
  return [...emails.map((email) => derivedId('person', 'email', email)), ...byId];
}

/** People who are there, for whom a row may be taken by its address: a row new at its source, or one of several that have the address. */
function mistakable(rows: readonly ReadRow[], known: Known): string[] {
  const times = new Map<string, number>();
  for (const { email } of rows) if (email !== undefined) times.set(email, (times.get(email) ?? 0) + 1);
  const people = rows.flatMap(({ externalId, email }) => {
    if (email === undefined) return [];
    const ref = known.refs.person.get(externalId);
    if (ref !== undefined) return times.get(email) === 1 ? [] : [ref.entityId];
    const later = known.refs.person_email.get(email)?.entityId;
    if (later !== undefined) return [later];
    const first = derivedId('person', 'email', email);
    return known.entities.has(first) ? [first] : [];
  });
  return distinct(people);
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}

/** Accounts that a row may make: by what it names them with, where neither the name nor the domain is known. */
function possibleAccounts(source: string, kind: RecordKind, rows: readonly ReadRow[], known: Known): string[] {
  return rows.flatMap((row) => {
    const externalId = kind === 'accounts' ? row.externalId : row.accountExternalId;
    if (externalId === undefined && row.domain === undefined) return [];
    if (externalId !== undefined && known.refs.account.has(externalId)) return [];
    const onlyDomain = kind === 'accounts' ? row.onlyDomain : externalId === undefined;
    // an account that a domain made claims it, and a claim stays: unclaimed, the domain has made none
    if (row.domain !== undefined && (known.claims.has(row.domain) || isClaimable(row.domain, onlyDomain))) return [];
    return [accountId(source, externalId, row.domain, onlyDomain)];
  });
}

function possibleOpportunities(source: string, rows: readonly ReadRow[], known: Known): string[] {
  const unknown = rows.filter((row) => !known.refs.opportunity.has(row.externalId));
  return unknown.map((row) => derivedId('opportunity', source, row.externalId));
}
