import { describe, expect, inject, test } from 'vitest';
import { openPostgres } from '../../src/db/postgres.ts';
import type { Database, Tx } from '../../src/kernel/database.ts';
import { usePostgres } from '../support/databases.ts';

const KILL = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';

const WITHOUT_RIGHTS = `without_rights_${process.pid}`;
const LACKS_A_RIGHT = new RegExp(`^The role "${WITHOUT_RIGHTS}" lacks a right in the database ".+": permission denied for schema \\w+\\.$`);

/** Ways to lose the connection, as a transaction meets them. */
const LOSSES: readonly (readonly [what: string, run: (tx: Tx, admin: Database) => Promise<unknown>])[] = [
  ['in the middle of a statement', (tx) => tx.query('select pg_terminate_backend(pg_backend_pid())')],
  [
    'and the verb goes on regardless',
    async (tx) => {
      await tx.query('select pg_terminate_backend(pg_backend_pid())').catch(() => {});
      await tx.query('select 1').catch(() => {});
      return tx.query('select 2');
    },
  ],
  [
    'between two statements',
    async (tx, admin) => {
      await tx.query('select 1');
      await admin.transaction('write', (other) => other.query(KILL));
      await tx.query('select 2').catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 50));
      return tx.query('select 3');
    },
  ],
  [
    'before the commit',
    async (tx, admin) => {
      await tx.query('select 1');
      await admin.transaction('write', (other) => other.query(KILL));
      await new Promise((resolve) => setTimeout(resolve, 50));
    },
  ],
  [
    'and the verb throws an error of its own',
    async (tx, admin) => {
      await tx.query('select 1');
      await admin.transaction('write', (other) => other.query(KILL));
      await new Promise((resolve) => setTimeout(resolve, 50));
      throw new Error('of its own');
    },
  ],
];

describe.skipIf(inject('postgres') === undefined)('PostgreSQL goes away', () => {
  const { create, open, undoing } = usePostgres();
  const one = (db: Database) => db.transaction('read', (tx) => tx.query('select 1 as one'));

  test.each(LOSSES)('%s: the call is "unavailable", and the next ones work', async (_what, run) => {
    const url = await create('migrated');
    const admin = await open(url);
    const db = await open(url);
    for (let round = 0; round < 3; round += 1) {
      await expect(db.transaction('write', (tx) => run(tx, admin))).rejects.toMatchObject({ code: 'unavailable' });
      for (let i = 0; i < 6; i += 1) expect(await one(db)).toEqual([{ one: 1 }]);
    }
  });

  test('idle connections that were closed are opened anew', async () => {
    const url = await create('migrated');
    const admin = await open(url);
    const db = await open(url);
    for (let round = 0; round < 3; round += 1) {
      await Promise.all([one(db), one(db), one(db), one(db)]);
      await admin.transaction('write', (tx) => tx.query(KILL));
      await Promise.all([one(db), one(db), one(db), one(db)]);
    }
  });

  test('one lost connection leaves the others their work', async () => {
    const url = await create('migrated');
    const db = await open(url);
    const long = db.transaction('write', async (tx) => {
      await tx.query('select pg_sleep(0.3)');
      return tx.query('select 1 as one');
    });
    await expect(db.transaction('write', (tx) => tx.query('select pg_terminate_backend(pg_backend_pid())'))).rejects.toThrow();
    expect(await long).toEqual([{ one: 1 }]);
  });

  test.each([
    ['nobody listens', 'postgres://someone:hunter2@127.0.0.1:1/nowhere', 'unavailable'],
    ['not a URL', 'postgres://someone:hunter2@:not a port/x', 'invalid_input'],
  ])('%s: says so without the password', async (_what, url, code) => {
    const error = await openPostgres(url).catch((reason) => reason);
    expect(error).toMatchObject({ code });
    expect(`${error.message} ${error.next} ${error.stack}`).not.toContain('hunter2');
  });

  test.each<[what: string, change: (url: URL) => void, message: RegExp]>([
    ['a database that does not exist', (url) => (url.pathname = '/no_such'), /^PostgreSQL has no database "no_such"\.$/],
    ['a role that does not exist', (url) => (url.username = 'no_such'), /the role "no_such"/],
    ['a role without rights', (url) => (url.username = WITHOUT_RIGHTS), LACKS_A_RIGHT],
  ])('%s is "unavailable", and named', async (_what, change, message) => {
    const address = await create('migrated');
    const admin = await open(address);
    const sql = (text: string) => admin.transaction('write', (tx) => tx.query(text));
    await sql(`create role ${WITHOUT_RIGHTS} login password 'hunter2'`);
    undoing(() => sql(`drop role ${WITHOUT_RIGHTS}`));
    const url = new URL(address);
    url.password = 'hunter2';
    change(url);
    const error = await openPostgres(url.href).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringMatching(message) });
    expect(`${error.message} ${error.next}`).not.toContain('hunter2');
  });
});
