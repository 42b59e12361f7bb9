import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { BLOCK_CAP } from './core/blocks.ts';
import { MOST_ALIKE } from './core/copies.ts';
import type { Alike, NodeKey } from './core/node-keys.ts';

/** Nodes by key. `full`: more have the key than are looked at, so it finds none of them. */
export type Blocks = ReadonlyMap<number, readonly string[] | 'full'>;

const rows = z.array(z.object({ key: z.number(), ids: z.string().nullable() }));

/** The nodes that have each of the keys; keys that nobody has are left out. */
export async function probeBlocks(tx: Tx, ctx: Context, keys: readonly number[]): Promise<Blocks> {
  if (keys.length === 0) return new Map();
  const params = new SqlParams();
  const ofKey = `select t.node_id from block_key t where t.workspace_id = ${params.add(ctx.workspaceId)} and t.key = k.key`;
  const found = rows.parse(
    await tx.query(
      `select k.key, case when cardinality(b.ids) > ${BLOCK_CAP} then 'full' else array_to_string(b.ids, ' ') end as ids
       from unnest(${params.bigints(keys)}) k(key)
       cross join lateral (select array_agg(c.node_id) as ids from (${ofKey} limit ${BLOCK_CAP + 1}) c) b`,
      params.values,
    ),
  );
  return blocksIn(found);
}

/** As `full` or as ids with a space between, the nodes of keys. */
export function blocksIn(found: readonly { key: number | null; ids: string | null }[]): Blocks {
  const blocks = new Map<number, readonly string[] | 'full'>();
  for (const { key, ids } of found) if (key !== null && ids !== null) blocks.set(key, ids === 'full' ? ids : ids.split(' '));
  return blocks;
}

/** Keys that were looked up ahead, and what was found. */
export interface Probed {
  keys: ReadonlySet<number>;
  blocks: Blocks;
}

/** The nodes that have each of the keys: as they were looked up ahead, where all of them were. */
export function blocksOf(tx: Tx, ctx: Context, keys: readonly NodeKey[], ahead?: Probed): Promise<Blocks> | Blocks {
  if (ahead !== undefined && keys.every(({ key }) => ahead.keys.has(key))) return ahead.blocks;
  return probeBlocks(
    tx,
    ctx,
    keys.map(({ key }) => key),
  );
}

/** A node with its keys, and that of its whole row where it may be a copy of another. */
export interface NodeToFind {
  node: string;
  keys: readonly NodeKey[];
  alike: Alike | null;
}

/** More than are looked at one by one: by so many it is seen that they are copies. */
const FOUND_ALIKE = MOST_ALIKE + 2;

/**
 * Stores the keys of nodes; those that are there stay. In the order of the keys, so that two who write do not wait for each other in a
 * circle. Of many who say the very same the first are found by their keys, and tell of the others: those have the key of the whole row alone,
 * by which they are counted, so that copies fill no block. Up to so many say it, or have the rarest of its keys, no row's key is stored.
 */
export async function storeKeys(tx: Tx, ctx: Context, nodes: readonly NodeToFind[]): Promise<void> {
  const { found, counted } = withoutCopies(nodes);
  const keys = found.flatMap(({ node, keys }) => keys.map(({ key }) => ({ node, key })));
  if (keys.length + counted.length === 0) return;
  const sorted = [...keys, ...counted].sort((a, b) => a.key - b.key || (a.node < b.node ? -1 : 1));
  const alike = found.flatMap(({ node, alike }) => (alike === null ? [] : [{ node, ...alike }]));
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const keyRows = params.rows('r', {
    key: ['bigint', sorted.map(({ key }) => String(key))],
    node_id: ['uuid', sorted.map(({ node }) => node)],
  });
  const alikeRows = params.rows('n', {
    node_id: ['uuid', alike.map(({ node }) => node)],
    own: ['bigint', alike.map(({ own }) => String(own))],
    row: ['bigint', alike.map(({ row }) => String(row))],
  });
  const isFull = (key: string) =>
    `exists (select 1 from block_key b where b.workspace_id = ${ws} and b.key = ${key} offset ${FOUND_ALIKE - 1})`;
  await tx.query(
    `with crowded as materialized (select n.node_id, n.row, ${isFull('n.row')} as is_copy from ${alikeRows} where ${isFull('n.own')})
     insert into block_key (workspace_id, key, node_id)
     select ${ws}, r.key, r.node_id from ${keyRows} where not exists (select 1 from crowded c where c.is_copy and c.node_id = r.node_id)
     union all select ${ws}, c.row, c.node_id from crowded c
     on conflict do nothing`,
    params.values,
  );
}

/** Those who come together are counted here: the statement sees none of them yet. */
function withoutCopies(nodes: readonly NodeToFind[]): { found: NodeToFind[]; counted: { node: string; key: number }[] } {
  const saying = new Map<number, number>();
  const found: NodeToFind[] = [];
  const counted: { node: string; key: number }[] = [];
  for (const one of nodes) {
    const before = one.alike === null ? 0 : (saying.get(one.alike.row) ?? 0);
    if (one.alike !== null) saying.set(one.alike.row, before + 1);
    if (one.alike !== null && before >= FOUND_ALIKE) counted.push({ node: one.node, key: one.alike.row });
    else found.push(one);
  }
  return { found, counted };
}
