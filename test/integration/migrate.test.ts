import { describe, expect, inject, test } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import type { Database } from '../../src/kernel/database.ts';
import { describeDatabases, usePostgres } from '../support/databases.ts';

const applied = (db: Database) =>
  db.transaction('read', (tx) => tx.query('select hash, created_at from drizzle.__drizzle_migrations order by id'));

describeDatabases('migrations', (open) => {
  test('applied again, they change nothing', async () => {
    const db = await open();
    const before = await applied(db);
    await migrate(db);
    await migrate(db);
    expect(before.length).toBeGreaterThan(0);
    expect(await applied(db)).toEqual(before);
  });

  test('a database of a newer version is refused', async () => {
    const db = await open();
    await db.transaction('write', (tx) =>
      tx.query(`insert into drizzle.__drizzle_migrations (hash, created_at) values ('of the future', 99999999999999)`),
    );
    await expect(migrate(db)).rejects.toMatchObject({ code: 'folder_rejected', message: expect.stringContaining('newer version') });
  });
});

describe.skipIf(inject('postgres') === undefined)('PostgreSQL', () => {
  const { create, open, undoing } = usePostgres();

  test('four that start at once on an empty database migrate it once', async () => {
    const url = await create('empty');
    const databases = await Promise.all([1, 2, 3, 4].map(() => open(url)));
    const template = await open(await create('migrated'));
    for (const db of databases) expect(await applied(db)).toEqual(await applied(template));
  });

  test('a database of another encoding than UTF-8 is refused, and left empty', async () => {
    const url = await create('latin1');
    await expect(open(url)).rejects.toMatchObject({
      code: 'folder_rejected',
      message: expect.stringContaining('of the encoding LATIN1'),
      next: expect.stringContaining('createdb --encoding UTF8'),
    });
    const db = await openPostgres(url, { migrated: false });
    undoing(db.close);
    expect(await db.transaction('read', (tx) => tx.query(`select to_regclass('drizzle.__drizzle_migrations') as name`))).toEqual([
      { name: null },
    ]);
  });

  test('a role that may not change the schema opens a database that is up to date', async () => {
    const url = new URL(await create('migrated'));
    const role = `server_${process.pid}`;
    const admin = await open(url.href);
    await admin.transaction('write', async (tx) => {
      await tx.query(`create role ${role} login password 'x'`);
      await tx.query(`grant usage on schema drizzle to ${role}`);
      await tx.query(`grant select on all tables in schema drizzle to ${role}`);
    });
    undoing(() =>
      admin.transaction('write', async (tx) => {
        await tx.query(`drop owned by ${role}`);
        await tx.query(`drop role ${role}`);
      }),
    );
    url.username = role;
    url.password = 'x';
    const db = await open(url.href);
    expect(await db.transaction('read', (tx) => tx.query('select current_user as name'))).toEqual([{ name: role }]);
  });
});
