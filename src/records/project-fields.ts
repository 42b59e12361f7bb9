import { z } from 'zod';
import type { MergePolicy } from '../definitions/core/merge-policy.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { believedNow } from './core/belief-sql.ts';
import { isFreeMail } from './core/free-mail.ts';
import { goldenFieldsSql } from './core/golden-sql.ts';
import { nameKey } from './core/name-key.ts';
import { registrableDomain } from './core/normalise-address.ts';
import type { Entity } from './core/targets.ts';
import { anyMerged, groupsAround, type Merged, type MergedKind } from './load-aliases.ts';

const changedRows = z.array(z.object({ id: z.string(), name: z.string().nullable(), email: z.string().nullable() }));

export interface ProjectionInput {
  entity: Entity;
  ids: readonly string[];
  policy: MergePolicy;
  recordedAt: Date;
  /** E-mail → registrable domain, where the caller knows it. */
  mailDomains?: ReadonlyMap<string, string | null>;
  /** Whether anything was merged, where the caller knows it. */
  merged?: Merged;
}

/**
 * Derives the golden values of entities again from their facts. Rows whose values do not change are left alone. An alias keeps the
 * values of its own facts; its entity, which goes along, has those of all its nodes' facts. Keys made from text (a name's, an
 * e-mail's domain) are made in TypeScript: the database would fold some letters otherwise.
 * @returns those whose values changed, with all that were merged
 */
export async function projectFields(tx: Tx, ctx: Context, input: ProjectionInput): Promise<string[]> {
  const { entity, ids } = input;
  if (ids.length === 0) return [];
  const merged = entity === 'opportunity' ? undefined : (input.merged ?? (await anyMerged(tx, ctx)));
  if (entity === 'opportunity' || merged?.[entity] !== true) return project(tx, ctx, input, ids);
  const groups = await groupsAround(tx, ctx, entity, ids);
  const alone = ids.filter((id) => !groups.has(id));
  const changed = await project(tx, ctx, input, alone);
  await project(tx, ctx, input, [...groups.keys()], { kind: entity, nodes: [...groups.values()].flat() });
  await setOwn(tx, ctx, input, entity, [...groups.keys()]);
  return [...changed, ...groups.keys(), ...[...groups.values()].flat()];
}

async function project(
  tx: Tx,
  ctx: Context,
  input: ProjectionInput,
  ids: readonly string[],
  group?: { kind: MergedKind; nodes: readonly string[] },
): Promise<string[]> {
  const { entity, recordedAt } = input;
  if (ids.length === 0) return [];
  const params = new SqlParams();
  const golden = goldenFieldsSql({
    params,
    workspaceId: ctx.workspaceId,
    entity,
    entities: `o.entity_id = any(${params.uuids(group?.nodes ?? ids)})`,
    policy: input.policy,
    asOfDay: `${params.add(dayOf(recordedAt))}::int`,
    ...(group === undefined ? {} : { grouped: { kind: group.kind, believed: believedNow } }),
  });
  const own = {
    account: { set: `domain = g.fields->>'domain',`, email: 'null::text' },
    person: { set: `email = g.fields->>'email',`, email: `g.fields->>'email'` },
    opportunity: { set: '', email: 'null::text' },
  }[entity];
  const changed = changedRows.parse(
    await tx.query(
      `update ${entity} e set ${own.set} name = g.fields->>'name', fields = g.fields, stale_day = g.stale_day, changed_at = ${params.add(recordedAt.toISOString())}::timestamptz
       from (select i.id as entity_id, coalesce(x.fields, '{}'::jsonb) as fields, x.stale_day
             from unnest(${params.uuids(ids)}) i(id) left join (${golden}) x on x.entity_id = i.id) g
       where e.workspace_id = ${params.add(ctx.workspaceId)} and e.id = g.entity_id and (e.fields <> g.fields or e.stale_day is distinct from g.stale_day)
       returning e.id::text, g.fields->>'name' as name, ${own.email} as email`,
      params.values,
    ),
  );
  if (changed.length > 0) await setKeys(tx, ctx, input, changed);
  return changed.map(({ id }) => id);
}

