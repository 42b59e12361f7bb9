import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { BLOCK_CAP } from './core/blocks.ts';
import type { NodeKey } from './core/node-keys.ts';

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

/** Stores the keys of nodes; those that are there stay. In the order of the keys, so that two who write do not wait for each other in a circle. */
export async function storeKeys(tx: Tx, ctx: Context, keys: readonly { node: string; key: number }[]): Promise<void> {
  if (keys.length === 0) return;
  const sorted = [...keys].sort((a, b) => a.key - b.key || (a.node < b.node ? -1 : 1));
  const params = new SqlParams();
  await tx.query(
    `insert into block_key (workspace_id, key, node_id) select ${params.add(ctx.workspaceId)}, r.key, r.node_id from ${params.rows('r', {
      key: ['bigint', sorted.map(({ key }) => String(key))],
      node_id: ['uuid', sorted.map(({ node }) => node)],
    })} on conflict do nothing`,
    params.values,
  );
}
