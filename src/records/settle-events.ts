import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';

/** Lets events count where they belong today, after people moved or domains were claimed: the person's account, else the named one, else the domain's. */
export async function settleEvents(tx: Tx, ctx: Context, input: { people: readonly string[]; domains: readonly string[] }): Promise<void> {
  if (input.people.length === 0 && input.domains.length === 0) return;
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  await tx.query(
    `update event e set account_id = w.account_id
     from (
       select c.id, c.recorded_at, coalesce(p.account_id, c.named_account_id, d.account_id) as account_id
       from (
         select id, recorded_at, person_id, named_account_id, domain from event where workspace_id = ${ws} and person_id = any(${params.uuids(input.people)})
         union
         select id, recorded_at, person_id, named_account_id, domain from event where workspace_id = ${ws} and domain = any(${params.texts(input.domains)})
       ) c
       left join person p on p.workspace_id = ${ws} and p.id = c.person_id
       left join account_domain d on d.workspace_id = ${ws} and d.domain = c.domain and d.believed_to is null
     ) w
     where e.workspace_id = ${ws} and e.id = w.id and e.recorded_at = w.recorded_at and e.account_id is distinct from w.account_id`,
    params.values,
  );
}
