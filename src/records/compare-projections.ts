import { z } from 'zod';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { goldenFieldsSql } from './core/golden-sql.ts';
import { nameKey } from './core/name-key.ts';
import type { Entity } from './core/targets.ts';
import { domainOf } from './project-fields.ts';
import { type IdTable, someIds } from './some-ids.ts';

/** What is derived from what: golden values from facts, people's accounts and events' accounts from the memberships. */
export type Projection = 'account.fields' | 'person.fields' | 'opportunity.fields' | 'person.account_id' | 'event.account_id';

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
  'account.fields': 'account',
  'person.fields': 'person',
  'opportunity.fields': 'opportunity',
  'person.account_id': 'person',
  'event.account_id': 'event',
};
const countRow = z.tuple([z.object({ n: z.number() })]);
const clockRow = z.tuple([z.object({ known_at: z.coerce.date() })]);

/** Derives projections again and holds what is stored against that. Writes nothing; one projection after the other. */
export async function* compareProjections(tx: Tx, ctx: Context, options: CompareOptions): AsyncGenerator<Compared> {
  const { sources } = (await currentDefinition(tx, ctx, 'taxonomy')).document;
  const [{ known_at }] = clockRow.parse(await tx.query('select known_at from workspace where workspace_id = $1', [ctx.workspaceId]));
  const today = Math.max(dayOf(ctx.now()), dayOf(known_at));
  for (const projection of Object.keys(TABLES) as Projection[]) {
    const table = TABLES[projection];
    const compared: Compared = { projection, total: await countOf(tx, ctx, table), checked: 0, wrong: [] };
    for await (const ids of someIds(tx, ctx, table, options.start, options.most)) {
      compared.checked += ids.length;
      compared.wrong.push(...(await wrongOnes(tx, ctx, projection, ids, { sources, today })));
      ctx.progress.report(compared.checked, Math.min(compared.total, options.most), projection);
    }
    yield compared;
  }
}

async function countOf(tx: Tx, ctx: Context, table: IdTable): Promise<number> {
  const current = table === 'event' ? 'and superseded_at is null' : '';
  return countRow.parse(await tx.query(`select count(*) as n from ${table} where workspace_id = $1 ${current}`, [ctx.workspaceId]))[0].n;
}

function wrongOnes(
  tx: Tx,
  ctx: Context,
  projection: Projection,
  ids: readonly string[],
  standing: { sources: readonly string[]; today: number },
): Promise<string[]> {
  switch (projection) {
    case 'person.account_id':
      return wrongMembers(tx, ctx, ids);
    case 'event.account_id':
      return wrongEvents(tx, ctx, ids);
    default:
      return wrongFields(tx, ctx, TABLES[projection] as Entity, ids, standing);
  }
}

const staleRows = z.array(z.object({ id: z.string(), stale_day: z.number().nullable() }));

/** A value that expired may wait for the next rescore: until then the row is right as of the day before. */
async function wrongFields(
  tx: Tx,
  ctx: Context,
  entity: Entity,
  ids: readonly string[],
  { sources, today }: { sources: readonly string[]; today: number },
): Promise<string[]> {
  const params = new SqlParams();
  const rows = staleRows.parse(
    await tx.query(
      `select id::text, stale_day from ${entity} where workspace_id = ${params.add(ctx.workspaceId)} and id = any(${params.uuids(ids)})`,
      params.values,
    ),
  );
  const byDay = new Map<number, string[]>();
  for (const { id, stale_day } of rows) {
    const day = stale_day !== null && stale_day <= today ? stale_day - 1 : today;
    byDay.set(day, [...(byDay.get(day) ?? []), id]);
  }
  const wrong: string[] = [];
  for (const [day, some] of byDay) wrong.push(...(await wrongFieldsOn(tx, ctx, entity, some, { sources, day })));
  return wrong;
}

const fieldRows = z.array(
  z.object({
    id: z.string(),
    wrong: z.boolean(),
    name: z.string().nullable(),
    name_key: z.string().nullable(),
    email: z.string().nullable(),
    domain: z.string().nullable(),
  }),
);

async function wrongFieldsOn(
  tx: Tx,
  ctx: Context,
  entity: Entity,
  ids: readonly string[],
  { sources, day }: { sources: readonly string[]; day: number },
): Promise<string[]> {
  const params = new SqlParams();
  const asOfDay = `${params.add(day)}::int`;
  const entities = `o.entity_id = any(${params.uuids(ids)})`;
  const golden = goldenFieldsSql({ params, workspaceId: ctx.workspaceId, entities, sources, asOfDay });
  const own = {
    account: { differs: `or e.domain is distinct from g.fields->>'domain'`, email: 'null::text', domain: 'null::text' },
    person: { differs: `or e.email is distinct from g.fields->>'email'`, email: 'e.email', domain: 'e.domain' },
    opportunity: { differs: '', email: 'null::text', domain: 'null::text' },
  }[entity];
  const rows = fieldRows.parse(
    await tx.query(
      `select e.id::text, e.name, e.name_key, ${own.email} as email, ${own.domain} as domain,
         (e.fields <> coalesce(g.fields, '{}'::jsonb) or e.stale_day is distinct from g.stale_day or e.name is distinct from g.fields->>'name' ${own.differs}) as wrong
       from ${entity} e left join (${golden}) g on g.entity_id = e.id
       where e.workspace_id = ${params.add(ctx.workspaceId)} and e.id = any(${params.uuids(ids)})`,
      params.values,
    ),
  );
  const key = (name: string | null) => (name === null ? null : nameKey(name));
  const mail = (email: string | null) => (email === null ? null : domainOf(email));
  return rows
    .filter((row) => row.wrong || row.name_key !== key(row.name) || (entity === 'person' && row.domain !== mail(row.email)))
    .map((row) => row.id);
}

const idRows = z.array(z.object({ id: z.string() }));

async function wrongMembers(tx: Tx, ctx: Context, ids: readonly string[]): Promise<string[]> {
  const params = new SqlParams();
  const rows = await tx.query(
    `select distinct p.id::text from person p
     left join person_account m on m.workspace_id = p.workspace_id and m.person_id = p.id and m.believed_to is null
     where p.workspace_id = ${params.add(ctx.workspaceId)} and p.id = any(${params.uuids(ids)}) and p.account_id is distinct from m.account_id`,
    params.values,
  );
  return idRows.parse(rows).map((row) => row.id);
}

/** SQL of the account that an event `e` counts for, given its person's membership `m` and its domain's claim `d`. */
export const EVENT_ACCOUNT = 'coalesce(m.account_id, e.named_account_id, d.account_id)';
/** The joins that `EVENT_ACCOUNT` needs. */
export const EVENT_ACCOUNT_JOINS = `left join person_account m on m.workspace_id = e.workspace_id and m.person_id = e.person_id and m.believed_to is null
     left join account_domain d on d.workspace_id = e.workspace_id and d.domain = e.domain and d.believed_to is null`;

async function wrongEvents(tx: Tx, ctx: Context, ids: readonly string[]): Promise<string[]> {
  const params = new SqlParams();
  const rows = await tx.query(
    `select distinct e.id::text from event e
     ${EVENT_ACCOUNT_JOINS}
     where e.workspace_id = ${params.add(ctx.workspaceId)} and e.id = any(${params.uuids(ids)}) and e.superseded_at is null
       and e.account_id is distinct from ${EVENT_ACCOUNT}`,
    params.values,
  );
  return idRows.parse(rows).map((row) => row.id);
}
