import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Database, Tx } from '../kernel/database.ts';
import { migrate } from './migrate.ts';
import { databaseUnavailable } from './unavailable.ts';

const PARALLEL = 2;

/** PostgreSQL behind `Database`. */
export async function openPostgres(url: string): Promise<Database> {
  const client = postgres(url, {
    max: PARALLEL + 2,
    connect_timeout: 10,
    onnotice: () => {},
    connection: { TimeZone: 'UTC', application_name: 'samepage' },
    types: { int8: { to: 20, from: [20], serialize: String, parse: Number } },
  });
  // sets the session's date and JSON handling once for the pool
  drizzle(client);

  const wrap = (connection: postgres.TransactionSql): Tx => {
    // drizzle reads `options` of whatever client it is given; a transaction's client has none of its own
    const bound = Object.assign(connection, { options: client.options }) as unknown as postgres.Sql;
    return {
      dialect: 'postgres',
      orm: drizzle(bound),
      async query(text, params = [], options = {}) {
        return [...(await connection.unsafe(text, [...params], { prepare: options.prepare ?? false }))];
      },
    };
  };

  const database: Database = {
    dialect: 'postgres',
    parallel: PARALLEL,
    async transaction(mode, run) {
      const isolation = mode === 'read' ? 'isolation level repeatable read read only' : 'isolation level read committed';
      // postgres.js maps the type of an array of results; a single promise comes back as it is
      return (await client.begin(isolation, (connection) => run(wrap(connection)))) as Awaited<ReturnType<typeof run>>;
    },
    close: () => client.end({ timeout: 5 }),
  };
  try {
    await migrate(database);
  } catch (error) {
    await client.end({ timeout: 1 });
    if (error instanceof Error && 'code' in error && /^(ECONN|ENOTFOUND|EAI_AGAIN|CONNECT|57P|28|3D)/.test(String(error.code))) {
      throw databaseUnavailable(error);
    }
    throw error;
  }
  return database;
}
