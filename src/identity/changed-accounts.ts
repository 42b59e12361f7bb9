import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { LeadRecord } from './core/account-evidence.ts';
import { BLOCK_CAP } from './core/blocks.ts';
import { accountKeys, employerKeys } from './core/node-keys.ts';
import type { EntityReader } from './core/read-entities.ts';
import { everyKey } from './match-account.ts';
import { type NodeValues, nodeColumns, nodeRows, withOwnFields } from './read-nodes.ts';

/** What changed since leads were asked about, by which the account of one may be another. */
export interface AccountChanges {
  /** True where an account that came or changed may be found for the lead. */
  mayConcern(lead: LeadRecord): boolean;
  /** Accounts that came or changed, and all that count as the same. */
  accounts: ReadonlySet<string>;
  /** People about whose account somebody decided. */
  people: ReadonlySet<string>;
}

/** Of more accounts their keys are those of most leads. */
const MOST_CHANGED = 50_000;

const domainRows = z.array(z.object({ domain: z.string() }));
const identifierRows = z.array(z.object({ kind: z.string(), value: z.string() }));
const personRows = z.array(z.object({ id: z.string() }));

/**
 * What changed about accounts since an instant: what their sources say, what counts as them, the domains they claim, what tells nobody apart, and
 * what people decided about leads. That people came to an account or left it is no such change.
 * @returns null where too many changed to be told one by one
 */
export async function changedAccounts(tx: Tx, ctx: Context, since: string, reader: EntityReader): Promise<AccountChanges | null> {
  const nodes = await changedNodes(tx, ctx, since);
  if (nodes.length > MOST_CHANGED) return null;
  const all = nodes.flatMap(({ id, fields, golden }) =>
    [fields, ...(golden === undefined ? [] : [golden])].map((said) => reader.account(id, said)),
  );
  const ids = nodes.map(({ id }) => id);
  const [claimed, told, decided, finding] = await Promise.all([
    claimedDomains(tx, ctx, since, ids),
    toldOfIdentifiers(tx, ctx, since),
    decidedPeople(tx, ctx, since),
    findingKeys(tx, ctx, [...new Set(all.flatMap((account) => accountKeys(account).map(({ key }) => key)))]),
  ]);
  const domains = new Set([...claimed, ...all.flatMap(({ domain }) => domain?.registrable ?? [])]);
  const keys = new Set(finding);
  for (const { kind, value } of told) {
    if (kind === 'domain') domains.add(value);
    if (kind === 'phone') for (const { key } of employerKeys({ ...NOTHING, phone: value })) keys.add(key);
  }
  return {
    mayConcern: (lead) =>
      (lead.email?.isCorporate === true && domains.has(lead.email.registrable)) ||
      (lead.domain !== null && domains.has(lead.domain.registrable)) ||
      everyKey(lead).some(({ key }) => keys.has(key)),
    accounts: new Set(ids),
    people: new Set(decided),
  };
}

const NOTHING = { company: null, domain: null, city: null, country: null, postcode: null, phone: null };

const keyRows = z.array(z.object({ key: z.number() }));

/** Those of keys by which a node is found: more have the others than are looked at. */
async function findingKeys(tx: Tx, ctx: Context, keys: readonly number[]): Promise<number[]> {
  const params = new SqlParams();
  const text = `select k.key from unnest(${params.bigints(keys)}) k(key) where not exists (
      select 1 from block_key t where t.workspace_id = ${params.add(ctx.workspaceId)} and t.key = k.key offset ${BLOCK_CAP})`;
  return keyRows.parse(await tx.query(text, params.values)).map(({ key }) => key);
}

/** All nodes of the accounts that changed. */
async function changedNodes(tx: Tx, ctx: Context, since: string): Promise<NodeValues[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const at = `${params.add(since)}::timestamptz`;
  const later = (table: string, columns: readonly string[], where: string) =>
    `exists (select 1 from ${table} t where t.workspace_id = ${ws} and ${where} and (${columns.map((one) => `t.${one} > ${at}`).join(' or ')}))`;
  const believed = ['believed_from', 'believed_to'];
  const text = `with changed as materialized (
      select distinct coalesce(a.merged_into, a.id) as id from account a
      where a.workspace_id = ${ws} and a.changed_at > ${at} and (
        ${later('observation', ['recorded_at'], 't.entity_id = a.id')}
        or ${later('account_domain', believed, 't.account_id = a.id')}
        or ${later('identity_member', believed, `t.kind = 'account' and t.node_id = a.id`)}
        or ${later('identity_member', believed, `t.kind = 'account' and t.entity_id = a.id`)})
      limit ${MOST_CHANGED + 1})
    select ${nodeColumns(ws)}
    from changed c cross join lateral (
      select t.* from account t where t.workspace_id = ${ws} and t.id = c.id
      union all select t.* from account t where t.workspace_id = ${ws} and t.merged_into = c.id) n`;
  const rows = nodeRows.parse(await tx.query(text, params.values));
  return rows.length > MOST_CHANGED
    ? rows.map(({ id, entity_id, fields }) => ({ id, entityId: entity_id, fields }))
    : withOwnFields(tx, ctx, 'account', rows);
}

/** The domains that accounts claim, or claimed then. */
async function claimedDomains(tx: Tx, ctx: Context, since: string, accounts: readonly string[]): Promise<string[]> {
  const params = new SqlParams();
  const text = `select distinct d.domain from unnest(${params.uuids(accounts)}) k(id) cross join lateral (
      select t.domain from account_domain t where t.workspace_id = ${params.add(ctx.workspaceId)} and t.account_id = k.id
        and (t.believed_to is null or t.believed_to > ${params.add(since)}::timestamptz) offset 0) d`;
  return domainRows.parse(await tx.query(text, params.values)).map(({ domain }) => domain);
}

/** Identifiers of accounts that were suppressed, or count again. */
async function toldOfIdentifiers(tx: Tx, ctx: Context, since: string) {
  const text = `select distinct identifier_kind as kind, identifier as value from identity_decision
    where workspace_id = $1 and kind = 'account' and recorded_at > $2::timestamptz and identifier is not null`;
  return identifierRows.parse(await tx.query(text, [ctx.workspaceId, since]));
}

/** People of whom somebody decided to which account they belong, as whom they count today. */
async function decidedPeople(tx: Tx, ctx: Context, since: string): Promise<string[]> {
  const text = `select distinct coalesce(p.merged_into, p.id)::text as id from identity_decision d
    join identity_side s on s.workspace_id = $1 and s.decision_id = d.id and s.side = 0
    join person p on p.workspace_id = $1 and p.id = s.node_id
    where d.workspace_id = $1 and d.kind = 'lead' and d.recorded_at > $2::timestamptz`;
  return personRows.parse(await tx.query(text, [ctx.workspaceId, since])).map(({ id }) => id);
}
