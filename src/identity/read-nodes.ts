import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { cancelled } from '../kernel/errors.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { comparedValues, type Said } from './core/compared-values.ts';
import { ENTITY_COLUMNS } from './core/entity-columns.ts';
import type { IdentityKind } from './decision.ts';

/** A node with what its own sources say, whatever it counts as. */
export interface NodeValues {
  id: string;
  entityId: string;
  fields: Record<string, unknown>;
  /** Its own golden values, where they may be something else and its row has them. */
  golden?: Record<string, unknown>;
}

const AT_ONCE = 5000;
const LEAST = '00000000-0000-0000-0000-000000000000';

const fieldsSchema = z.record(z.string(), z.unknown());
export const nodeRows = z.array(
  z.object({ id: z.string(), entity_id: z.string(), stands_for_more: z.boolean(), has_more_records: z.boolean(), fields: fieldsSchema }),
);
const saidRows = z.array(z.object({ entity_id: z.string(), source: z.string(), record: z.string().nullable(), values: fieldsSchema }));

/**
 * SQL of the columns of `nodeRows`, of a row `n`. What a row has as its golden values is what one record of a source says; where several
 * say something, or the row stands for more than itself, it has to be weighed.
 */
export function nodeColumns(ws: string): string {
  return `n.id::text, coalesce(n.merged_into, n.id)::text as entity_id, n.fields, n.own_name_key is not null as stands_for_more,
    (select count(*) from external_ref x where x.workspace_id = ${ws} and x.entity_id = n.id) > 1 as has_more_records`;
}

/** All nodes in the order of their ids, a part at a time, each part read in a short transaction of its own. */
export async function* readNodes(ctx: Context, kind: IdentityKind): AsyncGenerator<NodeValues[]> {
  for (let after = LEAST; ; ) {
    if (ctx.signal.aborted) throw cancelled();
    const part = await readWorkspace(ctx, (tx) => partAfter(tx, ctx, kind, after));
    const last = part.at(-1);
    if (last === undefined) return;
    after = last.id;
    yield part;
  }
}

async function partAfter(tx: Tx, ctx: Context, kind: IdentityKind, after: string): Promise<NodeValues[]> {
  const rows = nodeRows.parse(
    await tx.query(
      `select ${nodeColumns('$1')} from ${kind} n where n.workspace_id = $1 and n.id > $2::uuid order by n.id limit ${AT_ONCE}`,
      [ctx.workspaceId, after],
    ),
  );
  return withOwnFields(tx, ctx, kind, rows);
}

/** Rows as nodes: of those that several records speak of, or that others were merged into, what their own records say is looked up. */
export async function withOwnFields(tx: Tx, ctx: Context, kind: IdentityKind, rows: z.infer<typeof nodeRows>): Promise<NodeValues[]> {
  const weighed = rows.filter((row) => row.stands_for_more || row.has_more_records).map((row) => [row.id]);
  const own = weighed.length === 0 ? undefined : await ownFields(tx, ctx, kind, weighed);
  return rows.map(({ id, entity_id, stands_for_more, has_more_records, fields }) => ({
    id,
    entityId: entity_id,
    fields: stands_for_more || has_more_records ? (own?.get(id) ?? {}) : fields,
    ...(has_more_records && !stands_for_more && { golden: fields }),
  }));
}

/** What nodes are compared by, from all that was said of them. @param groups nodes that speak together, each in one @returns by the first of a group */
async function ownFields(
  tx: Tx,
  ctx: Context,
  kind: IdentityKind,
  groups: readonly (readonly string[])[],
): Promise<Map<string, Record<string, unknown>>> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const day = `${params.add(dayOf(ctx.now()))}::int`;
  const { sources } = (await currentDefinition(tx, ctx, 'taxonomy')).document;
  const rows = saidRows.parse(
    await tx.query(
      `select o.entity_id::text, o.source, r.external_id as record, o."values"
       from unnest(${params.uuids(groups.flat())}) k(id)
       cross join lateral (select * from observation n where n.workspace_id = ${ws} and n.entity_id = k.id offset 0) o
       left join source_record r on r.workspace_id = ${ws} and r.id = o.source_record_id
       where o.observed_day <= ${day} and (o.expires_day is null or o.expires_day > ${day})
       order by o.observed_at, o.recorded_at, o.ordinal`,
      params.values,
    ),
  );
  const said = groups.map((): Said[] => []);
  const groupOf = new Map(groups.flatMap((group, i) => group.map((id) => [id, said[i]] as const)));
  for (const { entity_id, ...one } of rows) groupOf.get(entity_id)?.push(one);
  const fields = ENTITY_COLUMNS[kind].map(([field]) => field);
  return new Map(groups.map(([first = ''], i) => [first, comparedValues(said[i] ?? [], fields, sources)]));
}

/** Of nodes that are one from the start, what the records of all say together, by node. */
export async function fieldsOfOne(
  tx: Tx,
  ctx: Context,
  kind: IdentityKind,
  groups: readonly (readonly string[])[],
): Promise<Map<string, Record<string, unknown>>> {
  if (groups.length === 0) return new Map();
  const said = await ownFields(tx, ctx, kind, groups);
  return new Map(groups.flatMap((group) => group.map((id) => [id, said.get(group[0] ?? '') ?? {}])));
}