const saidRows = z.array(
  z.object({ id: z.string(), email: z.string().nullable(), domain: z.string().nullable(), name: z.string().nullable() }),
);

/** The columns in which an entity that others were merged into keeps what its own facts say. */
export const OWN_COLUMNS = {
  account: ['own_domain', 'own_name_key'],
  person: ['own_email', 'own_domain', 'own_name_key'],
} as const;

export type OwnValues = Record<(typeof OWN_COLUMNS)['person'][number], string>;

/**
 * What the own facts of entities say, without those of their aliases: by it they are found as before, and where a person belongs
 * is believed by node.
 */
export async function ownValues(
  tx: Tx,
  ctx: Context,
  entity: MergedKind,
  ids: readonly string[],
  { policy, day, mailDomains }: { policy: MergePolicy; day: number; mailDomains?: ReadonlyMap<string, string | null> | undefined },
): Promise<Map<string, OwnValues>> {
  if (ids.length === 0) return new Map();
  const params = new SqlParams();
  const golden = goldenFieldsSql({
    params,
    workspaceId: ctx.workspaceId,
    entity,
    entities: `o.entity_id = any(${params.uuids(ids)})`,
    policy,
    asOfDay: `${params.add(day)}::int`,
  });
  const rows = await tx.query(
    `select i.id::text, g.fields->>'email' as email, g.fields->>'domain' as domain, g.fields->>'name' as name
     from unnest(${params.uuids(ids)}) i(id) left join (${golden}) g on g.entity_id = i.id`,
    params.values,
  );
  return new Map(
    saidRows.parse(rows).map(({ id, email, domain, name }) => {
      const mail = email === null ? null : domainOf(email, mailDomains);
      const own = { own_email: email, own_domain: entity === 'person' ? mail : domain, own_name_key: name === null ? null : nameKey(name) };
      return [id, { own_email: own.own_email ?? '', own_domain: own.own_domain ?? '', own_name_key: own.own_name_key ?? '' }];
    }),
  );
}

async function setOwn(tx: Tx, ctx: Context, input: ProjectionInput, entity: MergedKind, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { policy, recordedAt, mailDomains } = input;
  const own = await ownValues(tx, ctx, entity, ids, { policy, day: dayOf(recordedAt), mailDomains });
  const columns = OWN_COLUMNS[entity];
  await tx.query(
    `update ${entity} e set ${columns.map((column) => `${column} = r.${column}`).join(', ')}
     from jsonb_to_recordset($2::text::jsonb) as r(id uuid, own_email text, own_domain text, own_name_key text)
     where e.workspace_id = $1 and e.id = r.id and (${columns.map((column) => `e.${column} is distinct from r.${column}`).join(' or ')})`,
    [ctx.workspaceId, JSON.stringify([...own].map(([id, values]) => ({ id, ...values })))],
  );
}

async function setKeys(tx: Tx, ctx: Context, input: ProjectionInput, changed: z.infer<typeof changedRows>): Promise<void> {
  const isPerson = input.entity === 'person';
  const rows = changed.map(({ id, name, email }) => ({
    id,
    name_key: name === null ? null : nameKey(name),
    domain: email === null ? null : domainOf(email, input.mailDomains),
  }));
  await tx.query(
    `update ${input.entity} e set name_key = r.name_key ${isPerson ? ', domain = r.domain' : ''}
     from jsonb_to_recordset($2::text::jsonb) as r(id uuid, name_key text, domain text)
     where e.workspace_id = $1 and e.id = r.id and (e.name_key is distinct from r.name_key ${isPerson ? 'or e.domain is distinct from r.domain' : ''})`,
    [ctx.workspaceId, JSON.stringify(rows)],
  );
}

/** The registrable domain of an e-mail address; null for a free-mail one. */
export function domainOf(email: string, known?: ReadonlyMap<string, string | null>): string | null {
  const given = known?.get(email);
  if (given !== undefined) return given;
  const domain = registrableDomain(email.slice(email.lastIndexOf('@') + 1));
  return domain === undefined || isFreeMail(domain) ? null : domain;
}
