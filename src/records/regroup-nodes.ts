import { z } from 'zod';
import type { MergePolicy } from '../definitions/core/merge-policy.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { closeAliasScores } from './close-alias-scores.ts';
import { believedNow, VERDICT, verdictsSql } from './core/belief-sql.ts';
import type { NodeMove } from './core/identity-groups.ts';
import type { MergedKind } from './load-aliases.ts';
import { placePeople } from './place-people.ts';
import { OWN_COLUMNS, projectFields } from './project-fields.ts';
import { settleOpportunities } from './set-opportunity-accounts.ts';
import { devicesOf, settleDevices } from './settle-devices.ts';
import { settleEventsOfMerged } from './settle-events.ts';
import { accountsOf, touchAccounts } from './settle-memberships.ts';

export interface Regrouping {
  kind: MergedKind;
  moves: readonly NodeMove[];
  policy: MergePolicy;
  recordedAt: Date;
}

/**
 * Lets nodes count as other entities and derives all that depends on it: golden values, people's accounts, whom events and
 * opportunities count for. What was believed before is closed, not lost. What sources and events said is left as it is, so that the
 * same call with `from` and `to` exchanged brings back what was. Floors above settle theirs. Inside a transaction that ticked the knowledge clock.
 */
export async function regroupNodes(tx: Tx, ctx: Context, { kind, moves, policy, recordedAt }: Regrouping): Promise<void> {
  if (moves.length === 0) return;
  const at = recordedAt.toISOString();
  const nodes = moves.map((move) => move.node);
  const touched = [...new Set(moves.flatMap(({ node, from, to }) => [node, from, to]))];
  const entities = [...new Set(moves.flatMap(({ from, to }) => [from, to]))];
  await noteMembers(tx, ctx, kind, moves, at);
  await setEntities(tx, ctx, kind, { moves, touched, at });
  await projectFields(tx, ctx, { entity: kind, ids: touched, policy, recordedAt });
  const accounts = kind === 'person' ? await settlePeople(tx, ctx, nodes, entities, at) : await settleAccounts(tx, ctx, nodes, at);
  await touchAccounts(tx, ctx, accounts, at);
  await closeAliasScores(tx, ctx, kind, recordedAt, nodes);
  if (kind === 'person') await ctx.peopleRegrouped(tx, ctx, { people: touched, joined: joinedBy(moves), recordedAt });
}

/** The entities that are of several now: some of their nodes come from one, and others from another or were there. */
function joinedBy(moves: readonly NodeMove[]): string[] {
  const moving = new Set(moves.map(({ node }) => node));
  const origins = new Map<string, Set<string>>();
  for (const { from, to } of moves) {
    const known = origins.get(to) ?? new Set(moving.has(to) ? [] : [to]);
    origins.set(to, known.add(from));
  }
  return [...origins].flatMap(([to, froms]) => (froms.size > 1 ? [to] : []));
}

async function noteMembers(tx: Tx, ctx: Context, kind: MergedKind, moves: readonly NodeMove[], at: string): Promise<void> {
  const params = [ctx.workspaceId, kind, JSON.stringify(moves.map(({ node, to }) => ({ node_id: node, entity_id: to }))), at];
  const rows = 'jsonb_to_recordset($3::text::jsonb) as r(node_id uuid, entity_id uuid)';
  const mine = 'm.workspace_id = $1 and m.kind = $2 and m.node_id = r.node_id';
  await tx.query(
    `update identity_member m set believed_to = $4::timestamptz from ${rows}
     where ${mine} and m.believed_to is null and m.believed_from < $4::timestamptz`,
    params,
  );
  // what was noted at this same instant was believed by nobody yet
  await tx.query(`delete from identity_member m using ${rows} where ${mine} and m.believed_from = $4::timestamptz`, params);
  await tx.query(
    `insert into identity_member (workspace_id, kind, node_id, believed_from, entity_id)
     select $1, $2, r.node_id, $4::timestamptz, r.entity_id from ${rows} where r.node_id <> r.entity_id`,
    params,
  );
}

