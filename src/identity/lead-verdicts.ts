import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { LeadVerdict, LeadVerdicts } from './core/lead-verdict.ts';

const rows = z.array(
  z
    .object({
      decision: z.string(),
      verb: z.enum(['must_link', 'cannot_link', 'related']),
      recorded_at: z.coerce.date(),
      person_id: z.string(),
      node_id: z.string(),
      account_id: z.string(),
      account_name: z.string().nullable(),
      account_domain: z.string().nullable(),
      reason: z.string().nullable(),
    })
    .transform(
      ({ recorded_at, person_id, node_id, account_id, account_name, account_domain, ...rest }): LeadVerdict => ({
        ...rest,
        decidedAt: recorded_at.toISOString(),
        person: person_id,
        node: node_id,
        account: { id: account_id, name: account_name, domain: account_domain },
      }),
    ),
);

/** What people decided about a lead and accounts, in force today, about any of the nodes that count as the person. @param person an entity */
export async function leadVerdicts(tx: Tx, ctx: Context, person: string): Promise<LeadVerdicts> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const id = `${params.add(person)}::uuid`;
  const one = (select: string, from: string) => `cross join lateral (select ${select} from ${from} offset 0)`;
  const text = `with node as materialized (
      select id from person where workspace_id = ${ws} and id = ${id}
      union all select id from person where workspace_id = ${ws} and merged_into = ${id})
    select d.id::text as decision, d.verb, d.recorded_at, d.evidence->>'reason' as reason, node.id::text as person_id, a.node_id::text,
      e.id::text as account_id, e.name as account_name,
      e.domain as account_domain
    from node
    ${one('s.decision_id', `identity_side s where s.workspace_id = ${ws} and s.node_id = node.id and s.side = 0`)} s
    ${one(
      't.id, t.verb, t.recorded_at, t.ordinal, t.evidence',
      `identity_decision t where t.workspace_id = ${ws} and t.id = s.decision_id and t.kind = 'lead' and t.verb in ('must_link', 'cannot_link', 'related')
         and not exists (select 1 from identity_decision u where u.workspace_id = ${ws} and u.undoes = t.id)`,
    )} d
    ${one('t.node_id', `identity_side t where t.workspace_id = ${ws} and t.decision_id = d.id and t.side = 1`)} a
    ${one('coalesce(t.merged_into, t.id) as id', `account t where t.workspace_id = ${ws} and t.id = a.node_id`)} n
    ${one('t.id, t.name, t.domain', `account t where t.workspace_id = ${ws} and t.id = n.id`)} e
    order by d.recorded_at, d.ordinal`;
  const all = rows.parse(await tx.query(text, params.values, { prepare: true }));
  const ruledOut = new Map(all.flatMap((one) => (one.verb === 'must_link' ? [] : [[one.account.id, one] as const])));
  const belongs = all.findLast(({ verb, account }) => verb === 'must_link' && !ruledOut.has(account.id)) ?? null;
  return { all, belongs, ruledOut };
}
