import { type PGlite, type QueryOptions, type Transaction, types } from '@electric-sql/pglite';
import type { SqlParam, SqlRow } from '../kernel/database.ts';
import { PreparedStatements } from './prepared-pglite.ts';
import { SHORT_LOOK } from './short-look.ts';
import { fullDisk } from './unavailable.ts';
import type { WalSync } from './wal-sync.ts';
import type { RawDatabase } from './wire/raw-database.ts';

const asText = (value: string) => value;

/**
 * Has the client give rows as `Tx.query` promises them, and take documents as text. Set once: given with each query, the hundreds of
 * types that it knows are copied each time, which takes as long as the query.
 */
export function setTypes(client: PGlite): void {
  Object.assign(client.parsers, { [types.INT8]: Number, [types.TIMESTAMPTZ]: asText, [types.DATE]: asText });
  Object.assign(client.serializers, { [types.JSON]: asText, [types.JSONB]: asText });
}

/** Rows as drizzle's own driver for PGlite asks for them: times and dates as text, also in arrays. */
const TIMES = [types.TIMESTAMP, types.TIMESTAMPTZ, types.INTERVAL, types.DATE, 1231, 1115, 1185, 1187, 1182];
const ARRAYS: QueryOptions = { rowMode: 'array', parsers: Object.fromEntries(TIMES.map((type) => [type, asText])) };

export async function beginIn(connection: Transaction, mode: 'read' | 'write'): Promise<void> {
  if (mode === 'read') await connection.exec('set transaction isolation level repeatable read, read only');
}

export async function queryIn(connection: Transaction, text: string, params: readonly SqlParam[]): Promise<SqlRow[]> {
  return (await connection.query<SqlRow>(text, [...params])).rows;
}

/**
 * Housekeeping of tables, as `Database.maintain` has them; without, of those that hold something. An empty one is left out: once looked at,
 * the planner knows that it is empty, and believes so while it grows. Those that are named grew in the midst of work and get the short look.
 */
export async function maintainIn(client: PGlite, tables?: readonly string[]): Promise<void> {
  if (tables === undefined) return cleaned(client, await filledTables(client));
  await client.exec(`set default_statistics_target = ${SHORT_LOOK}`);
  try {
    await cleaned(client, tables);
  } finally {
    await client.exec('reset default_statistics_target');
  }
}

async function cleaned(client: PGlite, tables: readonly string[]): Promise<void> {
  if (tables.length > 0) await client.exec(`vacuum (analyze) ${tables.join(', ')}`);
}

async function filledTables(client: PGlite): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
     where relkind = 'r' and relnamespace in ('public'::regnamespace, 'pg_catalog'::regnamespace) and pg_relation_size(oid) > 0`,
  );
  return rows.map(({ name }) => name);
}

/** What a caller is told of a failure of the database itself; the rest passes as it is. */
export function inOurWords(error: unknown): never {
  throw fullDisk(error) ?? error;
}

/**
 * An open PGlite instance as the wire serves it: the same statements with the same rows.
 * @param wal what it waits for before it answers, also a reader, who may have seen what is not on the disk yet
 */
export function rawPglite(client: PGlite, wal: WalSync): RawDatabase {
  setTypes(client);
  const prepared = new PreparedStatements(client);
  return {
    async transaction(mode, run) {
      const result = await client
        .transaction(async (connection) => {
          await beginIn(connection, mode);
          return run(async (text, params, form, prepare) => {
            const rows = await (form === 'arrays'
              ? connection.query<unknown[]>(text, [...params], ARRAYS).then((found) => found.rows)
              : prepare
                ? prepared.rows(connection, text, params)
                : queryIn(connection, text, params)
            ).catch(inOurWords);
            // also in the midst of a transaction, which may be as long as the file that it takes in
            if (wal.isCheckpointDue()) await connection.exec('checkpoint');
            return rows;
          });
        })
        .catch(inOurWords);
      await wal.settled();
      return result;
    },
    maintain: (tables) => maintainIn(client, tables),
    close: () => client.close(),
  };
}
