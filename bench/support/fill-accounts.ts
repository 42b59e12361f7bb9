import { z } from 'zod';
import { deriveInWorkspace, readWorkspace } from '../../src/db/workspace.ts';
import { type EntityReader, entityReader } from '../../src/identity/core/read-entities.ts';
import { keysOf } from '../../src/identity/cover-nodes.ts';
import type { Context } from '../../src/kernel/context.ts';
import type { Tx } from '../../src/kernel/database.ts';
import { SqlParams } from '../../src/kernel/sql-params.ts';
import { accountId } from '../../src/records/core/chunk.ts';
import { nameKey } from '../../src/records/core/name-key.ts';
import { loadCountries } from '../../src/records/load-countries.ts';
import { accountOf } from './account-world.ts';

const CHUNK = 20_000;
const TABLES = ['account', 'account_domain', 'external_ref', 'block_key'];

interface Made {
  id: string;
  externalId: string;
  fields: { city: string; domain: string; name: string };
  keys: readonly number[];
}

/**
 * Fills a workspace with accounts as an import of `writeAccounts` and the storing of their keys leave it, but for what neither a look-up
 * nor a lead that comes in reads: source records and facts. An import of a million takes minutes. The first accounts must be
 * imported already, with their keys: each is made again here and compared with its rows.
 * @param given.source of the import
 * @param given.imported how many are there
 * @param given.count how many there shall be
 * @throws Error where a row that was imported is another than the one made here
 */
export async function fillAccounts(
  ctx: Context,
  { source, imported, count, names }: { source: string; imported: number; count: number; names: readonly string[] },
): Promise<void> {
  const reader = entityReader(await loadCountries(), null);
  const make = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => madeOf(from + i, source, names, reader));
  await compare(ctx, make(0, imported));
  const remake = await dropIndexes(ctx);
  let writing: Promise<void> = Promise.resolve();
  for (let from = imported; from < count; from += CHUNK) {
    const made = make(from, Math.min(from + CHUNK, count));
    await writing;
    writing = insert(ctx, source, made);
    writing.catch(() => {});
  }
  await writing;
  for (const text of remake) await ctx.db.transaction('write', (tx) => tx.query(text));
  await ctx.db.transaction('write', (tx) => tx.query(`analyze ${TABLES.join(', ')}`));
  // so that the next look-up counts how often values occur
  await deriveInWorkspace(ctx, (tx) =>
    tx.query(`update identity_index set uncounted = uncounted + $2::int where workspace_id = $1 and kind = 'account'`, [
      ctx.workspaceId,
      count - imported,
    ]),
  );
}

function madeOf(row: number, source: string, names: readonly string[], reader: EntityReader): Made {
  const { name, domain, city } = accountOf(row, names);
  const externalId = `a${row}`;
  const id = accountId(source, externalId, domain, false);
  const fields = { city, domain, name };
  const [{ keys } = { keys: [] }] = keysOf('account', [{ id, entityId: id, fields }], reader, null);
  return { id, externalId, fields, keys: [...new Set(keys.map(({ key }) => key))] };
}

const storedRows = z.array(
  z.object({
    id: z.string(),
    external_id: z.string(),
    domain: z.string().nullable(),
    name: z.string().nullable(),
    name_key: z.string().nullable(),
    fields: z.record(z.string(), z.unknown()),
    claimed: z.string().nullable(),
    keys: z.array(z.number()),
  }),
);

async function compare(ctx: Context, made: readonly Made[]): Promise<void> {
  const params = new SqlParams();
  const ids = params.uuids(made.map(({ id }) => id));
  const ws = params.add(ctx.workspaceId);
  const rows = storedRows.parse(
    await readWorkspace(ctx, (tx) =>
      tx.query(
        `select a.id::text, x.external_id, a.domain, a.name, a.name_key, a.fields, d.domain as claimed,
           (select coalesce(jsonb_agg(b.key order by b.key), '[]') from block_key b where b.workspace_id = ${ws} and b.node_id = a.id) as keys
         from account a
         join external_ref x on x.workspace_id = ${ws} and x.entity_id = a.id
         left join account_domain d on d.workspace_id = ${ws} and d.account_id = a.id
         where a.workspace_id = ${ws} and a.id = any(${ids})`,
        params.values,
      ),
    ),
  );
  const stored = new Map(rows.map((row) => [row.id, row]));
  for (const { id, externalId, fields, keys } of made) {
    const { domain, name } = fields;
    const ours = {
      id,
      external_id: externalId,
      domain,
      name,
      name_key: nameKey(name),
      fields,
      claimed: domain,
      keys: [...keys].sort((a, b) => a - b),
    };
    const theirs = stored.get(id);
    const [left, right] = [ours, theirs].map((row) => JSON.stringify(row, (_, value) => sortedKeys(value)));
    if (left !== right) throw new Error(`account ${externalId} was imported as ${right}, and is made as ${left}`);
  }
}

function sortedKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const indexRows = z.array(z.object({ table: z.string(), index: z.string(), text: z.string(), constraint_text: z.string().nullable() }));

/** Indexes that are filled row by row take most of a load. @returns what makes them again */
async function dropIndexes(ctx: Context): Promise<string[]> {
  return ctx.db.transaction('write', async (tx) => {
    const params = new SqlParams();
    const indexes = indexRows.parse(
      await tx.query(
        `select t.relname::text as table, x.relname::text as index, pg_get_indexdef(i.indexrelid) as text, pg_get_constraintdef(c.oid) as constraint_text
         from pg_index i join pg_class t on t.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
         left join pg_constraint c on c.conindid = i.indexrelid where t.relname = any(${params.texts(TABLES)})`,
        params.values,
      ),
    );
    for (const { table, index, constraint_text } of indexes) {
      await tx.query(constraint_text === null ? `drop index "${index}"` : `alter table "${table}" drop constraint "${index}"`);
    }
    return indexes.map(({ table, index, text, constraint_text }) =>
      constraint_text === null ? text : `alter table "${table}" add constraint "${index}" ${constraint_text}`,
    );
  });
}

async function insert(ctx: Context, source: string, made: readonly Made[]): Promise<void> {
  await deriveInWorkspace(ctx, async (tx) => {
    const fields = made.map((one) => one.fields);
    await into(tx, ctx, {
      table: 'account',
      columns: 'id, domain, name, name_key, fields, created_at, changed_at',
      select: 'r.id, r.domain, r.name, r.name_key, r.fields, i.covered_at, i.covered_at',
      rows: {
        id: ['uuid', made.map(({ id }) => id)],
        domain: ['text', fields.map(({ domain }) => domain)],
        name: ['text', fields.map(({ name }) => name)],
        name_key: ['text', fields.map(({ name }) => nameKey(name))],
        fields: ['jsonb', fields.map((one) => JSON.stringify(one))],
      },
    });
    await into(tx, ctx, {
      table: 'account_domain',
      columns: 'domain, believed_from, account_id',
      select: 'r.domain, i.covered_at, r.id',
      rows: { domain: ['text', fields.map(({ domain }) => domain)], id: ['uuid', made.map(({ id }) => id)] },
    });
    await into(tx, ctx, {
      table: 'external_ref',
      columns: 'kind, source, external_id, entity_id, digest',
      select: `'account', r.source, r.external_id, r.id, ''`,
      rows: {
        source: ['text', made.map(() => source)],
        external_id: ['text', made.map(({ externalId }) => externalId)],
        id: ['uuid', made.map(({ id }) => id)],
      },
    });
    await into(tx, ctx, {
      table: 'block_key',
      columns: 'key, node_id',
      select: 'r.key, r.id',
      rows: {
        key: ['bigint', made.flatMap(({ keys }) => keys.map(String))],
        id: ['uuid', made.flatMap(({ id, keys }) => keys.map(() => id))],
      },
    });
  });
}

type Rows = Parameters<SqlParams['rows']>[1];

async function into(tx: Tx, ctx: Context, given: { table: string; columns: string; select: string; rows: Rows }): Promise<void> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  await tx.query(
    `insert into ${given.table} (workspace_id, ${given.columns}) select ${ws}, ${given.select}
     from ${params.rows('r', given.rows)} cross join (select covered_at from identity_index where workspace_id = ${ws} and kind = 'account') i`,
    params.values,
  );
}
