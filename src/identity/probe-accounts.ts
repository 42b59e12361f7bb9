import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { BLOCK_CAP } from './core/blocks.ts';
import type { NodeKey } from './core/node-keys.ts';
import { type AccountRow, accountRow, claimsSql } from './find-candidates.ts';
import { blocksIn, type Probed } from './probe-blocks.ts';

/** Keys that were looked up ahead, with the accounts that they likely lead to. */
export interface ProbedAccounts extends Probed {
  rows: ReadonlyMap<string, AccountRow>;
}

const rows = z.array(z.object({ key: z.number().nullable(), ids: z.string().nullable(), account: accountRow.nullable() }));

/** A key of no more accounts tells so much that they are compared, most often. */
const FEW = 16;
/** Rows that may prove not to be needed are read to this number. */
const MOST_READ = 60;

/**
 * Looks keys up, and reads the accounts of rare ones in the same statement: waiting for the nodes before asking for their accounts costs
 * more than both. Which accounts are compared is for the caller to say, from the nodes; of those that are not among the rows it asks.
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
  const keys = new Set([...ofAccounts, ...others.map(({ key }) => key)]);
  if (keys.size === 0) return { keys, blocks: new Map(), rows: new Map() };
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const ofKey = `select t.node_id from block_key t where t.workspace_id = ${ws} and t.key = k.key limit ${BLOCK_CAP + 1}`;
  const all = params.bigints([...keys]);
  const found = rows.parse(
    await tx.query(
      `with block as materialized (
         select k.key, k.place, b.ids, cardinality(b.ids) as size from unnest(${all}) with ordinality k(key, place)
         cross join lateral (select array_agg(c.node_id) as ids from (${ofKey}) c) b where b.ids is not null),
       node as materialized (
         select distinct n.id from block b cross join lateral unnest(b.ids) n(id)
         where b.size <= ${FEW} and b.place <= ${params.add(ofAccounts.size)}::int limit ${MOST_READ})
       select key, case when size > ${BLOCK_CAP} then 'full' else array_to_string(ids, ' ') end as ids, null::jsonb as account from block
       union all
       select null, null, jsonb_build_object('id', a.id, 'merged_into', a.merged_into, 'name', a.name, 'fields', a.fields, 'has_all', a.domain is null,
         'is_named', false, 'domains', case when a.domain is null then ${claimsSql(ws, 'a.id')} else '[]' end)
       from node cross join lateral (
         select a.id, a.merged_into, a.domain, a.name, a.fields from account a where a.workspace_id = ${ws} and a.id = node.id offset 0) a`,
      params.values,
    ),
  );
  return {
    keys,
    blocks: blocksIn(found),
    rows: new Map(found.flatMap(({ account }) => (account === null ? [] : [[account.id, account] as const]))),
  };
}
