import { z } from 'zod';
import { lookedUpSql } from '../db/looked-up.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { EVIDENCE, type Evidence, type MembershipMove, membershipMoves } from './core/membership.ts';
import { entitiesOf, type Merged } from './load-aliases.ts';
import { loadSharedDomains } from './load-shared.ts';
import { placePeople } from './place-people.ts';

const personRows = z.array(z.object({ id: z.string(), domain: z.string().nullable() }));
const membershipRows = z.array(z.object({ person_id: z.string(), account_id: z.string(), evidence: z.enum(EVIDENCE) }));
const claimRows = z.array(z.object({ domain: z.string(), account_id: z.string() }));

/**
 * Puts people where they belong: to the account that their own record names, else to the one that claims the domain of their e-mail, unless a
 * person said that the domain tells nobody apart, else to the one that a matcher found.
 * What was believed before is closed, not lost. Looks at the people given and at all whose domain was claimed just now. Joined here,
 * not in SQL: of tables that were filled a moment ago the planner knows nothing. What is believed of a merged person is believed of
 * each node; its account follows from all of them.
 * @returns the people whose account changed; no aliases
 */
export async function settleMemberships(
  tx: Tx,
  ctx: Context,
  input: {
    people: readonly string[];
    named: ReadonlyMap<string, string>;
    /** Person → the account that a matcher found, or null for none any more. */
    matched?: ReadonlyMap<string, string | null>;
    claimed: readonly string[];
    at: string;
    merged: Merged;
  },
): Promise<string[]> {
  const { merged } = input;
  // of those given it can be asked at once; who has a domain that was claimed is not known yet
  const [given, claiming, known] = await Promise.all([
    peopleBy(tx, ctx, 'id', input.people, merged),
    peopleBy(tx, ctx, 'domain', input.claimed, merged),
    input.claimed.length === 0 && input.people.length > 0 ? currentMemberships(tx, ctx, input.people) : undefined,
  ]);
  const people = [...given, ...claiming];
  if (people.length === 0) return [];
  const domains = new Map(people.map((person) => [person.id, person.domain]));
  const [current, claims, shared] = await Promise.all([
    known ?? currentMemberships(tx, ctx, [...domains.keys()]),
    claimants(tx, ctx, [...domains.values()]),
    loadSharedDomains(tx, ctx),
  ]);
  const memberships = [...domains].map(([personId, domain]) => ({
    personId,
    accountId: current.get(personId)?.account_id ?? null,
    evidence: current.get(personId)?.evidence ?? null,
    claimedBy: (domain === null || shared.has(domain) ? undefined : claims.get(domain)) ?? null,
  }));
  const moves = membershipMoves(memberships, input.named, input.matched);
  if (!merged.account && !merged.person) {
    await Promise.all([moveMembers(tx, ctx, moves, input.at), setAccounts(tx, ctx, moves, input.at)]);
    return moves.filter((move) => move.from !== move.to).map((move) => move.personId);
  }
  const nodes = moves.map((move) => move.personId);
  const [entities] = await Promise.all([entitiesOf(tx, ctx, 'person', nodes), moveMembers(tx, ctx, moves, input.at)]);
  const moved = await placePeople(tx, ctx, [...new Set(nodes.map((node) => entities.get(node) ?? node))], input.at);
  await touchAccounts(tx, ctx, accountsOf(moved), input.at);
  return moved.map((person) => person.id);
}

/** Who claims each domain today. */
export async function claimants(tx: Tx, ctx: Context, domains: readonly (string | null)[]): Promise<Map<string, string>> {
  const wanted = [...new Set(domains.filter((domain) => domain !== null))];
  if (wanted.length === 0) return new Map();
  const params = new SqlParams();
  const text = lookedUpSql({
    select: 't.domain, t.account_id::text',
    table: 'account_domain',
    where: `t.workspace_id = ${params.add(ctx.workspaceId)} and t.believed_to is null`,
    column: 'domain',
    keys: params.texts(wanted),
  });
  return new Map(claimRows.parse(await tx.query(text, params.values)).map((row) => [row.domain, row.account_id]));
}

/** Notes where people belong from now on, who belonged nowhere. */
export async function openMemberships(
  tx: Tx,
  ctx: Context,
  members: readonly { personId: string; accountId: string; evidence: Evidence }[],
  at: string,
): Promise<void> {
  if (members.length === 0) return;
  const params = new SqlParams();
  const opening = tx.query(
    `insert into person_account (workspace_id, person_id, believed_from, account_id, evidence)
     select ${params.add(ctx.workspaceId)}, r.person_id, ${params.add(at)}::timestamptz, r.account_id, r.evidence
     from ${params.rows('r', {
       person_id: ['uuid', members.map(({ personId }) => personId)],
       account_id: ['uuid', members.map(({ accountId }) => accountId)],
       evidence: ['text', members.map(({ evidence }) => evidence)],
     })}
     on conflict (workspace_id, person_id, believed_from) do update
       set account_id = excluded.account_id, evidence = excluded.evidence, believed_to = null`,
    params.values,
  );
  const touching = touchAccounts(tx, ctx, [...new Set(members.map((member) => member.accountId))], at);
  await Promise.all([opening, touching]);
}

