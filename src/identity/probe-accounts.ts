import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { LargeBlock } from './core/best-of-blocks.ts';
import { BLOCK_CAP } from './core/blocks.ts';
import type { NodeKey } from './core/node-keys.ts';
import { type AccountRow, accountRow, claimsSql } from './find-candidates.ts';
import type { Probed } from './probe-blocks.ts';

/** Keys that were looked up ahead, with the accounts that they likely lead to. */
export interface ProbedAccounts extends Probed {
  /** Keys of accounts that more than a few have. They are not among `keys`. */
  large: ReadonlyMap<number, LargeBlock>;
  rows: ReadonlyMap<string, AccountRow>;
  /** How many nodes have the keys that were found to be of more than a few: of one of too many, one more than the most. */
  sizes: ReadonlyMap<number, number>;
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
 * @param known of keys that many nodes have, how many they are: they are not counted again
 */
export async function probeAccounts(
  tx: Tx,
  ctx: Context,
  accountKeys: readonly NodeKey[],
  others: readonly NodeKey[],
  known: ReadonlyMap<number, number> = new Map(),
): Promise<ProbedAccounts> {
  const keys = new Set<number>();
  const blocks = new Map<number, readonly string[] | 'full'>();
  const large = new Map<number, LargeBlock>();
  const sizes = new Map<number, number>();
  const asked: Record<'counted' | 'large' | 'others', number[]> = { counted: [], large: [], others: [] };
  const ask = (list: readonly NodeKey[], few: 'counted' | 'others', many: 'large' | 'others') => {
    for (const { key } of list) {
      if (keys.has(key)) continue;
      keys.add(key);
      const size = known.get(key) ?? 0;
      if (size > BLOCK_CAP) blocks.set(key, 'full');
      else asked[size > FEW ? many : few].push(key);
    }
  };
  ask(accountKeys, 'counted', 'large');
  ask(others, 'others', 'others');
  const rowsById = new Map<string, AccountRow>();
  const found = { keys, blocks, large, rows: rowsById, sizes };
  if (asked.counted.length + asked.large.length + asked.others.length === 0) return found;
  for (const { key, ids, size, account } of await read(tx, ctx, asked)) {
    if (account !== null) rowsById.set(account.id, account);
    if (key === null) continue;
    const count = size === WAS_COUNTED ? known.get(key) : (size ?? (ids === 'full' ? BLOCK_CAP + 1 : undefined));
    if (count !== undefined) sizes.set(key, count);
    if (count !== undefined && count > BLOCK_CAP) blocks.set(key, 'full');
    else if (count === undefined) blocks.set(key, ids?.split(' ') ?? []);
    else {
      large.set(key, { size: count, members: ids?.split(' ') ?? [] });
      keys.delete(key);
    }
  }
  return found;
}

/** In place of the size of a key whose nodes were counted before. */
const WAS_COUNTED = 0;

async function read(
  tx: Tx,
  ctx: Context,
  asked: Readonly<Record<'counted' | 'large' | 'others', readonly number[]>>,
): Promise<z.infer<typeof rows>> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const having = (key: string, most: number) =>
    `(select t.node_id from block_key t where t.workspace_id = ${ws} and t.key = ${key} limit ${most})`;
  return rows.parse(
    await tx.query(
      `with block as materialized (
         select k.key, b.ids, cardinality(b.ids) as size from unnest(${params.bigints(asked.counted)}) k(key)
         cross join lateral (select array_agg(c.node_id) as ids from ${having('k.key', FEW + 1)} c) b where b.ids is not null),
       rare as materialized (
         select distinct n.id from block b cross join lateral unnest(b.ids) n(id) where b.size <= ${FEW}),
       large as materialized (
         select b.key, s.size from block b cross join lateral (select count(*)::int as size from ${having('b.key', BLOCK_CAP + 1)} c) s
         where b.size > ${FEW}
         union all select k.key, ${WAS_COUNTED} from unnest(${params.bigints(asked.large)}) k(key))
       select key, array_to_string(ids, ' ') as ids, null::int as size, null::json as account from block where size <= ${FEW}
       union all
       select l.key, (select string_agg(r.id::text, ' ') from rare r where l.size <= ${BLOCK_CAP} and exists (
           select 1 from block_key t where t.workspace_id = ${ws} and t.key = l.key and t.node_id = r.id offset 0)), l.size, null
       from large l
       union all
       select k.key, case when cardinality(b.ids) > ${BLOCK_CAP} then 'full' else array_to_string(b.ids, ' ') end, null, null
       from unnest(${params.bigints(asked.others)}) k(key)
       cross join lateral (select array_agg(c.node_id) as ids from ${having('k.key', BLOCK_CAP + 1)} c) b where b.ids is not null
       union all
       select null, null, null, json_build_object('id', a.id, 'merged_into', a.merged_into, 'name', a.name, 'fields', a.fields, 'has_all', a.domain is null,
         'is_named', false, 'domains', case when a.domain is null then ${claimsSql(ws, 'a.id')} else '[]' end)
       from (select id from rare limit ${MOST_READ}) node cross join lateral (
         select a.id, a.merged_into, a.domain, a.name, a.fields from account a where a.workspace_id = ${ws} and a.id = node.id offset 0) a`,
      params.values,
    ),
  );
}
