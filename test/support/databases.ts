import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import postgres from 'postgres';
import { afterAll, afterEach, describe, inject } from 'vitest';
import { wrapPglite } from '../../src/db/pglite.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import type { Database, Dialect } from '../../src/kernel/database.ts';
import { TemplateFs } from './template-fs.ts';

export interface TestDatabase extends Database {
  /** Where a second connection or process reaches it: PostgreSQL alone. */
  readonly url: string | undefined;
}

let count = 0;

/** What a new database is: `latin1` is empty as well, and of another encoding. */
type Kind = 'empty' | 'migrated' | 'latin1';

/** A new database on the test server, empty or a copy of the migrated template. `drop` ends its connections. */
export async function createPostgresDatabase(kind: Kind): Promise<{ url: string; drop(): Promise<void> }> {
  const server = inject('postgres');
  if (server === undefined) throw new Error('there is no PostgreSQL in this run');
  count += 1;
  const name = `${server.template}_${process.pid}_${count}`;
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  // template0 for `empty`: nobody can be connected to it
  const encoding = kind === 'latin1' ? ` encoding 'LATIN1' locale 'C'` : '';
  await admin.unsafe(`create database ${name} template ${kind === 'migrated' ? server.template : 'template0'}${encoding}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async drop() {
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}

export async function openTestPostgres(): Promise<TestDatabase> {
  const created = await createPostgresDatabase('migrated');
  const database = await openPostgres(created.url);
  return {
    ...database,
    url: created.url,
    async close() {
      await database.close();
      await created.drop();
    },
  };
}

export async function openTestPglite(): Promise<TestDatabase> {
  const fs = new TemplateFs(join(inject('folderTemplate'), 'database'));
  return { ...wrapPglite(await PGlite.create({ fs })), url: undefined };
}

/**
 * Runs the suite once for each database. Every `open()` gives a fresh, migrated one; those still open when the suite ends
 * are closed then. Call it in a test, or once in `beforeAll` to share it.
 */
export function describeDatabases(name: string, suite: (open: () => Promise<TestDatabase>, dialect: Dialect) => void): void {
  const openers: [Dialect, () => Promise<TestDatabase>][] = [['pglite', openTestPglite]];
  if (inject('postgres') !== undefined) openers.push(['postgres', openTestPostgres]);
  describe.each(openers)(`${name} on %s`, (dialect, opener) => {
    const opened = new Set<TestDatabase>();
    afterAll(async () => {
      for (const database of opened) await database.close();
    });
    suite(async () => {
      const fresh = await opener();
      const database: TestDatabase = {
        ...fresh,
        async close() {
          if (opened.delete(database)) await fresh.close();
        },
      };
      opened.add(database);
      return database;
    }, dialect);
  });
}

export interface PostgresDatabases {
  /** The URL of a new database. */
  create(kind: Kind): Promise<string>;
  open(url: string): Promise<Database>;
  /** What else is to be undone before they are dropped. */
  undoing(step: () => Promise<unknown>): void;
}

/** Gives each test of a suite databases on the test server, which are closed and dropped after it. */
export function usePostgres(): PostgresDatabases {
  const undo: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });
  return {
    undoing: (step) => void undo.push(step),
    async create(kind) {
      const database = await createPostgresDatabase(kind);
      undo.push(database.drop);
      return database.url;
    },
    async open(url) {
      const db = await openPostgres(url);
      undo.push(db.close);
      return db;
    },
  };
}
