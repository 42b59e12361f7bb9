import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';

const fieldsSchema = z.record(z.string(), z.unknown());
const accountRows = z.array(
  z.object({
    id: z.string(),
    name: z.string().nullable(),
    fields: fieldsSchema,
    domains: z.array(z.string()),
    contacts: z.number(),
    open_opportunities: z.number(),
  }),
);
const personRows = z.array(z.object({ id: z.string(), name: z.string().nullable(), fields: fieldsSchema, has_address: z.boolean() }));

export type FoundAccount = z.output<typeof accountRows>[number];
export type FoundPerson = z.output<typeof personRows>[number];

/** More with one domain or name find none of them for sure. */
const MOST_NAMED = 50;
/** Contacts beyond this tell nothing more of which of two accounts it is. */
const MOST_CONTACTS = 1000;

/**
 * The accounts among the nodes, those that have one of the domains, and those of the very name; aliases are found as what they were
 * merged into.
 * @param names keys, as `name_key` has them
 * @param mailDomain the domain on which an account's contacts are counted
 */
export async function accountCandidates(
  tx: Tx,
  ctx: Context,
  {
    nodes,
    domains,
    names,
    mailDomain,
  }: { nodes: readonly string[]; domains: readonly string[]; names: readonly string[]; mailDomain: string | null },
): Promise<FoundAccount[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const [ofDomains, ofNames] = [params.texts(domains), params.texts(names)];
  const having = (column: string, keys: string) =>
    `select t.id from unnest(${keys}) k(key) cross join lateral (
       select a.id from account a where a.workspace_id = ${ws} and a.${column} = k.key limit ${MOST_NAMED} offset 0) t`;
  const text = `with node as materialized (
      select unnest(${params.uuids(nodes)}) as id
      union ${having('domain', ofDomains)}
      union select t.account_id from unnest(${ofDomains}) k(key) cross join lateral (
        select d.account_id from account_domain d where d.workspace_id = ${ws} and d.domain = k.key and d.believed_to is null offset 0) t
      union ${having('name_key', ofNames)}
      union ${having('own_name_key', ofNames)}),
    found as materialized (
      select distinct t.id from node cross join lateral (
        select coalesce(a.merged_into, a.id) as id from account a where a.workspace_id = ${ws} and a.id = node.id offset 0) t)
    select e.id::text, e.name, e.fields,
      (select coalesce(jsonb_agg(distinct d.domain), '[]') from account_domain d
       where d.workspace_id = ${ws} and d.believed_to is null and d.account_id in (
         select e.id union all select n.id from account n where n.workspace_id = ${ws} and n.merged_into = e.id)) as domains,
      (select count(*)::int from (select 1 from person p where p.workspace_id = ${ws} and p.account_id = e.id and p.merged_into is null
         and p.domain = ${params.add(mailDomain)} limit ${MOST_CONTACTS}) c) as contacts,
      (select count(*)::int from opportunity o where o.workspace_id = ${ws} and o.account_id = e.id
       and (o.fields->>'is_closed') is distinct from 'true') as open_opportunities
    from found cross join lateral (
      select a.id, a.name, a.fields from account a where a.workspace_id = ${ws} and a.id = found.id offset 0) e
    order by e.id`;
  return accountRows.parse(await tx.query(text, params.values));
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
