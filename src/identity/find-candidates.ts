import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { isObject, type JsonObject } from '../kernel/json.ts';
import { SqlParams } from '../kernel/sql-params.ts';

// each field is looked at where it is read
const fieldsSchema = z.custom<Readonly<JsonObject>>(isObject);
export const accountRow = z.object({
  id: z.string(),
  merged_into: z.string().nullable(),
  name: z.string().nullable(),
  fields: fieldsSchema,
  domains: z.array(z.string()),
  has_all: z.boolean(),
  is_named: z.boolean(),
});
const accountRows = z.array(accountRow);
const personRows = z.array(z.object({ id: z.string(), name: z.string().nullable(), fields: fieldsSchema, has_address: z.boolean() }));

export type AccountRow = z.output<typeof accountRow>;
export interface FoundAccount extends Pick<AccountRow, 'id' | 'name' | 'fields'> {
  /** Domains that it claims: those that were asked for; all, where its own is not known. */
  domains: string[];
  hasAllDomains: boolean;
  standing?: AccountStanding;
  /** Those of the nodes asked for that count as it. */
  nodes: string[];
  /** Of those that count as it and were found, what their own facts say: a lead may know it by another name. */
  aliases: Pick<AccountRow, 'id' | 'fields' | 'is_named'>[];
  /** It has one of the domains or names. */
  isNamed: boolean;
}
export type FoundPerson = z.output<typeof personRows>[number];

/** More with one domain or name find none of them for sure. */
const MOST_NAMED = 50;
/** Contacts beyond this tell nothing more of which of two accounts it is. */
const MOST_CONTACTS = 1000;

/** What an account is looked for by. */
interface SoughtAccounts {
  nodes: readonly string[];
  domains?: readonly string[];
  /** Keys, as `name_key` has them. */
  names?: readonly string[];
  /** Rows of nodes that were read already, each as one that was found by its id alone. */
  atHand?: ReadonlyMap<string, AccountRow>;
}

/**
 * The accounts among the nodes, those that have one of the domains, and those of the very name, in the order of their ids; aliases are
 * found as what they were merged into.
 */
