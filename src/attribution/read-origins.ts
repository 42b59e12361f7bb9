import { z } from 'zod';
import { lookedUpSql } from '../db/looked-up.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { believedAt } from '../records/core/belief-sql.ts';
import { goldenFieldsSql } from '../records/core/golden-sql.ts';
import type { PastScope } from './core/deal-sql.ts';
import type { Origin } from './core/known.ts';

const text = z.string().nullable();
const rows = z.array(z.object({ id: z.string(), name: text, source: text, campaign: text, created: text }));

const FIELDS = (fields: string) =>
  `${fields} ->> 'name' as name, ${fields} ->> 'lead_source' as source, ${fields} ->> 'campaign' as campaign, ${fields} ->> 'created_date' as created`;

/** By id; those that nothing is known of are left out. */
export async function readOrigins(
  tx: Tx,
  ctx: Context,
  kind: 'person' | 'account',
  ids: readonly string[],
  past: PastScope | undefined,
): Promise<Map<string, Origin>> {
  if (ids.length === 0) return new Map();
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const keys = params.uuids(ids);
  const statement =
    past === undefined
      ? lookedUpSql({ select: `t.id::text, ${FIELDS('t.fields')}`, table: kind, where: `t.workspace_id = ${ws}`, column: 'id', keys })
      : originsThen(params, ctx, kind, { ws, keys, past });
  const found = rows.parse(await tx.query(statement, params.values));
  return new Map(found.map(({ id, ...origin }) => [id, origin]));
}

const daysRow = z.tuple([z.object({ days: text })]);

/** The days on which the CRM has people as created, YYYY-MM-DD, in their order; '' where it has none. In one value: there are many. */
export async function readCreated(tx: Tx, ctx: Context, people: readonly string[]): Promise<string[]> {
  if (people.length === 0) return [];
  const params = new SqlParams();
  const keys = params.uuids(people);
  const [{ days }] = daysRow.parse(
    await tx.query(
      `select string_agg(coalesce(p.day, ''), ',' order by k.n) as days from unnest(${keys}) with ordinality k(key, n)
       left join lateral (select substring(t.fields ->> 'created_date' from '^\\d{4}-\\d{2}-\\d{2}$') as day from person t
         where t.workspace_id = ${params.add(ctx.workspaceId)} and t.id = k.key offset 0) p on true`,
      params.values,
    ),
  );
  return (days ?? '').split(',');
}

/** The golden values of all nodes that counted as one of the entities. */
function originsThen(
  params: SqlParams,
  ctx: Context,
  kind: 'person' | 'account',
  { ws, keys, past }: { ws: string; keys: string; past: PastScope },
): string {
  const knownAt = `${params.add(past.knownAt)}::timestamptz`;
  const believed = believedAt(knownAt);
  const golden = goldenFieldsSql({
    params,
    workspaceId: ctx.workspaceId,
    entity: kind,
    entities: `o.entity_id = any(array(select unnest(${keys}) union select im.node_id from identity_member im
      where im.workspace_id = ${ws} and im.kind = '${kind}' and im.entity_id = any(${keys}) and ${believed('im')}))`,
    policy: past.policy,
    knownAt,
    asOfDay: `${params.add(past.asOfDay)}::int`,
    grouped: { kind, believed },
  });
  return `select g.entity_id::text as id, ${FIELDS('g.fields')} from (${golden}) g`;
}
