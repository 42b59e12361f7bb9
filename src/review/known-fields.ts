import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import type { MergePolicy } from '../definitions/core/merge-policy.ts';
import type { Context } from '../kernel/context.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { believedAt, byKey, EVENT, entityThen, fromEach } from '../records/core/belief-sql.ts';
import { goldenFieldsSql } from '../records/core/golden-sql.ts';

/** Whose values are asked for, and from where they are looked at. */
export interface Asked {
  /** The deal: its answer stands under this id. */
  id: string;
  /** A node of the account or person, or what it was merged into. */
  node: string;
  /** Milliseconds since 1970. */
  knownAt: number;
  day: number;
}

const fieldRows = z.array(z.object({ id: z.string(), fields: z.record(z.string(), z.unknown()) }));
const pickRows = z.array(z.object({ id: z.string(), node: z.string() }));
const entityRows = z.array(z.object({ id: z.string(), entity: z.string() }));

/** Thousands of rows are joined, of tables that may just have grown. */
const IN_SETS = { planning: 'sets' } as const;

/** SQL of what is asked, as rows (id, known_at, day, entity_id): the entity that the given node counted as then. */
function entities(params: SqlParams, ws: string, kind: 'account' | 'person', asked: readonly Asked[]): string {
  const given = params.rows('d', {
    id: ['uuid', asked.map(({ id }) => id)],
    node: ['uuid', asked.map(({ node }) => node)],
    known_at: ['timestamptz', asked.map(({ knownAt }) => new Date(knownAt).toISOString())],
    day: ['int', asked.map(({ day }) => String(day))],
  });
  return `select d.id, d.known_at, d.day, coalesce(im.entity_id, d.node) as entity_id
    from ${given} ${entityThen('im', kind, 'd.node', { outlook: fromEach(ws), of: 'd' })}`;
}

/** SQL of rows (id, node_id, known_at, day): every node of that entity. */
function standpoints(params: SqlParams, ws: string, kind: 'account' | 'person', asked: readonly Asked[]): string {
  const where = `im.workspace_id = ${ws} and im.kind = '${kind}' and im.entity_id = s.entity_id and ${believedAt('s.known_at')('im')}`;
  return `with entity as materialized (${entities(params, ws, kind, asked)})
    select s.id, s.entity_id as node_id, s.known_at, s.day from entity s
    union select s.id, im.node_id, s.known_at, s.day from entity s ${byKey('identity_member', 'im', where)}`;
}

/** The golden values of accounts or people, each as it was known from its own standpoint. */
export async function knownFields(
  ctx: Context,
  kind: 'account' | 'person',
  asked: readonly Asked[],
  { fields, policy }: { fields: readonly string[]; policy: MergePolicy },
): Promise<ReadonlyMap<string, Record<string, unknown>>> {
  if (asked.length === 0 || fields.length === 0) return new Map();
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const golden = goldenFieldsSql({
    params,
    workspaceId: ctx.workspaceId,
    entity: kind,
    standpoints: standpoints(params, ws, kind, asked),
    entities: 'true',
    policy,
    knownAt: 'k.known_at',
    asOfDay: 'k.day',
    fields,
  });
  const rows = await readWorkspace(ctx, (tx) => tx.query(`select entity_id as id, fields from (${golden}) g`, params.values), IN_SETS);
  return new Map(fieldRows.parse(rows).map(({ id, fields: known }) => [id, known]));
}

/** What each node counted as from its standpoint. */
export async function entitiesThen(ctx: Context, asked: readonly Asked[]): Promise<ReadonlyMap<string, string>> {
  if (asked.length === 0) return new Map();
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const text = `select id, entity_id as entity from (${entities(params, ws, 'account', asked)}) k`;
  const rows = entityRows.parse(await readWorkspace(ctx, (tx) => tx.query(text, params.values), IN_SETS));
  return new Map(rows.map(({ id, entity }) => [id, entity]));
}

/**
 * The person through whom each deal came, as far as was known: whom a source had named champion, else who of the account was the first to
 * engage, else of whom was heard first.
 */
export async function peopleThen(ctx: Context, asked: readonly Asked[]): Promise<ReadonlyMap<string, string>> {
  if (asked.length === 0) return new Map();
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const believed = believedAt('k.known_at');
  const text = `select distinct on (id) id, node from (
      select k.id, pa.person_id as node, said.is_champion, said.first_day, said.first_at, engaged.first_at as engaged_at
      from (${standpoints(params, ws, 'account', asked)}) k
      ${byKey('person_account', 'pa', `pa.workspace_id = ${ws} and pa.account_id = k.node_id and ${believed('pa')}`)}
      ${byKey('person', 'p', `p.workspace_id = ${ws} and p.id = pa.person_id`, 'left join')}
      cross join lateral (
        select min(o.observed_day) as first_day, min(o.observed_at) as first_at, coalesce(bool_or(o."values" ->> 'buying_role' = 'champion'), false) as is_champion
        from (select * from observation o where o.workspace_id = ${ws} and o.entity_id = pa.person_id offset 0) o
        where o.recorded_at <= k.known_at and o.observed_day <= k.day) said
      cross join lateral (
        select min(e.occurred_at) as first_at
        from (select * from event e where e.workspace_id = ${ws} and e.person_id = coalesce(p.merged_into, p.id) offset 0) e
        where e.occurred_day <= k.day and ${believed('e', EVENT)}) engaged
      where said.first_day is not null or engaged.first_at is not null) found
    order by id, is_champion desc, engaged_at nulls last, first_at nulls last, node`;
  const rows = pickRows.parse(await readWorkspace(ctx, (tx) => tx.query(text, params.values), IN_SETS));
  return new Map(rows.map(({ id, node }) => [id, node]));
}