/** Its statements take effect in their order; none waits for the answer to another. */
async function moveMembers(tx: Tx, ctx: Context, moves: readonly MembershipMove[], at: string): Promise<void> {
  if (moves.length === 0) return;
  const rows = JSON.stringify(moves.map(({ personId, to }) => ({ person_id: personId, account_id: to })));
  const from = 'jsonb_to_recordset($2::text::jsonb) as r(person_id uuid, account_id uuid)';
  const params = [ctx.workspaceId, rows, at];
  // a membership of this same instant was believed by nobody yet: it is replaced, or forgotten
  const closing = tx.query(
    `update person_account m set believed_to = $3::timestamptz from ${from}
     where m.workspace_id = $1 and m.person_id = r.person_id and m.believed_to is null and m.believed_from < $3::timestamptz`,
    params,
  );
  const forgetting = tx.query(
    `delete from person_account m using ${from}
     where m.workspace_id = $1 and m.person_id = r.person_id and m.believed_from = $3::timestamptz and r.account_id is null`,
    params,
  );
  const opening = openMemberships(
    tx,
    ctx,
    moves.flatMap(({ personId, to, evidence }) => (to === null || evidence === null ? [] : [{ personId, accountId: to, evidence }])),
    at,
  );
  const left = moves.flatMap((move) => (move.from === null || move.from === move.to ? [] : [move.from]));
  await Promise.all([closing, forgetting, opening, touchAccounts(tx, ctx, [...new Set(left)], at)]);
}

async function setAccounts(tx: Tx, ctx: Context, moves: readonly MembershipMove[], at: string): Promise<void> {
  if (moves.length === 0) return;
  await tx.query(
    `update person p set account_id = r.account_id, changed_at = $3::timestamptz
     from jsonb_to_recordset($2::text::jsonb) as r(person_id uuid, account_id uuid)
     where p.workspace_id = $1 and p.id = r.person_id and p.account_id is distinct from r.account_id`,
    [ctx.workspaceId, JSON.stringify(moves.map(({ personId, to }) => ({ person_id: personId, account_id: to }))), at],
  );
}

/** Every account that people left or came to. */
export function accountsOf(moved: readonly { before: string | null; after: string | null }[]): string[] {
  return [...new Set(moved.flatMap(({ before, after }) => [before, after]).filter((id) => id !== null))];
}

async function peopleBy(
  tx: Tx,
  ctx: Context,
  by: 'id' | 'domain',
  values: readonly string[],
  merged: Merged,
): Promise<z.infer<typeof personRows>> {
  if (values.length === 0) return [];
  if (merged.person) return nodesBy(tx, ctx, by, values);
  const params = new SqlParams();
  const keys = by === 'id' ? params.uuids(values) : params.texts(values);
  const where = `t.workspace_id = ${params.add(ctx.workspaceId)}`;
  const text = `${lookedUpSql({ select: 't.id::text, t.domain', table: 'person', where, column: by, keys })} order by id`;
  return personRows.parse(await tx.query(text, params.values));
}

/** The same where people were merged: of one that others were merged into, `domain` is that of the golden e-mail, maybe another's. */
async function nodesBy(tx: Tx, ctx: Context, by: 'id' | 'domain', values: readonly string[]): Promise<z.infer<typeof personRows>> {
  const params = new SqlParams();
  const own = `case when own_domain is null then domain else nullif(own_domain, '') end`;
  const listed = by === 'id' ? params.uuids(values) : params.texts(values);
  const where =
    by === 'id' ? `id = any(${listed})` : `(domain = any(${listed}) or own_domain = any(${listed})) and ${own} = any(${listed})`;
  const text = `select id::text, ${own} as domain from person where workspace_id = ${params.add(ctx.workspaceId)} and ${where}`;
  return personRows.parse(await tx.query(text, params.values));
}

async function currentMemberships(tx: Tx, ctx: Context, people: readonly string[]) {
  const params = new SqlParams();
  const text = lookedUpSql({
    select: 't.person_id::text, t.account_id::text, t.evidence',
    table: 'person_account',
    where: `t.workspace_id = ${params.add(ctx.workspaceId)} and t.believed_to is null`,
    column: 'person_id',
    keys: params.uuids(people),
  });
  return new Map(membershipRows.parse(await tx.query(text, params.values)).map((row) => [row.person_id, row]));
}

/** Notes that something about accounts is new. */
export async function touchAccounts(tx: Tx, ctx: Context, ids: readonly string[], at: string): Promise<void> {
  if (ids.length === 0) return;
  const params = new SqlParams();
  const now = `${params.add(at)}::timestamptz`;
  await tx.query(
    `update account set changed_at = ${now} where workspace_id = ${params.add(ctx.workspaceId)} and id = any(${params.uuids(ids)}) and changed_at < ${now}`,
    params.values,
  );
}

/** What was learned of an alias just now was learned of its entity. */
export async function touchEntities(tx: Tx, ctx: Context, merged: Merged, at: string): Promise<void> {
  for (const kind of ['account', 'person'] as const) {
    if (!merged[kind]) continue;
    await tx.query(
      `update ${kind} e set changed_at = $2::timestamptz from ${kind} alias
       where alias.workspace_id = $1 and alias.changed_at = $2::timestamptz and alias.merged_into is not null
         and e.workspace_id = $1 and e.id = alias.merged_into and e.changed_at < $2::timestamptz`,
      [ctx.workspaceId, at],
    );
  }
}
