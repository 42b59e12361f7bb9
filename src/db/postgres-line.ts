import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Tx } from '../kernel/database.ts';
import { SamepageError } from '../kernel/errors.ts';
import { PostgresTransaction } from './postgres-transaction.ts';
import { databaseUnavailable, isLostConnection } from './unavailable.ts';

/** A connection is let go after so long: what a server keeps for one grows with what was asked of it. */
const LIFETIME_MS = 45 * 60_000;
const READ = 'isolation level repeatable read read only';
const WRITE = 'isolation level read committed';

function connect(url: string, onclose: () => void): postgres.Sql {
  try {
    const client = postgres(url, {
      max: 1,
      max_lifetime: null,
      connect_timeout: 10,
      onnotice: () => {},
      onclose,
      // what the server or the role may have set otherwise
      // compiling a statement costs more than it saves on a part of a workspace
      connection: { TimeZone: 'UTC', DateStyle: 'ISO, YMD', application_name: 'samepage', jit: 'off' },
      types: { int8: { to: 20, from: [20], serialize: String, parse: Number } },
    });
    // sets the date and JSON handling of the connection
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

/** Stands in for the result of a transaction whose connection is gone, so that the driver does not end it there. */
const never = () => new Promise<never>(() => {});

/** A connection, which serves one transaction after the other. */
export class PostgresLine {
  readonly #client: postgres.Sql;
  readonly #madeAt = performance.now();
  /** Something was answered, so somebody is there and lets us in. */
  #isOpen = false;
  #isLost = false;

  /** Connects when it is first used. @throws SamepageError `invalid_input` for what is no address */
  constructor(url: string) {
    this.#client = connect(url, () => {
      this.#isLost = true;
    });
  }

  /** As whom, and to which database, it goes. */
  get login(): { user: string; database: string } {
    return this.#client.options;
  }

  /** The connection is gone; nothing is asked of it any more. */
  get isLost(): boolean {
    return this.#isLost;
  }

  get isWorn(): boolean {
    return performance.now() - this.#madeAt > LIFETIME_MS;
  }

  /** Lets the connection go when what was asked of it is answered. */
  async end(seconds?: number): Promise<void> {
    await this.#client.end(seconds === undefined ? {} : { timeout: seconds }).catch(() => {});
  }

  /**
   * A read transaction. What is asked in it is sent behind its beginning without waiting for the answer to that, and nothing depends on its
   * end: the result is given while that is on its way, and the next transaction may begin behind it.
   * @param onBegun called when the beginning is answered: until then nothing is
   * @param snapshot one that another transaction exported, and keeps open
   */
  async read<T>(run: (tx: Tx) => Promise<T>, onBegun: () => void, snapshot?: string): Promise<T> {
    const transaction = this.#transaction(this.#client);
    let hasBegun = false;
    const seen = snapshot === undefined ? '' : `; set transaction snapshot '${snapshot}'`;
    const begun = transaction.control(`begin ${READ}${seen}`).then(() => {
      this.#isOpen = true;
      hasBegun = true;
      onBegun();
    });
    begun.catch(() => {});
    try {
      // whom nobody has let in yet is asked nothing else
      if (!this.#isOpen) await begun;
      const result = await run(transaction.tx);
      await begun;
      if (this.#isLost) throw databaseUnavailable(undefined);
      transaction.end();
      transaction.control('commit').catch(() => {});
      return result;
    } catch (error) {
      transaction.end();
      await begun.catch(() => {});
      this.#isLost ||= !hasBegun;
      if (!this.#isLost) await transaction.control('rollback').catch(() => {});
      throw transaction.failureOf(error);
    }
  }

  /** A transaction that writes: what is asked in it waits until it has begun, and the result until it is committed. */
  async write<T>(run: (tx: Tx) => Promise<T>, onBegun: () => void): Promise<T> {
    let hasBegun = false;
    const guarded = async (connection: postgres.TransactionSql) => {
      this.#isOpen = true;
      hasBegun = true;
      onBegun();
      const transaction = this.#transaction(connection);
      try {
        const result = await run(transaction.tx);
        return this.#isLost ? never() : result;
      } catch (error) {
        if (this.#isLost) return never();
        throw error;
      } finally {
        transaction.end();
      }
    };
    try {
      // postgres.js maps the type of an array of results; a single promise comes back as it is
      return (await this.#client.begin(WRITE, guarded)) as T;
    } catch (error) {
      // rejected by the driver while `run` goes on, or before it
      this.#isLost ||= !hasBegun || isLostConnection(error);
      throw error;
    }
  }

  #transaction(connection: postgres.Sql | postgres.TransactionSql): PostgresTransaction {
    const noteLost = () => {
      this.#isLost = true;
    };
    return new PostgresTransaction(connection, this.#client.options, { isLost: () => this.#isLost, noteLost });
  }
}
