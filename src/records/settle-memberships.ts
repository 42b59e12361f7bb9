import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';

const movedRows = z.array(z.object({ person_id: z.string(), old_account: z.string().nullable(), account_id: z.string().nullable() }));

/**
 * Puts people where they belong: to the account that their own record names, else to the one that claims the domain of their e-mail.
 * What was believed before is closed, not lost. Looks at the people given and at all whose domain was claimed just now.
 * @returns the people whose account changed
 */
export async function settleMemberships(
  tx: Tx,
  ctx: Context,
  input: { people: readonly string[]; named: ReadonlyMap<string, string>; claimed: readonly string[]; at: string },
): Promise<string[]> {
  if (input.people.length === 0 && input.claimed.length === 0) return [];
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const at = `${params.add(input.at)}::timestamptz`;
  const named = params.add(JSON.stringify([...input.named].map(([person_id, account_id]) => ({ person_id, account_id }))));
  const moved = movedRows.parse(
    await tx.query(
      `with affected as (
         select p.id, p.domain, p.account_id from person p where p.workspace_id = ${ws} and p.id = any(${params.uuids(input.people)})
         union
         select p.id, p.domain, p.account_id from person p where p.workspace_id = ${ws} and p.domain = any(${params.texts(input.claimed)})
       ), wanted as (
         select a.id as person_id, a.account_id as shown_account, m.account_id as old_account, m.evidence as old_evidence,
           case when n.account_id is not null then n.account_id when m.evidence = 'record' then m.account_id else d.account_id end as account_id,
           case when n.account_id is not null or m.evidence = 'record' then 'record' else 'domain' end as evidence
         from affected a
         left join json_to_recordset(${named}::text::json) as n(person_id uuid, account_id uuid) on n.person_id = a.id
         left join person_account m on m.workspace_id = ${ws} and m.person_id = a.id and m.believed_to is null
         left join account_domain d on d.workspace_id = ${ws} and d.domain = a.domain and d.believed_to is null
       ), moved as (
         select * from wanted
         where account_id is distinct from old_account or (account_id is not null and evidence <> old_evidence)
       ), closed as (
         update person_account m set believed_to = ${at} from moved
         where m.workspace_id = ${ws} and m.person_id = moved.person_id and m.believed_to is null and m.believed_from < ${at}
       ), forgotten as (
         -- believed within this transaction alone, and so by nobody
         delete from person_account m using moved
         where m.workspace_id = ${ws} and m.person_id = moved.person_id and m.believed_from = ${at} and moved.account_id is null
       ), opened as (
         insert into person_account (workspace_id, person_id, believed_from, account_id, evidence)
         select ${ws}, person_id, ${at}, account_id, evidence from moved where account_id is not null
         on conflict (workspace_id, person_id, believed_from) do update set account_id = excluded.account_id, evidence = excluded.evidence, believed_to = null
       ), shown as (
         update person p set account_id = moved.account_id, changed_at = ${at} from moved
         where p.workspace_id = ${ws} and p.id = moved.person_id and moved.account_id is distinct from moved.shown_account
       )
       select person_id::text, old_account::text, account_id::text from moved where account_id is distinct from old_account`,
      params.values,
    ),
  );
  await touchAccounts(
    tx,
    ctx,
    [...new Set(moved.flatMap((row) => [row.old_account, row.account_id]).filter((id) => id !== null))],
    input.at,
  );
  return moved.map((row) => row.person_id);
}

async function touchAccounts(tx: Tx, ctx: Context, ids: readonly string[], at: string): Promise<void> {
  if (ids.length === 0) return;
  const params = new SqlParams();
  const now = `${params.add(at)}::timestamptz`;
  await tx.query(
    `update account set changed_at = ${now} where workspace_id = ${params.add(ctx.workspaceId)} and id = any(${params.uuids(ids)}) and changed_at < ${now}`,
    params.values,
  );
}
