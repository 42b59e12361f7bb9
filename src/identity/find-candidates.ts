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
const sampleRows = z.array(z.object({ id: z.string(), fields: fieldsSchema }));

export type FoundAccount = z.output<typeof accountRows>[number];
export type FoundPerson = z.output<typeof personRows>[number];
export type SampledRow = z.output<typeof sampleRows>[number];

/** More with one name find none of them for sure. */
const MOST_NAMED = 50;
const MOST_COLLEAGUES = 200;
/** After a name in the order of bytes, and before all names that it is a part of a word of. */
const AFTER_WORD = '!';

/**
 * The accounts that have one of the domains, one of the names, or a name that begins with the words of one; aliases are found as what
 * they were merged into.
 * @param names keys, as `name_key` has them
 * @param mailDomain the domain on which an account's contacts are counted
 */
export async function accountCandidates(
  tx: Tx,
  ctx: Context,
  { domains, names, mailDomain }: { domains: readonly string[]; names: readonly string[]; mailDomain: string | null },
): Promise<FoundAccount[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const [ofDomains, ofNames] = [params.texts(domains), params.texts(names)];
  const node = `select coalesce(a.merged_into, a.id) as id from account a where a.workspace_id = ${ws}`;
  const begins = names.map((name) => {
    const [from, to] = [params.add(name), params.add(`${name}${AFTER_WORD}`)];
    return `union (${node} and a.name_key >= ${from} and a.name_key < ${to} order by a.name_key limit ${MOST_NAMED})`;
  });
  const text = `with found as materialized (
      (${node} and a.domain = any(${ofDomains}) limit ${MOST_NAMED})
      union (select coalesce(a.merged_into, a.id) from account_domain d join account a on a.workspace_id = ${ws} and a.id = d.account_id
        where d.workspace_id = ${ws} and d.domain = any(${ofDomains}) and d.believed_to is null)
      union (${node} and a.own_name_key = any(${ofNames}) limit ${MOST_NAMED})
      ${begins.join('\n')})
    select e.id::text, e.name, e.fields,
      (select coalesce(jsonb_agg(distinct d.domain), '[]') from account_domain d
       where d.workspace_id = ${ws} and d.believed_to is null and d.account_id in (
         select e.id union all select n.id from account n where n.workspace_id = ${ws} and n.merged_into = e.id)) as domains,
      (select count(*)::int from person p where p.workspace_id = ${ws} and p.account_id = e.id and p.merged_into is null
       and p.domain = ${params.add(mailDomain)}) as contacts,
      (select count(*)::int from opportunity o where o.workspace_id = ${ws} and o.account_id = e.id
       and (o.fields->>'is_closed') is distinct from 'true') as open_opportunities
    from found join account e on e.workspace_id = ${ws} and e.id = found.id`;
  return accountRows.parse(await tx.query(text, params.values));
}

/** The people with one of the addresses, the name, or an address on the domain; aliases are found as whom they were merged into. */
export async function personCandidates(
  tx: Tx,
  ctx: Context,
  { addresses, name, domain }: { addresses: readonly string[]; name: string | null; domain: string | null },
): Promise<FoundPerson[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const mails = params.texts(addresses);
  const named = params.add(name);
  const node = (has: boolean) =>
    `select coalesce(p.merged_into, p.id) as id, ${has} as has_address from person p where p.workspace_id = ${ws}`;
  const text = `with found as materialized (
      ${node(true)} and p.email = any(${mails})
      union all ${node(true)} and p.own_email = any(${mails})
      union all select coalesce(p.merged_into, p.id), true from external_ref x join person p on p.workspace_id = ${ws} and p.id = x.entity_id
        where x.workspace_id = ${ws} and x.kind = 'person_email' and x.source = '' and x.external_id = any(${mails})
      union all (${node(false)} and p.name_key = ${named} limit ${MOST_NAMED})
      union all (${node(false)} and p.own_name_key = ${named} limit ${MOST_NAMED})
      union all (${node(false)} and p.domain = ${params.add(domain)} order by p.id limit ${MOST_COLLEAGUES}))
    select e.id::text, e.name, e.fields, f.has_address
    from (select id, bool_or(has_address) as has_address from found group by id) f join person e on e.workspace_id = ${ws} and e.id = f.id`;
  return personRows.parse(await tx.query(text, params.values));
}

/** The first entities in the order of their ids: as good as drawn by lot, since ids are hashes. */
export async function sampleOf(tx: Tx, ctx: Context, kind: 'account' | 'person', size: number): Promise<SampledRow[]> {
  return sampleRows.parse(
    await tx.query(`select id::text, fields from ${kind} where workspace_id = $1 and merged_into is null order by id limit ${size}`, [
      ctx.workspaceId,
    ]),
  );
}
