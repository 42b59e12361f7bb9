import type { Context } from '../kernel/context.ts';
import type { Database } from '../kernel/database.ts';

/** What the doctor looks at, and how it gets in. */
export interface Patient extends Omit<Context, 'db'> {
  /** PostgreSQL when given; a secret. */
  databaseUrl: string | undefined;
  /** The embedded database's folder; `memory` keeps nothing. */
  dataDir: string;
  /** The version of Node that runs this, as `20.19.0`. */
  node: string;
  /** Opens the database as it is, without migrating it. */
  open(): Promise<Database>;
}

/** How much of a workspace is looked at. */
export interface Depth {
  /** Rows of each table whose projection is derived again. */
  rows: number;
  /** Receipts recomputed: so many of the newest, the oldest, and from among all; undefined for all. */
  receipts: number | undefined;
  /** Where samples begin. */
  seed: string;
}
