import { drizzle } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import type { Tx } from '../kernel/database.ts';
import { databaseUnavailable, isLostConnection, isOutage } from './unavailable.ts';

type Send = postgres.Sql['unsafe'];

/** Where a transaction's statements go. */
interface LineState {
  isLost(): boolean;
  noteLost(): void;
}

/** What PostgreSQL says of a statement that was sent behind one that failed. */
const ABORTED = '25P02';

/**
 * What one transaction asks. Nothing is written to a lost connection: postgres.js 3.4 does, outside any promise, which ends the process. Nor is
 * what is left of a transaction written once that has ended, when the connection is another's.
 */
export class PostgresTransaction {
  readonly tx: Tx;
  readonly #connection: postgres.Sql | postgres.TransactionSql;
  readonly #line: LineState;
  #isOver = false;
  #failure: unknown;

  constructor(connection: postgres.Sql | postgres.TransactionSql, options: postgres.Sql['options'], line: LineState) {
    this.#connection = connection;
    this.#line = line;
    const unsafe = ((...args: Parameters<Send>) => {
      if (this.#isOver) throw new Error('the transaction has ended');
      return this.#send(...args);
    }) as Send;
    // drizzle reads `options` of whatever client it is given; a transaction's client has none of its own
    this.tx = asTx({ options, unsafe } as unknown as postgres.Sql);
  }

  /** Sends what is the transaction's own: its beginning or its end. */
  async control(text: string): Promise<void> {
    await this.#send(text);
  }

  end(): void {
    this.#isOver = true;
  }

  /** What to tell of an error: that the connection is gone, where it is; else the statement that failed first. */
  failureOf(error: unknown): unknown {
    if (this.#line.isLost()) return isOutage(this.#failure) ? this.#failure : databaseUnavailable(error);
    return error instanceof Error && 'code' in error && error.code === ABORTED ? this.#failure : error;
  }

  #send(...args: Parameters<Send>): ReturnType<Send> {
    if (this.#line.isLost()) throw databaseUnavailable(undefined);
    const pending = this.#connection.unsafe(...args);
    pending.catch((error: unknown) => {
      this.#failure ??= error;
      if (isLostConnection(error)) this.#line.noteLost();
    });
    return pending;
  }
}

function asTx(connection: postgres.Sql): Tx {
  let orm: Tx['orm'] | undefined;
  return {
    dialect: 'postgres',
    // made when it is asked for, which is hardly ever
    get orm() {
      orm ??= drizzle({ client: connection });
      return orm;
    },
    async query(text, params = [], options = {}) {
      return [...(await connection.unsafe(text, [...params], { prepare: options.prepare ?? false }))];
    },
  };
}
