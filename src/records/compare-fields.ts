import { z } from 'zod';
import type { MergePolicy } from '../definitions/core/merge-policy.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { believedNow } from './core/belief-sql.ts';
import { goldenFieldsSql } from './core/golden-sql.ts';
import { nameKey } from './core/name-key.ts';
import type { Entity } from './core/targets.ts';
import { groupsAround, type MergedKind } from './load-aliases.ts';
import { domainOf, OWN_COLUMNS, ownValues } from './project-fields.ts';

const staleRows = z.array(z.object({ id: z.string(), stale_day: z.number().nullable() }));

/**
 * The ids whose golden values are not what the facts give. An alias has those of its own facts, its entity those of all its nodes.
 * A value that expired may wait for the next rescore: until then the row is right as of the day before.
 */
export async function compareFields(
  tx: Tx,
  ctx: Context,
  entity: Entity,
  ids: readonly string[],
  { policy, today }: { policy: MergePolicy; today: number },
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
  for (const [day, some] of byDay) wrong.push(...(await wrongFieldsOn(tx, ctx, entity, some, { policy, day })));
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

interface Standing {
  policy: MergePolicy;
  day: number;
}

async function wrongFieldsOn(tx: Tx, ctx: Context, entity: Entity, ids: readonly string[], standing: Standing): Promise<string[]> {
  if (entity === 'opportunity') return wrongGolden(tx, ctx, entity, ids, standing);
  const groups = await groupsAround(tx, ctx, entity, ids);
  const standingForMore = ids.filter((id) => groups.has(id));
  const alone = ids.filter((id) => !groups.has(id));
  const nodes = standingForMore.flatMap((id) => groups.get(id) ?? []);
  const wrong = [
    ...(await wrongGolden(tx, ctx, entity, alone, standing)),
    ...(await wrongGolden(tx, ctx, entity, standingForMore, standing, nodes)),
  ];
  wrong.push(...(await wrongOwn(tx, ctx, entity, alone, standingForMore, standing)));
  return [...new Set(wrong)];
}

/** @param nodes given, the golden values are those of entities that stand for all of these */
async function wrongGolden(
  tx: Tx,
  ctx: Context,
  entity: Entity,
  ids: readonly string[],
  { policy, day }: Standing,
  nodes?: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const params = new SqlParams();
  const golden = goldenFieldsSql({
    params,
    workspaceId: ctx.workspaceId,
    entity,
    entities: `o.entity_id = any(${params.uuids(nodes ?? ids)})`,
    policy,
    asOfDay: `${params.add(day)}::int`,
    ...(nodes === undefined || entity === 'opportunity' ? {} : { grouped: { kind: entity, believed: believedNow } }),
  });
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

const ownRows = z.array(z.object({ id: z.string(), own: z.record(z.string(), z.string().nullable()) }));

/** Who stands for more than itself keeps what its own facts say apart; nobody else has anything there. */
async function wrongOwn(
  tx: Tx,
  ctx: Context,
  entity: MergedKind,
  alone: readonly string[],
  standingForMore: readonly string[],
  { policy, day }: Standing,
): Promise<string[]> {
  const columns = OWN_COLUMNS[entity];
  const params = new SqlParams();
  const rows = ownRows.parse(
    await tx.query(
      `select id::text, jsonb_build_object(${columns.map((column) => `'${column}', ${column}`).join(', ')}) as own from ${entity}
       where workspace_id = ${params.add(ctx.workspaceId)} and id = any(${params.uuids([...alone, ...standingForMore])})
         and (${columns.map((column) => `${column} is not null`).join(' or ')})`,
      params.values,
    ),
  );
  const kept = new Map(rows.map((row) => [row.id, row.own]));
  const right = await ownValues(tx, ctx, entity, standingForMore, { policy, day });
  return [...alone, ...standingForMore].filter((id) =>
    columns.some((column) => (kept.get(id)?.[column] ?? null) !== (right.get(id)?.[column] ?? null)),
  );
}
