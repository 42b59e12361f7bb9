import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';

/** Notes which account each opportunity's record names: it counts for that, or for what that was merged into. */
export async function setOpportunityAccounts(
  tx: Tx,
  ctx: Context,
  named: ReadonlyMap<string, string>,
  { at, merged }: { at: string; merged: boolean },
): Promise<void> {
  if (named.size === 0) return;
  const params = new SqlParams();
  const now = `${params.add(at)}::timestamptz`;
  const rows = `json_to_recordset(${params.add(JSON.stringify([...named].map(([id, account_id]) => ({ id, account_id }))))}::text::json)
       as r(id uuid, account_id uuid)`;
  const ws = params.add(ctx.workspaceId);
  await tx.query(
    merged
      ? `update opportunity o set account_id = w.account_id, named_account_id = w.named_id,
           changed_at = case when o.account_id is distinct from w.account_id then ${now} else o.changed_at end
         from (select r.id, coalesce(a.merged_into, r.account_id) as account_id, case when a.merged_into is not null then r.account_id end as named_id
           from ${rows} left join account a on a.workspace_id = ${ws} and a.id = r.account_id) w
         where o.workspace_id = ${ws} and o.id = w.id and (o.account_id is distinct from w.account_id or o.named_account_id is distinct from w.named_id)`
      : `update opportunity o set account_id = r.account_id, changed_at = ${now} from ${rows}
         where o.workspace_id = ${ws} and o.id = r.id and o.account_id is distinct from r.account_id`,
    params.values,
  );
}

/** Lets the opportunities of accounts that were merged, or are no longer, count where they belong today. */
export async function settleOpportunities(tx: Tx, ctx: Context, accounts: readonly string[], at: string): Promise<void> {
  if (accounts.length === 0) return;
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const nodes = params.uuids(accounts);
  const found = (condition: string) =>
    `select id, coalesce(named_account_id, account_id) as node from opportunity where workspace_id = ${ws} and ${condition}`;
  await tx.query(
    `update opportunity o set account_id = w.account_id, named_account_id = w.named_id, changed_at = ${params.add(at)}::timestamptz
     from (
       select c.id, coalesce(a.merged_into, c.node) as account_id, case when a.merged_into is not null then c.node end as named_id
       from (${found(`account_id = any(${nodes}) and named_account_id is null`)} union all ${found(`named_account_id = any(${nodes})`)}) c
       join account a on a.workspace_id = ${ws} and a.id = c.node
     ) w
     where o.workspace_id = ${ws} and o.id = w.id and o.account_id is distinct from w.account_id`,
    params.values,
  );
}
