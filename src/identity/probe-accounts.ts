import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { LargeBlock } from './core/best-of-blocks.ts';
import { BLOCK_CAP } from './core/blocks.ts';
import type { NodeKey } from './core/node-keys.ts';
import { type AccountRow, accountRow, claimsSql } from './find-candidates.ts';
import { blocksIn, type Probed } from './probe-blocks.ts';

/** Keys that were looked up ahead, with the accounts that they likely lead to. */
export interface ProbedAccounts extends Probed {
  /** Keys of accounts that more than a few have. They are not among `keys`. */
  large: ReadonlyMap<number, LargeBlock>;
  rows: ReadonlyMap<string, AccountRow>;
}

/** `size` is that of a large block, whose `ids` are its members alone. */
const rows = z.array(
  z.object({ key: z.number().nullable(), ids: z.string().nullable(), size: z.number().nullable(), account: accountRow.nullable() }),
);

/** A key of no more accounts tells so much that they are compared, most often. */
const FEW = 16;
/** Rows that may prove not to be needed are read to this number. */
const MOST_READ = 60;

/**
 * Looks keys up, and reads the accounts of rare ones in the same statement: waiting for the nodes before asking for their accounts costs
 * more than both. Which accounts are compared is for the caller to say, from the nodes; of those that are not among the rows it asks. Of a
 * key that more than a few accounts have it is told how many, and which of those that a rare key has: hardly ever are the others compared.
 * @param keys by which accounts are looked for
 * @param others keys that are looked up alone
 */
export async function probeAccounts(
  tx: Tx,
  ctx: Context,
  accountKeys: readonly NodeKey[],
  others: readonly NodeKey[],
): Promise<ProbedAccounts> {
  const ofAccounts = new Set(accountKeys.map(({ key }) => key));
  const ofOthers = new Set(others.map(({ key }) => key));
  for (const key of ofAccounts) ofOthers.delete(key);
  const keys = new Set([...ofAccounts, ...ofOthers]);
  if (keys.size === 0) return { keys, blocks: new Map(), large: new Map(), rows: new Map() };
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const having = (key: string, most: number) =>
    `(select t.node_id from block_key t where t.workspace_id = ${ws} and t.key = ${key} limit ${most})`;
  const found = rows.parse(
    await tx.query(
      `with block as materialized (
         select k.key, b.ids, cardinality(b.ids) as size from unnest(${params.bigints([...ofAccounts])}) k(key)
         cross join lateral (select array_agg(c.node_id) as ids from ${having('k.key', FEW + 1)} c) b where b.ids is not null),
       rare as materialized (
         select distinct n.id from block b cross join lateral unnest(b.ids) n(id) where b.size <= ${FEW}),
       large as materialized (
         select b.key, s.size from block b cross join lateral (select count(*)::int as size from ${having('b.key', BLOCK_CAP + 1)} c) s
         where b.size > ${FEW})
       select key, array_to_string(ids, ' ') as ids, null::int as size, null::jsonb as account from block where size <= ${FEW}
       union all
       select l.key, (select string_agg(r.id::text, ' ') from rare r where l.size <= ${BLOCK_CAP} and exists (
           select 1 from block_key t where t.workspace_id = ${ws} and t.key = l.key and t.node_id = r.id offset 0)), l.size, null
       from large l
       union all
       select k.key, case when cardinality(b.ids) > ${BLOCK_CAP} then 'full' else array_to_string(b.ids, ' ') end, null, null
       from unnest(${params.bigints([...ofOthers])}) k(key)
       cross join lateral (select array_agg(c.node_id) as ids from ${having('k.key', BLOCK_CAP + 1)} c) b where b.ids is not null
       union all
       select null, null, null, jsonb_build_object('id', a.id, 'merged_into', a.merged_into, 'name', a.name, 'fields', a.fields, 'has_all', a.domain is null,
         'is_named', false, 'domains', case when a.domain is null then ${claimsSql(ws, 'a.id')} else '[]' end)
       from (select id from rare limit ${MOST_READ}) node cross join lateral (
         select a.id, a.merged_into, a.domain, a.name, a.fields from account a where a.workspace_id = ${ws} and a.id = node.id offset 0) a`,
      params.values,
    ),
  );
  const blocks = new Map(blocksIn(found.filter(({ size }) => size === null)));
  const large = new Map<number, LargeBlock>();
  for (const { key, ids, size } of found) {
    if (key === null || size === null) continue;
    if (size > BLOCK_CAP) blocks.set(key, 'full');
    else {
      large.set(key, { size, members: ids === null ? [] : ids.split(' ') });
      keys.delete(key);
    }
  }
  return {
    keys,
    blocks,
    large,
    rows: new Map(found.flatMap(({ account }) => (account === null ? [] : [[account.id, account] as const]))),
  };
}
