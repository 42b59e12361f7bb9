import { z } from 'zod';
import { bulk } from '../db/bulk.ts';
import { deriveInWorkspace } from '../db/workspace.ts';
import { documentHash } from '../kernel/canonical-json.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { cancelled } from '../kernel/errors.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { loadCountries } from '../records/load-countries.ts';
import { countAccounts } from './core/account-counts.ts';
import { isCountDue } from './core/count-due.ts';
import { cellsOf, ENTITY_COLUMNS, type Suppressed } from './core/entity-columns.ts';
import { estimatedSize } from './core/estimated-size.ts';
import { accountKeys, alikeAmong, keyVersion, type NodeKey, personKeys } from './core/node-keys.ts';
import { countPeople } from './core/people-counts.ts';
import { entityReader } from './core/read-entities.ts';
import { tableOf } from './core/score-pair.ts';
import type { Table } from './core/table.ts';
import type { IdentityKind } from './decision.ts';
import { LAST_ID } from './identity-index.ts';
import { phoneHome } from './phone-home.ts';
import { type NodeToFind, storeKeys } from './probe-blocks.ts';
import { type NodeValues, nodeColumns, nodeRows, withOwnFields } from './read-nodes.ts';

const SLICE = 4_000;
/** So many nodes tell how often values occur. */
const COUNTED = 20_000;

const KINDS = ['account', 'person'] as const;
/** What nodes are compared by, whether any has it or not: a key does not depend on what others say. */
export const PERSON_COLUMNS = ENTITY_COLUMNS.person.map(([field, kind]) => ({ field, kind }));

/**
 * Stores the keys of nodes that came or changed since it was last done, oldest first, each slice in a transaction of its own, and takes
 * the counts again when many did.
 * @param options.slices how many at most; all when left out
 * @param options.recount takes the counts again wherever any node came or changed since
 * @returns the nodes whose keys were stored
 * @throws SamepageError `cancelled`
 */
export async function coverNodes(
  ctx: Context,
  options: { slices?: number; kinds?: readonly IdentityKind[]; sliceNodes?: number; recount?: boolean } = {},
): Promise<number> {
  let left = options.slices ?? Number.POSITIVE_INFINITY;
  let covered = 0;
  for (const kind of options.kinds ?? KINDS) {
    for (let isMore = true; isMore && left > 0; left -= 1) {
      if (ctx.signal.aborted) throw cancelled();
      const slice = await coverSlice(ctx, kind, options.sliceNodes ?? SLICE, options.recount === true);
      covered += slice.nodes;
      isMore = slice.isMore;
    }
  }
  return covered;
}

const stateRow = z.tuple([
  z.object({
    key_version: z.string(),
    covered_at: z.string(),
    covered_id: z.string(),
    uncounted: z.number(),
    known: z.number(),
    known_at: z.string().nullable(),
  }),
]);

async function coverSlice(ctx: Context, kind: IdentityKind, most: number, recount: boolean): Promise<{ nodes: number; isMore: boolean }> {
  const countries = await loadCountries();
  return deriveInWorkspace(ctx, async (transaction) => {
    const tx = bulk(transaction);
    const home = await phoneHome(tx, ctx);
    const state = await lockState(tx, ctx, kind, keyVersion(home));
    // without a clock nothing was recorded yet
    if (state.known_at === null) return { nodes: 0, isMore: false };
    const nodes = await changedSince(tx, ctx, kind, state, most);
    await storeKeys(tx, ctx, keysOf(kind, nodes, entityReader(countries, home), home));
    const last = nodes.at(-1);
    const isMore = nodes.length === most && last !== undefined;
    const reached = isMore ? { at: last.changedAt, id: last.id } : { at: state.known_at, id: LAST_ID };
    const uncounted = state.uncounted + nodes.length;
    const isDue = !isMore && (recount ? uncounted > 0 : isCountDue(uncounted, state.known));
    const counts = isDue ? await takeCounts(tx, ctx, kind, home) : undefined;
    await saveState(tx, ctx, kind, { ...reached, version: keyVersion(home), uncounted: isDue ? 0 : uncounted, counts });
    return { nodes: nodes.length, isMore };
  });
}

/** Nodes with their keys, in their order. */
export function keysOf(
  kind: IdentityKind,
  nodes: readonly NodeValues[],
  reader: ReturnType<typeof entityReader>,
  home: string | null,
): NodeToFind[] {
  if (kind === 'person') return peopleToFind(nodes, new Map(), home);
  return nodes.map(({ id, fields, golden }) => {
    const keys = accountKeys(reader.account(id, fields));
    return { node: id, keys: golden === undefined ? keys : distinct([...keys, ...accountKeys(reader.account(id, golden))]), alike: null };
  });
}

/** People with their keys, in their order. */
export function peopleToFind(nodes: readonly NodeValues[], suppressed: Suppressed, home: string | null): NodeToFind[] {
  const tableWith = (values: readonly NodeValues['fields'][]) =>
    personTable(values.map((fields) => cellsOf(PERSON_COLUMNS, fields, suppressed, home)));
  const table = tableWith(nodes.map(({ fields }) => fields));
  const keys = personKeys(table);
  const alike = alikeAmong(table, keys);
  const others = nodes.flatMap(({ golden }, i) => (golden === undefined ? [] : [{ i, golden }]));
  const goldenKeys = others.length === 0 ? [] : personKeys(tableWith(others.map(({ golden }) => golden)));
  for (const [n, { i }] of others.entries()) keys[i] = distinct([...(keys[i] ?? []), ...(goldenKeys[n] ?? [])]);
  return nodes.map(({ id }, i) => ({ node: id, keys: keys[i] ?? [], alike: alike[i] ?? null }));
}

