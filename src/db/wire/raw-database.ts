import { drizzle } from 'drizzle-orm/pg-proxy';
import type { Database, SqlParam, Tx } from '../../kernel/database.ts';
import type { RowForm, Rows } from './messages.ts';

/** One statement in an open transaction. */
export type RunStatement = (text: string, params: readonly SqlParam[], form: RowForm, prepare: boolean) => Promise<Rows>;

export interface TransactionOptions {
  /** Aborted when the caller no longer waits. */
  signal?: AbortSignal;
}

/** An embedded database as the wire needs it: statements whose rows come in either form. */
export interface RawDatabase {
  transaction<T>(mode: 'read' | 'write', run: (statement: RunStatement) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** As `Database.written`. */
  written?(): number;
  maintain(tables?: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** A transaction whose statements run elsewhere. */
function txOver(statement: RunStatement): Tx {
  let orm: Tx['orm'] | undefined;
  return {
    dialect: 'pglite',
    // made when it is asked for: it costs more than a small transaction
    get orm() {
      // parameters of the query builder are what its column types made of them: text, numbers, booleans, null
      orm ??= drizzle(async (text, params: SqlParam[], method) => ({
        rows: await statement(text, params, method === 'execute' ? 'objects' : 'arrays', false),
      }));
      return orm;
    },
    async query(text, params = [], { prepare = false } = {}) {
      const rows = await statement(text, params, 'objects', prepare);
      return rows as Awaited<ReturnType<Tx['query']>>;
    },
  };
}

/** An embedded database that runs elsewhere, behind `Database`. */
export function databaseOver(raw: RawDatabase): Database {
  return {
    dialect: 'pglite',
    parallel: 1,
    transaction: (mode, run, options) => raw.transaction(mode, (statement) => run(txOver(statement)), options),
    ...(raw.written !== undefined && { written: raw.written.bind(raw) }),
    maintain: (tables) => raw.maintain(tables),
    close: () => raw.close(),
  };
}
