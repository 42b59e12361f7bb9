import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { type Membership, membershipMoves } from './core/membership.ts';

const membershipRows = z.array(
  z.object({
    person_id: z.string(),
    account_id: z.string().nullable(),
    evidence: z.enum(['record', 'domain']).nullable(),
    claimed_by: z.string().nullable(),
  }),
);

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
  const moves = membershipMoves(await currentMemberships(tx, ctx, input), input.named);
  if (moves.length === 0) return [];
  const rows = JSON.stringify(moves.map(({ personId, to, evidence }) => ({ person_id: personId, account_id: to, evidence })));
  const from = `json_to_recordset($2::text::json) as r(person_id uuid, account_id uuid, evidence text)`;
  const params = [ctx.workspaceId, rows, input.at];
  // a membership of this same instant was believed by nobody yet: it is replaced
  await tx.query(
    `update person_account m set believed_to = $3::timestamptz from ${from}
     where m.workspace_id = $1 and m.person_id = r.person_id and m.believed_to is null and m.believed_from < $3::timestamptz`,
    params,
  );
  await tx.query(
    `delete from person_account m using ${from}
     where m.workspace_id = $1 and m.person_id = r.person_id and m.believed_from = $3::timestamptz and r.account_id is null`,
    params,
  );
  await tx.query(
    `insert into person_account (workspace_id, person_id, believed_from, account_id, evidence)
     select $1, r.person_id, $3::timestamptz, r.account_id, r.evidence from ${from} where r.account_id is not null
     on conflict (workspace_id, person_id, believed_from) do update set account_id = excluded.account_id, evidence = excluded.evidence, believed_to = null`,
    params,
  );
  const moved = moves.filter((move) => move.from !== move.to);
  await tx.query(
    `update person p set account_id = r.account_id, changed_at = $3::timestamptz from ${from}
     where p.workspace_id = $1 and p.id = r.person_id and p.account_id is distinct from r.account_id`,
    params,
  );
  await touchAccounts(tx, ctx, [...new Set(moved.flatMap((move) => [move.from, move.to]).filter((id) => id !== null))], input.at);
  return moved.map((move) => move.personId);
}

async function currentMemberships(
  tx: Tx,
  ctx: Context,
  input: { people: readonly string[]; claimed: readonly string[] },
): Promise<Membership[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const rows = await tx.query(
    `select a.id::text as person_id, m.account_id::text, m.evidence, d.account_id::text as claimed_by
     from (
       select p.id, p.domain from person p where p.workspace_id = ${ws} and p.id = any(${params.uuids(input.people)})
       union
       select p.id, p.domain from person p where p.workspace_id = ${ws} and p.domain = any(${params.texts(input.claimed)})
     ) a
     left join person_account m on m.workspace_id = ${ws} and m.person_id = a.id and m.believed_to is null
     left join account_domain d on d.workspace_id = ${ws} and d.domain = a.domain and d.believed_to is null
     order by a.id`,
    params.values,
  );
  return membershipRows
    .parse(rows)
    .map((row) => ({ personId: row.person_id, accountId: row.account_id, evidence: row.evidence, claimedBy: row.claimed_by }));
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
