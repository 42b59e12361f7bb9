import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Database, Tx } from '../kernel/database.ts';
import { SamepageError } from '../kernel/errors.ts';
import type { OpenOptions } from './client.ts';
import { migrate } from './migrate.ts';
import { databaseUnavailable, isLostConnection, isOutage, loginRefused } from './unavailable.ts';

const PARALLEL = 2;

function connect(url: string): postgres.Sql {
  try {
    const client = postgres(url, {
      max: PARALLEL + 2,
      connect_timeout: 10,
      onnotice: () => {},
      // what the server or the role may have set otherwise
      // compiling a statement costs more than it saves on a part of a workspace
      connection: { TimeZone: 'UTC', DateStyle: 'ISO, YMD', application_name: 'samepage', jit: 'off' },
      types: { int8: { to: 20, from: [20], serialize: String, parse: Number } },
    });
    // sets the session's date and JSON handling once for the pool
    drizzle(client);
    return client;
  } catch {
    // without its cause, which holds the whole URL and so the password
    throw new SamepageError(
      'invalid_input',
      'DATABASE_URL is not the address of a PostgreSQL.',
      'Write it as postgres://user:password@host:5432/database, with special characters percent-encoded.',
    );
  }
}

/** One transaction's connection, which may be lost under it. */
interface Line {
  lost: boolean;
}

/** Refuses to write to a lost connection: postgres.js 3.4 does, outside any promise, which ends the process. */
function guard(connection: postgres.TransactionSql, client: postgres.Sql, line: Line): postgres.Sql {
  const send = connection.unsafe;
  const unsafe = ((...args: Parameters<typeof send>) => {
    if (line.lost) throw databaseUnavailable(undefined);
    const pending = send(...args);
    pending.catch((error: unknown) => {
      if (isLostConnection(error)) line.lost = true;
    });
    return pending;
  }) as typeof send;
  // drizzle reads `options` of whatever client it is given; a transaction's client has none of its own
  return Object.assign(connection, { options: client.options, unsafe }) as unknown as postgres.Sql;
}

function wrap(connection: postgres.Sql): Tx {
  let orm: Tx['orm'] | undefined;
  return {
    dialect: 'postgres',
    // made when it is asked for, which is hardly ever
    get orm() {
      orm ??= drizzle(connection);
      return orm;
    },
    async query(text, params = [], options = {}) {
      return [...(await connection.unsafe(text, [...params], { prepare: options.prepare ?? false }))];
    },
  };
}

/** Stands in for the result of a transaction whose connection is gone, so that the driver does not end it there. */
const never = () => new Promise<never>(() => {});

async function begin<T>(client: postgres.Sql, isolation: string, run: (tx: Tx) => Promise<T>): Promise<T> {
  const line: Line = { lost: false };
  const guarded = async (connection: postgres.TransactionSql) => {
    try {
      const result = await run(wrap(guard(connection, client, line)));
      return line.lost ? never() : result;
    } catch (error) {
      if (line.lost) return never();
      throw error;
    }
  };
  try {
    // postgres.js maps the type of an array of results; a single promise comes back as it is
    return (await client.begin(isolation, guarded)) as T;
  } catch (error) {
    // rejected by the driver while `run` goes on
    if (isLostConnection(error)) line.lost = true;
    throw error;
  }
}

/**
 * A read transaction. Nothing depends on its end, so the answer is given when it is known, while the end is on its way: what is asked next
 * takes another connection.
 */
function beginRead<T>(client: postgres.Sql, isolation: string, run: (tx: Tx) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const told = async (tx: Tx) => {
      const result = await run(tx);
      resolve(result);
      return result;
    };
    begin(client, isolation, told).catch(reject);
  });
}

/** PostgreSQL behind `Database`. */
export async function openPostgres(url: string, { migrated = true }: OpenOptions = {}): Promise<Database> {
  let pool = connect(url);
  const database: Database = {
    dialect: 'postgres',
    parallel: PARALLEL,
    async transaction(mode, run) {
      const isolation = mode === 'read' ? 'isolation level repeatable read read only' : 'isolation level read committed';
      let hasBegun = false;
      const noted = (tx: Tx) => {
        hasBegun = true;
        return run(tx);
      };
      for (let isAgain = false; ; isAgain = true) {
        const client = pool;
        try {
          return await (mode === 'read' ? beginRead : begin)(client, isolation, noted);
        } catch (error) {
          const isLost = isLostConnection(error);
          if (isLost && pool === client) {
            // a connection of postgres.js 3.4 that was lost with something unsent never sends again
            pool = connect(url);
            client.end().catch(() => {});
          }
          // the connection had been idle, and was closed at its other end: nothing was asked of it yet
          if (isLost && !hasBegun && !isAgain) continue;
          throw loginRefused(error, client.options) ?? (isOutage(error) ? databaseUnavailable(error) : error);
        }
      }
    },
    // autovacuum does it; what has grown is analysed by maintainGrown
    maintain: async () => {},
    close: () => pool.end({ timeout: 5 }),
  };
  try {
    if (migrated) await migrate(database);
  } catch (error) {
    await pool.end({ timeout: 1 });
    throw error;
  }
  return database;
}
