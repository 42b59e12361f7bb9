import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

export type Dialect = 'pglite' | 'postgres';

/** What both drivers take alike as a parameter. Arrays and documents travel as JSON text: `$1::text::jsonb`. */
export type SqlParam = string | number | boolean | null;
/** A raw row: int8 as number, timestamptz as text in UTC, jsonb parsed, numeric as text. Parse it with zod before use. */
export type SqlRow = Record<string, unknown>;

/** The last entry of a workspace's audit chain. */
export interface ChainEnd {
  seq: number;
  hash: string;
}

/**
 * `each`: each statement is planned for its parameters. `once`: a statement has one plan for all its calls, for short look-ups by key, of
 * which planning costs more than looking. `sets`: of one plan too, and thousands of rows that a statement itself made are joined to each other by
 * hash or in order, never each with all. All of them find rows by index, whatever is believed of a table that grew since it was last analysed.
 */
export type Planning = 'each' | 'once' | 'sets';

export interface Tx {
  readonly dialect: Dialect;
  /** Of a transaction that holds the workspace's row, so that nobody else adds to the chain: where it ends. */
  readonly chainEnd?: ChainEnd;
  /** How its statements are planned (src/db/bulk.ts), where it was said. */
  readonly planning?: Planning;
  /** The query builder, bound to this transaction. */
  readonly orm: PgDatabase<PgQueryResultHKT>;
  /**
   * One parameterised statement (`$1`, `$2`, …).
   * @param options.prepare keep the statement prepared on the connection: for short statements that recur.
   */
  query(text: string, params?: readonly SqlParam[], options?: { prepare?: boolean }): Promise<SqlRow[]>;
}

export interface Database {
  readonly dialect: Dialect;
  /** How many transactions can usefully run at once: 1 embedded. */
  readonly parallel: number;
  /**
   * `read`: repeatable read, read only: one snapshot for all its statements. `write`: read committed.
   * @param options.signal aborted when the caller no longer waits: a statement that goes on for long after that is ended,
   * where the database is embedded and shared.
   */
  transaction<T>(mode: 'read' | 'write', run: (tx: Tx) => Promise<T>, options?: { signal?: AbortSignal }): Promise<T>;
  /**
   * A read beside another that goes on: it sees the same snapshot, over a connection of its own where one is free, else over the same. Left out
   * where there is one connection.
   */
  beside?<T>(tx: Tx, run: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Counts the writing transactions that ended, where all of them go through this process: between two equal counts nothing changed. Left out
   * where others may write.
   */
  written?(): number;
  /**
   * Brings statistics and visibility up to date where nothing else does: the embedded database has no autovacuum, and
   * without it plans are guesses and covering indexes do not cover. On PostgreSQL it does nothing.
   * @param tables by their names in SQL; without, all of them
   */
  maintain(tables?: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
