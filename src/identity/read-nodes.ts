import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { cancelled } from '../kernel/errors.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { goldenFieldsSql } from '../records/core/golden-sql.ts';
import type { IdentityKind } from './decision.ts';

/** A node with the values of its own facts, whatever it counts as. */
export interface NodeValues {
  id: string;
  entityId: string;
  fields: Record<string, unknown>;
}

const AT_ONCE = 5000;
const LEAST = '00000000-0000-0000-0000-000000000000';

const fieldsSchema = z.record(z.string(), z.unknown());
export const nodeRows = z.array(z.object({ id: z.string(), entity_id: z.string(), stands_for_more: z.boolean(), fields: fieldsSchema }));
const ownRows = z.array(z.object({ entity_id: z.string(), fields: fieldsSchema }));

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
      `select id::text, coalesce(merged_into, id)::text as entity_id, own_name_key is not null as stands_for_more, fields from ${kind}
       where workspace_id = $1 and id > $2::uuid order by id limit ${AT_ONCE}`,
      [ctx.workspaceId, after],
    ),
  );
  return withOwnFields(tx, ctx, kind, rows);
}

/** Rows as nodes: of those that others were merged into, what their own facts say is looked up. */
export async function withOwnFields(tx: Tx, ctx: Context, kind: IdentityKind, rows: z.infer<typeof nodeRows>): Promise<NodeValues[]> {
  const shared = rows.filter((row) => row.stands_for_more).map((row) => row.id);
  const own = shared.length === 0 ? new Map() : await ownFields(tx, ctx, kind, shared);
  return rows.map(({ id, entity_id, stands_for_more, fields }) => ({
    id,
    entityId: entity_id,
    fields: stands_for_more ? (own.get(id) ?? {}) : fields,
  }));
}

/** What the own facts of entities say that others were merged into. */
async function ownFields(tx: Tx, ctx: Context, kind: IdentityKind, ids: readonly string[]): Promise<Map<string, Record<string, unknown>>> {
  const params = new SqlParams();
  const policy = (await currentDefinition(tx, ctx, 'taxonomy')).document;
  const text = goldenFieldsSql({
    params,
    workspaceId: ctx.workspaceId,
    entity: kind,
    entities: `o.entity_id = any(${params.uuids(ids)})`,
    policy,
    asOfDay: `${params.add(dayOf(ctx.now()))}::int`,
  });
  return new Map(ownRows.parse(await tx.query(text, params.values)).map((row) => [row.entity_id, row.fields]));
}
