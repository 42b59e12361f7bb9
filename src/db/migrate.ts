import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Database, Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';

const FOLDER = new URL('../../drizzle/', import.meta.url);
const journalSchema = z.object({ entries: z.array(z.object({ idx: z.number(), tag: z.string(), when: z.number() })) });
const appliedSchema = z.array(z.object({ hash: z.string(), created_at: z.number() }));

/** 'samepage' in a number: one lock for all that migrate one database. */
const MIGRATION_LOCK = 7_301_965_470;

type Journal = z.infer<typeof journalSchema>;

/**
 * Applies the migrations that drizzle-kit generated, in one transaction under a lock, so that many processes may start at
 * once; drizzle's own migrator takes none. Keeps drizzle's table, so its tools read the state. A database that is up to
 * date is only read: the role that serves needs no right to change the schema.
 * @throws SamepageError `folder_rejected` when the database was made by a newer version, or is empty and not of UTF-8.
 */
export async function migrate(database: Database): Promise<void> {
  const journal = await readJournal();
  if ((await database.transaction('read', (tx) => pending(tx, journal))).length === 0) return;
  await database.transaction('write', async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await tx.query('set local client_min_messages = warning');
    await tx.query('create schema if not exists drizzle');
    await tx.query(
      'create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
    );
    // asked again: another process may have held the lock before us
    const entries = await pending(tx, journal);
    if (entries.length === journal.entries.length) await refuseOtherEncoding(tx);
    for (const entry of entries) {
      const text = await readFile(new URL(`${entry.tag}.sql`, FOLDER), 'utf8');
      for (const statement of statementsOf(text)) await tx.query(statement);
      await tx.query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [
        createHash('sha256').update(text).digest('hex'),
        entry.when,
      ]);
    }
  });
}

const encodingRow = z.tuple([z.object({ encoding: z.string(), name: z.string() })]);

/** Another encoding holds only some names, and would refuse the others when they come. */
async function refuseOtherEncoding(tx: Tx): Promise<void> {
  const [{ encoding, name }] = encodingRow.parse(
    await tx.query(`select current_setting('server_encoding') as encoding, current_database()::text as name`),
  );
  if (encoding === 'UTF8') return;
  throw new SamepageError(
    'folder_rejected',
    `The database "${shown(name)}" is of the encoding ${encoding}, which cannot hold all text.`,
    'Make one of UTF-8, as with `createdb --encoding UTF8 --template template0 NAME`, and name it in DATABASE_URL.',
  );
}

async function readJournal(): Promise<Journal> {
  return journalSchema.parse(JSON.parse(await readFile(new URL('meta/_journal.json', FOLDER), 'utf8')));
}

export interface Migration {
  /** When it was made, in milliseconds: the order of migrations. */
  when: number;
  /** sha256 of its text. */
  hash: string;
}

/** The migrations that a database has, the latest last; none when it was never migrated. */
export async function appliedMigrations(tx: Tx): Promise<Migration[]> {
  const [table] = await tx.query("select to_regclass('drizzle.__drizzle_migrations')::text as name");
  if (table?.name == null) return [];
  const rows = await tx.query('select hash, created_at from drizzle.__drizzle_migrations order by created_at');
  return appliedSchema.parse(rows).map(({ hash, created_at }) => ({ hash, when: created_at }));
}

/** The migrations that this program has, in order, with their statements. */
export async function knownMigrations(): Promise<(Migration & { tag: string; statements: string[] })[]> {
  const { entries } = await readJournal();
  return Promise.all(
    entries.map(async ({ tag, when }) => {
      const text = await readFile(new URL(`${tag}.sql`, FOLDER), 'utf8');
      return { tag, when, hash: createHash('sha256').update(text).digest('hex'), statements: statementsOf(text) };
    }),
  );
}

function statementsOf(text: string): string[] {
  return text.split('--> statement-breakpoint').filter((statement) => statement.trim() !== '');
}

/** The migrations that the database lacks, in order. */
async function pending(tx: Tx, journal: Journal): Promise<Journal['entries']> {
  const applied = await appliedMigrations(tx);
  const latest = applied.at(-1)?.when ?? 0;
  if (latest > (journal.entries.at(-1)?.when ?? 0)) {
    throw new SamepageError(
      'folder_rejected',
      'This database was made by a newer version of samepage-mcp.',
      'Update samepage-mcp (`npm install -g samepage-mcp@latest`), or point SAMEPAGE_DATA_DIR or DATABASE_URL elsewhere.',
    );
  }
  return journal.entries.filter((entry) => entry.when > latest);
}
