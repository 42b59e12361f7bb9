import { z } from 'zod';
import type { MergePolicy } from '../definitions/core/merge-policy.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { compareFields } from './compare-fields.ts';
import { wrongEntities } from './compare-identity.ts';
import { believedNow, entityJoin, fromOne, placesSql } from './core/belief-sql.ts';
import type { Entity } from './core/targets.ts';
import { seenColumns, whomCtes } from './core/whom-sql.ts';
import { type IdTable, someIds } from './some-ids.ts';

/**
 * What is derived from what: who is whom from the decisions, golden values from facts, people's accounts from the memberships, whom
 * events and opportunities count for from what they name.
 */
export type Projection =
  | 'account.merged_into'
  | 'person.merged_into'
  | 'account.fields'
  | 'person.fields'
  | 'opportunity.fields'
  | 'person.account_id'
  | 'opportunity.account_id'
  | 'event.account_id';

export interface Compared {
  projection: Projection;
  total: number;
  checked: number;
  /** Ids of rows that are not what their log gives. */
  wrong: string[];
}

export interface CompareOptions {
  /** Rows of each table that are looked at; `Infinity` for all. */
  most: number;
  /** Where the sample begins. */
  start: string;
}

const TABLES: Readonly<Record<Projection, IdTable>> = {
  'account.merged_into': 'account',
  'person.merged_into': 'person',
  'account.fields': 'account',
  'person.fields': 'person',
  'opportunity.fields': 'opportunity',
  'person.account_id': 'person',
  'opportunity.account_id': 'opportunity',
  'event.account_id': 'event',
};
const countRow = z.tuple([z.object({ n: z.number() })]);
const clockRow = z.tuple([z.object({ known_at: z.coerce.date() })]);

/** Derives projections again and holds what is stored against that. Writes nothing; one projection after the other. */
export async function* compareProjections(tx: Tx, ctx: Context, options: CompareOptions): AsyncGenerator<Compared> {
  const policy = (await currentDefinition(tx, ctx, 'taxonomy')).document;
  const [{ known_at }] = clockRow.parse(await tx.query('select known_at from workspace where workspace_id = $1', [ctx.workspaceId]));
  const today = Math.max(dayOf(ctx.now()), dayOf(known_at));
  for (const projection of Object.keys(TABLES) as Projection[]) {
    const table = TABLES[projection];
    const compared: Compared = { projection, total: await countOf(tx, ctx, table), checked: 0, wrong: [] };
    for await (const ids of someIds(tx, ctx, table, options.start, options.most)) {
      compared.checked += ids.length;
      compared.wrong.push(...(await wrongOnes(tx, ctx, projection, ids, { policy, today })));
      ctx.progress.report(compared.checked, Math.min(compared.total, options.most), projection);
    }
    yield compared;
  }
}

async function countOf(tx: Tx, ctx: Context, table: IdTable): Promise<number> {
  const current = table === 'event' ? 'and superseded_at is null' : '';
  return countRow.parse(await tx.query(`select count(*) as n from ${table} where workspace_id = $1 ${current}`, [ctx.workspaceId]))[0].n;
}

async function wrongOnes(
  tx: Tx,
  ctx: Context,
  projection: Projection,
  ids: readonly string[],
  standing: { policy: MergePolicy; today: number },
): Promise<string[]> {
  switch (projection) {
    case 'account.merged_into':
      return (await wrongEntities(tx, ctx, 'account', ids)).map((move) => move.node);
    case 'person.merged_into':
      return (await wrongEntities(tx, ctx, 'person', ids)).map((move) => move.node);
    case 'person.account_id':
      return wrongMembers(tx, ctx, ids);
    case 'opportunity.account_id':
      return wrongOpportunities(tx, ctx, ids);
    case 'event.account_id':
      return wrongEvents(tx, ctx, ids);
    default:
      return compareFields(tx, ctx, TABLES[projection] as Entity, ids, standing);
  }
}

const idRows = z.array(z.object({ id: z.string() }));

async function wrongMembers(tx: Tx, ctx: Context, ids: readonly string[]): Promise<string[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const beliefs = { ws, believed: believedNow };
  const rows = await tx.query(
    `with asked as materialized (
       select p.id, p.account_id, coalesce(im.entity_id, p.id) as entity_id from person p ${entityJoin('im', 'person', 'p.id', beliefs)}
       where p.workspace_id = ${ws} and p.id = any(${params.uuids(ids)})
     ), node as materialized (
       select entity_id, entity_id as node_id from asked
       union select im.entity_id, im.node_id from identity_member im join asked on asked.entity_id = im.entity_id
       where im.workspace_id = ${ws} and im.kind = 'person' and im.believed_to is null
     ), placed as materialized (${placesSql('select entity_id, node_id from node', fromOne(beliefs))})
     select distinct asked.id::text from asked left join placed on placed.entity_id = asked.entity_id
     ${entityJoin('ia', 'account', 'placed.account_id', beliefs)}
     where asked.account_id is distinct from coalesce(ia.entity_id, placed.account_id)`,
    params.values,
  );
  return idRows.parse(rows).map((row) => row.id);
}

async function wrongOpportunities(tx: Tx, ctx: Context, ids: readonly string[]): Promise<string[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const rows = await tx.query(
    `select o.id::text from opportunity o ${entityJoin('ia', 'account', 'coalesce(o.named_account_id, o.account_id)', { ws, believed: believedNow })}
     where o.workspace_id = ${ws} and o.id = any(${params.uuids(ids)})
       and (o.account_id is distinct from coalesce(ia.entity_id, o.named_account_id, o.account_id) or o.named_account_id = o.account_id)`,
    params.values,
  );
  return idRows.parse(rows).map((row) => row.id);
}

/** A SELECT of (id, recorded_at, person_id, named_person_id, account_id) of events that count for others than their logs say: whom they should. */
export function wrongEventsSql(params: SqlParams, ctx: Context, ids: readonly string[]): string {
  const ws = params.add(ctx.workspaceId);
  return `with seen as materialized (
       select ${seenColumns('e')}, e.person_id as kept_person, e.named_person_id, e.account_id as kept_account
       from event e where e.workspace_id = ${ws} and e.id = any(${params.uuids(ids)}) and e.superseded_at is null
     ), ${whomCtes(fromOne({ ws, believed: believedNow })).join(', ')}
     select id, recorded_at, person_id, case when named <> person_id then named end as named_person_id, account_id from whom
     where kept_account is distinct from account_id or kept_person is distinct from person_id
       or named_person_id is distinct from case when named <> person_id then named end`;
}

async function wrongEvents(tx: Tx, ctx: Context, ids: readonly string[]): Promise<string[]> {
  const params = new SqlParams();
  const text = wrongEventsSql(params, ctx, ids);
  return idRows.parse(await tx.query(`select distinct w.id::text from (${text}) w`, params.values)).map((row) => row.id);
}