export async function accountCandidates(tx: Tx, ctx: Context, sought: SoughtAccounts): Promise<FoundAccount[]> {
  const found = new Map<string, FoundAccount>();
  const asked = new Set(sought.nodes);
  const rows = await soughtRows(tx, ctx, sought);
  const aliases = rows.filter(({ merged_into }) => merged_into !== null);
  for (const row of rows) if (row.merged_into === null) found.set(row.id, foundOf(row, asked.has(row.id) ? [row.id] : []));
  const missing = new Set(aliases.map(({ merged_into }) => merged_into ?? '').filter((id) => !found.has(id)));
  const entities = missing.size === 0 ? [] : await accountRowsOf(tx, ctx, { nodes: [...missing] });
  for (const row of entities) found.set(row.id, foundOf(row, []));
  for (const { id, merged_into, fields, domains, is_named } of aliases) {
    const entity = found.get(merged_into ?? '');
    if (entity === undefined) continue;
    entity.aliases.push({ id, fields, is_named });
    if (asked.has(id)) entity.nodes.push(id);
    if (!entity.hasAllDomains) entity.domains = [...new Set([...entity.domains, ...domains])].sort();
    entity.isNamed ||= is_named;
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Those at hand, and the others as they are read. */
async function soughtRows(tx: Tx, ctx: Context, { atHand, ...sought }: SoughtAccounts): Promise<AccountRow[]> {
  if (atHand === undefined) return accountRowsOf(tx, ctx, sought);
  const [known, nodes]: [AccountRow[], string[]] = [[], []];
  for (const node of sought.nodes) {
    const row = atHand.get(node);
    if (row === undefined) nodes.push(node);
    else known.push(row);
  }
  const isNamed = (sought.domains?.length ?? 0) + (sought.names?.length ?? 0) > 0;
  return nodes.length === 0 && !isNamed ? known : [...known, ...(await accountRowsOf(tx, ctx, { ...sought, nodes }))];
}

function foundOf({ id, name, fields, domains, has_all, is_named }: AccountRow, nodes: string[]): FoundAccount {
  return { id, name, fields, domains: [...new Set(domains)].sort(), hasAllDomains: has_all, nodes, aliases: [], isNamed: is_named };
}

/** As JSON the domains that an account claims, and those that were merged into it. */
export const claimsSql = (ws: string, id: string) =>
  `(select coalesce(jsonb_agg(d.domain), '[]') from account_domain d where d.workspace_id = ${ws} and d.believed_to is null and d.account_id in (
     select ${id} union all select n.id from account n where n.workspace_id = ${ws} and n.merged_into = ${id}))`;

async function accountRowsOf(tx: Tx, ctx: Context, { nodes, domains = [], names = [] }: SoughtAccounts): Promise<AccountRow[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const [ofNodes, ofDomains, ofNames] = [params.uuids(nodes), params.texts(domains), params.texts(names)];
  const having = (column: string, keys: string) =>
    `select t.id, null, true from unnest(${keys}) k(key) cross join lateral (
       select a.id from account a where a.workspace_id = ${ws} and a.${column} = k.key limit ${MOST_NAMED} offset 0) t`;
  const text = `select a.id::text, a.merged_into::text, a.name, a.fields, node.is_named, a.domain is null as has_all,
      case when a.domain is null then ${claimsSql(ws, 'a.id')} else to_jsonb(node.domains) end as domains
    from (
      select id, array_remove(array_agg(domain), null) as domains, bool_or(is_named) as is_named from (
        select unnest(${ofNodes}) as id, null as domain, false as is_named
        union all ${having('domain', ofDomains)}
        union all select t.account_id, k.key, true from unnest(${ofDomains}) k(key) cross join lateral (
          select d.account_id from account_domain d where d.workspace_id = ${ws} and d.domain = k.key and d.believed_to is null offset 0) t
        union all ${having('name_key', ofNames)}
        union all ${having('own_name_key', ofNames)}) found group by id) node
    cross join lateral (
      select a.id, a.merged_into, a.domain, a.name, a.fields from account a where a.workspace_id = ${ws} and a.id = node.id offset 0) a`;
  return accountRows.parse(await tx.query(text, params.values));
}

/** What decides between accounts that the evidence does not tell apart. */
export interface AccountStanding {
  contacts: number;
  openOpportunities: number;
}

const standingRows = z.array(
  z.object({ id: z.string(), contacts: z.number(), open_opportunities: z.number(), domains: z.array(z.string()) }),
);

/**
 * Looks up how accounts stand, and all the domains that they claim.
 * @param mailDomain the domain on which contacts are counted
 */
export async function tellStandings(tx: Tx, ctx: Context, accounts: readonly FoundAccount[], mailDomain: string | null): Promise<void> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const text = `select e.id::text, ${claimsSql(ws, 'e.id')} as domains,
      (select count(*)::int from (select 1 from person p where p.workspace_id = ${ws} and p.account_id = e.id and p.merged_into is null
         and p.domain = ${params.add(mailDomain)} limit ${MOST_CONTACTS}) c) as contacts,
      (select count(*)::int from opportunity o where o.workspace_id = ${ws} and o.account_id = e.id
       and (o.fields->>'is_closed') is distinct from 'true') as open_opportunities
    from unnest(${params.uuids(accounts.map(({ id }) => id))}) e(id)`;
  const told = new Map(standingRows.parse(await tx.query(text, params.values)).map((row) => [row.id, row]));
  for (const account of accounts) {
    const row = told.get(account.id);
    if (row === undefined) continue;
    account.domains = [...new Set(row.domains)].sort();
    account.hasAllDomains = true;
    account.standing = { contacts: row.contacts, openOpportunities: row.open_opportunities };
  }
}

/** The people among the nodes, and those with one of the addresses; aliases are found as whom they were merged into. */
export async function personCandidates(
  tx: Tx,
  ctx: Context,
  { nodes, addresses, name }: { nodes: readonly string[]; addresses: readonly string[]; name: string | null },
): Promise<FoundPerson[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const mails = params.texts(addresses);
  const named = params.add(name);
  const having = (column: string) =>
    `select t.id, true from unnest(${mails}) k(key) cross join lateral (
       select p.id from person p where p.workspace_id = ${ws} and p.${column} = k.key offset 0) t`;
  const text = `with node as materialized (
      select unnest(${params.uuids(nodes)}) as id, false as has_address
      union all ${having('email')}
      union all ${having('own_email')}
      union all select t.id, true from unnest(${mails}) k(key) cross join lateral (
        select x.entity_id as id from external_ref x
        where x.workspace_id = ${ws} and x.kind = 'person_email' and x.source = '' and x.external_id = k.key offset 0) t
      union all (select p.id, false from person p where p.workspace_id = ${ws} and p.name_key = ${named} limit ${MOST_NAMED})
      union all (select p.id, false from person p where p.workspace_id = ${ws} and p.own_name_key = ${named} limit ${MOST_NAMED})),
    found as materialized (
      select t.id, bool_or(node.has_address) as has_address from node cross join lateral (
        select coalesce(p.merged_into, p.id) as id from person p where p.workspace_id = ${ws} and p.id = node.id offset 0) t
      group by t.id)
    select e.id::text, e.name, e.fields, found.has_address from found cross join lateral (
      select p.id, p.name, p.fields from person p where p.workspace_id = ${ws} and p.id = found.id offset 0) e
    order by e.id`;
  return personRows.parse(await tx.query(text, params.values));
}