/** A lead is held against golden values, a node against what its records say: it is found by both. */
function distinct(keys: readonly NodeKey[]): NodeKey[] {
  return [...new Map(keys.map((one) => [`${one.rule} ${one.key}`, one])).values()];
}

/**
 * Rows of cells of `PERSON_COLUMNS` as a table. A column in which nobody says anything makes no key and is left out: each takes time, and most
 * tables are of one record. But that there are names makes it a table of people, and that there are countries how numbers are read.
 */
export function personTable(rows: readonly (readonly string[])[]): Table {
  const kept = PERSON_COLUMNS.flatMap(({ field, kind }, at) =>
    kind === 'first_name' || kind === 'country' || rows.some((row) => row[at] !== '') ? [{ field, kind, at }] : [],
  );
  return tableOf(
    kept.map(({ kind }) => kind),
    rows.map((row) => kept.map(({ at }) => row[at] ?? '')),
    kept.map(({ field }) => field),
  );
}

/** Holds back others who do the same. Keys of another version are dropped, and all nodes are due again. */
async function lockState(tx: Tx, ctx: Context, kind: IdentityKind, version: string): Promise<z.infer<typeof stateRow>[0]> {
  await tx.query(
    `insert into identity_index (workspace_id, kind, key_version, covered_at, covered_id, uncounted, counts_hash, counts)
     values ($1, $2, $3, 'epoch'::timestamptz, $4::uuid, 0, '', '{}') on conflict do nothing`,
    [ctx.workspaceId, kind, version, LAST_ID],
  );
  const [state] = stateRow.parse(
    await tx.query(
      `select i.key_version, i.covered_at::text, i.covered_id::text, i.uncounted,
         coalesce((i.counts->>'people')::int, (i.counts->>'accounts')::int, 0) as known,
         (select w.known_at::text from workspace w where w.workspace_id = $1) as known_at
       from identity_index i where i.workspace_id = $1 and i.kind = $2 for update of i`,
      [ctx.workspaceId, kind],
    ),
  );
  if (state.key_version === version) return state;
  await tx.query(`delete from block_key b using ${kind} n where b.workspace_id = $1 and n.workspace_id = $1 and n.id = b.node_id`, [
    ctx.workspaceId,
  ]);
  return { ...state, covered_at: '1970-01-01T00:00:00Z', covered_id: LAST_ID };
}

const changedRows = nodeRows.element.extend({ changed_at: z.string() }).array();

type Changed = NodeValues & { changedAt: string };

async function changedSince(
  tx: Tx,
  ctx: Context,
  kind: IdentityKind,
  state: z.infer<typeof stateRow>[0],
  most: number,
): Promise<Changed[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const from = `${params.add(state.covered_at)}::timestamptz`;
  const rows = changedRows.parse(
    await tx.query(
      `select ${nodeColumns(ws)}, n.changed_at::text from ${kind} n
       where n.workspace_id = ${ws} and n.changed_at >= ${from} and (n.changed_at > ${from} or n.id > ${params.add(state.covered_id)}::uuid)
         and n.changed_at <= ${params.add(state.known_at)}::timestamptz
       order by n.changed_at, n.id limit ${most}`,
      params.values,
    ),
  );
  const values = await withOwnFields(tx, ctx, kind, rows);
  return values.map((node, i) => ({ ...node, changedAt: rows[i]?.changed_at ?? '' }));
}

const sampleRows = z.array(z.object({ id: z.string(), fields: z.record(z.string(), z.unknown()) }));

/** Counts the first entities in the order of their ids: as good as drawn by lot, since ids are hashes. */
async function takeCounts(tx: Tx, ctx: Context, kind: IdentityKind, home: string | null): Promise<unknown> {
  const rows = sampleRows.parse(
    await tx.query(`select id::text, fields from ${kind} where workspace_id = $1 and merged_into is null order by id limit ${COUNTED}`, [
      ctx.workspaceId,
    ]),
  );
  const size = estimatedSize(
    rows.map(({ id }) => id),
    COUNTED,
  );
  if (kind === 'person') {
    return countPeople(
      PERSON_COLUMNS.map((column) => column.kind),
      rows.map(({ fields }) => cellsOf(PERSON_COLUMNS, fields, new Map(), home)),
      size,
    );
  }
  const reader = entityReader(await loadCountries(), home);
  return countAccounts(
    rows.map(({ id, fields }) => reader.account(id, fields)),
    size,
  );
}

interface Reached {
  version: string;
  at: string;
  id: string;
  uncounted: number;
  counts: unknown;
}

async function saveState(tx: Tx, ctx: Context, kind: IdentityKind, { version, at, id, uncounted, counts }: Reached): Promise<void> {
  const params = new SqlParams();
  const counted = counts === undefined ? '' : `, counts_hash = ${params.add(documentHash(counts))}, counts = ${params.json(counts)}`;
  await tx.query(
    `update identity_index set key_version = ${params.add(version)}, covered_at = ${params.add(at)}::timestamptz, covered_id = ${params.add(id)}::uuid,
       uncounted = ${params.add(uncounted)}::int ${counted}
     where workspace_id = ${params.add(ctx.workspaceId)} and kind = ${params.add(kind)}`,
    params.values,
  );
}
