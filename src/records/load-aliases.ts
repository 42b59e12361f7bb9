import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';

/** The kinds of entities whose nodes can be merged. */
export type MergedKind = 'account' | 'person';

/**
 * Whether anything of a kind was merged: where nothing was, nobody has to look for what. People are looked up as well where somebody
 * decided about a lead's account, for that is another thing beside the memberships which tells where they belong.
 */
export type Merged = Readonly<Record<MergedKind, boolean>>;

const mergedRow = z.tuple([z.object({ account: z.boolean(), person: z.boolean() })]);
const nodeRows = z.array(z.object({ node_id: z.string(), entity_id: z.string() }));

export async function anyMerged(tx: Tx, ctx: Context): Promise<Merged> {
  const some = (table: MergedKind) => `exists (select 1 from ${table} where workspace_id = $1 and merged_into is not null)`;
  const decided = `exists (select 1 from identity_decision where workspace_id = $1 and kind = 'lead')`;
  const text = `select ${some('account')} as account, ${some('person')} or ${decided} as person`;
  return mergedRow.parse(await tx.query(text, [ctx.workspaceId], { prepare: true }))[0];
}

/** The entity of each of the ids that is an alias. */
export async function entitiesOf(tx: Tx, ctx: Context, kind: MergedKind, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const params = new SqlParams();
  const text = `select id::text as node_id, merged_into::text as entity_id from ${kind} where workspace_id = ${params.add(ctx.workspaceId)}
    and id = any(${params.uuids(ids)}) and merged_into is not null`;
  return new Map(nodeRows.parse(await tx.query(text, params.values)).map((row) => [row.node_id, row.entity_id]));
}

/** Each entity that stands for more than itself and has one of the ids among its nodes, with all its nodes; itself is the first. */
export async function groupsAround(tx: Tx, ctx: Context, kind: MergedKind, ids: readonly string[]): Promise<Map<string, string[]>> {
  const aliases = await entitiesOf(tx, ctx, kind, ids);
  const entities = [...new Set([...ids.filter((id) => !aliases.has(id)), ...aliases.values()])];
  if (entities.length === 0) return new Map();
  const params = new SqlParams();
  const text = `select id::text as node_id, merged_into::text as entity_id from ${kind} where workspace_id = ${params.add(ctx.workspaceId)}
    and merged_into = any(${params.uuids(entities)}) and merged_into is not null order by created_at, id`;
  const groups = new Map<string, string[]>();
  for (const { node_id, entity_id } of nodeRows.parse(await tx.query(text, params.values))) {
    const group = groups.get(entity_id);
    if (group === undefined) groups.set(entity_id, [entity_id, node_id]);
    else group.push(node_id);
  }
  return groups;
}
