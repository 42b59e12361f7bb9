import { z } from 'zod';
import { decisionSentence } from '../../src/identity/core/account-decision.ts';
import type { AccountRecord, LeadRecord } from '../../src/identity/core/account-evidence.ts';
import { bestOfBlocks } from '../../src/identity/core/best-of-blocks.ts';
import { BLOCK_CAP } from '../../src/identity/core/blocks.ts';
import { decideAccount, weighAccounts } from '../../src/identity/core/decide-account.ts';
import { employerKeys, misspeltKeys, type NodeKey, spelledKey, wordKey } from '../../src/identity/core/node-keys.ts';
import type { EntityReader } from '../../src/identity/core/read-entities.ts';
import type { IdentityIndex } from '../../src/identity/identity-index.ts';
import type { MatchedAccount } from '../../src/identity/match-account.ts';
import { probeBlocks } from '../../src/identity/probe-blocks.ts';
import type { Context } from '../../src/kernel/context.ts';
import type { Tx } from '../../src/kernel/database.ts';
import { nameKey } from '../../src/records/core/name-key.ts';

const MOST_CANDIDATES = 50;
const accountRows = z.array(
  z.object({
    id: z.string(),
    name: z.string().nullable(),
    fields: z.record(z.string(), z.unknown()),
    aliases: z.array(z.object({ id: z.string(), fields: z.record(z.string(), z.unknown()) })),
    domains: z.array(z.string()),
    contacts: z.number(),
    open_opportunities: z.number(),
  }),
);

/** The account of a lead as `matchAccount` finds it, with nothing spared: each look reads all of every candidate, its keys looked up anew. */
export async function matchPlainly(
  tx: Tx,
  ctx: Context,
  { lead, company, reader, index }: { lead: LeadRecord; company: string; reader: EntityReader; index: IdentityIndex },
): Promise<MatchedAccount> {
  const suppressed = index.suppressed.account;
  const said = lead.phone !== null && suppressed.get('phone')?.has(lead.phone) === true ? { ...lead, phone: null } : lead;
  const corporate = said.email?.isCorporate === true ? said.email.registrable : null;
  const spelled = said.company === null && corporate !== null ? [spelledKey(corporate.slice(0, corporate.indexOf('.')))] : [];
  const look = async (keys: readonly NodeKey[]): Promise<MatchedAccount> => {
    const blocks = await probeBlocks(
      tx,
      ctx,
      keys.map(({ key }) => key),
    );
    const found = await allOf(tx, ctx, said, company, corporate, bestOfBlocks(keys, blocks, MOST_CANDIDATES));
    const candidates = found.map(({ id, fields, domains, contacts, open_opportunities }): AccountRecord => {
      const isCustomer = fields.type === 'customer' || fields.lifecycle_stage === 'closed_won';
      const parent = typeof fields.parent === 'string' ? fields.parent : null;
      const standing = { isCustomer, openOpportunities: open_opportunities, contacts, lastActivity: null, parent };
      return { ...reader.account(id, fields, domains), standing };
    });
    const aliases = found.flatMap((account, i) =>
      account.aliases.flatMap(({ id, fields }): AccountRecord[] => {
        const own = reader.account(account.id, fields);
        if (own.company === null) return [];
        const { company, city, country, postcode } = own;
        return [{ ...(candidates[i] as AccountRecord), company, city, country, postcode, alias: id }];
      }),
    );
    const having = (said.company?.baseWords ?? []).map((word): [string, number] => {
      const block = blocks.get(wordKey(word));
      const sampled = index.accounts.having(word);
      return [word, block === 'full' ? Math.max(BLOCK_CAP, sampled) : (block?.length ?? sampled)];
    });
    const named = [...candidates, ...aliases.map((one) => ({ ...one, domain: null, phone: null }))];
    const statistics = index.accounts.statistics(suppressed.get('domain') ?? new Set(), named, new Map(having));
    const decision = decideAccount(said, [...candidates, ...aliases], statistics);
    const name = found.find(({ id }) => id === decision.entity)?.name ?? null;
    const best = weighAccounts(said, [...candidates, ...aliases], statistics).find(({ account }) => account.id === decision.entity);
    return {
      ...decision,
      name,
      node: best?.account.alias ?? decision.entity,
      candidates: candidates.length,
      sentence: decisionSentence(decision),
    };
  };
  const first = await look([...employerKeys(said), ...spelled]);
  const misspelt = first.decision === 'match' || said.company === null ? [] : misspeltKeys(said.company);
  return misspelt.length === 0 ? first : look([...employerKeys(said), ...misspelt]);
}

async function allOf(tx: Tx, ctx: Context, lead: LeadRecord, company: string, mailDomain: string | null, nodes: readonly string[]) {
  const domains = [mailDomain, lead.domain?.registrable ?? null].filter((domain) => domain !== null);
  const names = [company, lead.company?.key ?? '', lead.company?.base ?? '', ...(lead.company?.aliases ?? [])].map(nameKey);
  return accountRows.parse(
    await tx.query(
      `with named as (
         select n.id, n.fields, coalesce(n.merged_into, n.id) as entity_id from account n where n.workspace_id = $1 and (
           n.id in (select jsonb_array_elements_text($2::text::jsonb)::uuid)
           or n.domain in (select jsonb_array_elements_text($3::text::jsonb))
           or n.name_key in (select jsonb_array_elements_text($4::text::jsonb))
           or n.own_name_key in (select jsonb_array_elements_text($4::text::jsonb))
           or n.id in (select d.account_id from account_domain d where d.workspace_id = $1 and d.believed_to is null
             and d.domain in (select jsonb_array_elements_text($3::text::jsonb)))))
       select e.id::text, e.name, e.fields,
         (select coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'fields', n.fields) order by n.id), '[]') from named n
          where n.entity_id = e.id and n.id <> e.id) as aliases,
         (select coalesce(jsonb_agg(distinct d.domain), '[]') from account_domain d where d.workspace_id = $1 and d.believed_to is null
            and d.account_id in (select n.id from account n where n.workspace_id = $1 and coalesce(n.merged_into, n.id) = e.id)) as domains,
         (select count(*)::int from person p where p.workspace_id = $1 and p.account_id = e.id and p.merged_into is null and p.domain = $5) as contacts,
         (select count(*)::int from opportunity o where o.workspace_id = $1 and o.account_id = e.id
            and (o.fields->>'is_closed') is distinct from 'true') as open_opportunities
       from account e where e.workspace_id = $1 and e.id in (select entity_id from named)
       order by e.id`,
      [ctx.workspaceId, JSON.stringify(nodes), JSON.stringify(domains), JSON.stringify(names.filter((name) => name !== '')), mailDomain],
    ),
  );
}