async function setEntities(
  tx: Tx,
  ctx: Context,
  kind: MergedKind,
  { moves, touched, at }: { moves: readonly NodeMove[]; touched: readonly string[]; at: string },
): Promise<void> {
  const params = new SqlParams();
  const rows = moves.map(({ node, to }) => ({ id: node, merged_into: node === to ? null : to }));
  // whoever others are merged into gets it back with the golden values
  const own = OWN_COLUMNS[kind].map((column) => `, ${column} = null`).join('');
  await tx.query(
    `update ${kind} e set changed_at = ${params.add(at)}::timestamptz${own},
       merged_into = case when r.id is null then e.merged_into else r.merged_into end
     from unnest(${params.uuids(touched)}) t(id) left join jsonb_to_recordset(${params.json(rows)}) as r(id uuid, merged_into uuid) on r.id = t.id
     where e.workspace_id = ${params.add(ctx.workspaceId)} and e.id = t.id`,
    params.values,
  );
}

const accountRows = z.array(z.object({ account_id: z.string() }));

/** @returns the accounts for which people or events count otherwise */
async function settlePeople(tx: Tx, ctx: Context, nodes: readonly string[], entities: readonly string[], at: string): Promise<string[]> {
  const renamed = await renamePeople(tx, ctx, nodes);
  // with their people an anonymous id may count for another, or for nobody any more
  await settleDevices(tx, ctx, await devicesOf(tx, ctx, nodes), { at, merged: true });
  const now = await standing(tx, ctx, entities);
  const moved = await placePeople(tx, ctx, now, at);
  const events = await settleEventsOfMerged(tx, ctx, { people: now, domains: [], accounts: [] });
  return [...new Set([...renamed, ...accountsOf(moved), ...events])];
}

const idRows = z.array(z.object({ id: z.string() }));

/** Those of the people that are no aliases. */
async function standing(tx: Tx, ctx: Context, people: readonly string[]): Promise<string[]> {
  const params = new SqlParams();
  const text = `select id::text from person where workspace_id = ${params.add(ctx.workspaceId)} and id = any(${params.uuids(people)}) and merged_into is null`;
  return idRows.parse(await tx.query(text, params.values)).map((row) => row.id);
}

/** Lets the events that name the nodes count for whom those count as. @returns the accounts of these events */
async function renamePeople(tx: Tx, ctx: Context, nodes: readonly string[]): Promise<string[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const ids = params.uuids(nodes);
  const found = (condition: string, node: string) =>
    `select id, recorded_at, ${node} as node from event where workspace_id = ${ws} and ${condition}`;
  const rows = await tx.query(
    `with renamed as (
       update event e set person_id = coalesce(p.merged_into, c.node), named_person_id = case when p.merged_into is not null then c.node end
       from (
         ${found(`person_id = any(${ids}) and named_person_id is null and anonymous is null`, 'person_id')}
         union all ${found(`named_person_id = any(${ids})`, 'named_person_id')}
       ) c join person p on p.workspace_id = ${ws} and p.id = c.node
       where e.workspace_id = ${ws} and e.id = c.id and e.recorded_at = c.recorded_at and e.person_id is distinct from coalesce(p.merged_into, c.node)
       returning e.account_id)
     select distinct account_id::text from renamed where account_id is not null`,
    params.values,
  );
  return accountRows.parse(rows).map((row) => row.account_id);
}

const domainRows = z.array(z.object({ domain: z.string() }));

/** @returns the accounts for which people or events count otherwise */
async function settleAccounts(tx: Tx, ctx: Context, nodes: readonly string[], at: string): Promise<string[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const ids = params.uuids(nodes);
  const members = await tx.query(
    `select distinct coalesce(p.merged_into, p.id)::text as id from person_account m
     join person p on p.workspace_id = ${ws} and p.id = m.person_id
     where m.workspace_id = ${ws} and m.account_id = any(${ids}) and m.believed_to is null
     union
     select coalesce(p.merged_into, p.id)::text from (${verdictsSql(ws)}) v
     join person p on p.workspace_id = ${ws} and p.id = v.person_id where v.account_id = any(${ids}) and ${believedNow('v', VERDICT)}`,
    params.values,
  );
  const domains = await tx.query(
    `select domain from account_domain where workspace_id = ${ws} and account_id = any(${ids}) and believed_to is null`,
    params.values,
  );
  const people = idRows.parse(members).map((row) => row.id);
  const moved = await placePeople(tx, ctx, people, at);
  await settleOpportunities(tx, ctx, nodes, at);
  const events = await settleEventsOfMerged(tx, ctx, {
    people: moved.map((person) => person.id),
    domains: domainRows.parse(domains).map((row) => row.domain),
    accounts: nodes,
  });
  return [...new Set([...accountsOf(moved), ...events])];
}
