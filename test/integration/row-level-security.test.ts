import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { openPostgres } from '../../src/db/postgres.ts';
import { deriveInWorkspace, readWorkspace } from '../../src/db/workspace.ts';
import type { Database } from '../../src/kernel/database.ts';
import { testContext } from '../support/context.ts';
import { createPostgresDatabase } from '../support/databases.ts';

const columnSchema = z.object({ table_name: z.string(), column_name: z.string(), udt_name: z.string() });
/** A literal of each type that the schema uses. */
const LITERALS: Readonly<Record<string, string>> = {
  text: `'x'`,
  uuid: `'00000000-0000-8000-8000-000000000001'`,
  int2: '1',
  int4: '1',
  int8: '1',
  bool: 'true',
  jsonb: `'{}'`,
  timestamptz: `'2026-01-01T00:00:00Z'`,
  _int2: `'{}'`,
};

// a superuser passes by every policy, so the server's role here is an ordinary one; PGlite has superusers alone
describe.skipIf(inject('postgres') === undefined)('a workspace sees its own rows alone', () => {
  const role = `tenant_${process.pid}`;
  let tables: Map<string, { columns: string[]; values: string[] }>;
  let admin: Database;
  let server: Database;
  let drop: () => Promise<void>;
  const insert = (table: string, workspace: string) => {
    const { columns, values } = tables.get(table) ?? { columns: [], values: [] };
    return `insert into ${table} (workspace_id, ${columns.join(', ')}) values ('${workspace}', ${values.join(', ')})`;
  };
  const inWorkspace = (workspaceId: string) => testContext(server, { workspaceId });

  beforeAll(async () => {
    const created = await createPostgresDatabase('migrated');
    drop = created.drop;
    admin = await openPostgres(created.url);
    const columns = await admin.transaction('write', async (tx) => {
      await tx.query(`create role ${role} login password 'x'`);
      await tx.query(`grant usage on schema drizzle, public to ${role}`);
      await tx.query(`grant select on all tables in schema drizzle to ${role}`);
      await tx.query(`grant select, insert, update, delete on all tables in schema public to ${role}`);
      return tx.query(
        `select table_name, column_name, udt_name from information_schema.columns where table_schema = 'public' order by ordinal_position`,
      );
    });
    tables = new Map();
    for (const { table_name, column_name, udt_name } of z.array(columnSchema).parse(columns)) {
      const table = tables.get(table_name) ?? { columns: [], values: [] };
      tables.set(table_name, table);
      if (column_name === 'workspace_id') continue;
      table.columns.push(`"${column_name}"`);
      table.values.push(LITERALS[udt_name] ?? `no literal for ${udt_name}`);
    }
    await admin.transaction('write', async (tx) => {
      for (const table of tables.keys()) for (const workspace of ['a', 'b']) await tx.query(insert(table, workspace));
    });
    const url = new URL(created.url);
    url.username = role;
    url.password = 'x';
    server = await openPostgres(url.href);
  });

  afterAll(async () => {
    await server.close();
    await admin.transaction('write', async (tx) => {
      await tx.query(`drop owned by ${role}`);
      await tx.query(`drop role ${role}`);
    });
    await admin.close();
    await drop();
  });

  /** Runs the check for every table of the catalog, each on its own, and says which failed. */
  async function everyTable(check: (table: string) => Promise<void>): Promise<void> {
    expect(tables.size).toBeGreaterThan(15);
    for (const table of tables.keys()) await check(table);
  }

  test('read: only the named workspace', () =>
    everyTable(async (table) => {
      const seen = (workspace: string) => readWorkspace(inWorkspace(workspace), (tx) => tx.query(`select workspace_id from ${table}`));
      expect(await seen('a'), table).toEqual([{ workspace_id: 'a' }]);
      expect(await seen('b'), table).toEqual([{ workspace_id: 'b' }]);
      expect(await seen('c'), table).toEqual([]);
    }));

  test('read without a workspace, or with an empty one: nothing', () =>
    everyTable(async (table) => {
      expect(await server.transaction('read', (tx) => tx.query(`select 1 from ${table}`)), table).toEqual([]);
      expect(await readWorkspace(inWorkspace(''), (tx) => tx.query(`select 1 from ${table}`)), table).toEqual([]);
    }));

  test('the name of a workspace ends with its transaction', async () => {
    await readWorkspace(inWorkspace('a'), (tx) => tx.query('select 1'));
    for (let connection = 0; connection < 8; connection += 1) {
      expect(await server.transaction('read', (tx) => tx.query('select 1 from account'))).toEqual([]);
    }
  });

  test('update and delete: no row of another workspace is touched', () =>
    everyTable(async (table) => {
      const column = tables.get(table)?.columns[0];
      await deriveInWorkspace(inWorkspace('b'), async (tx) => {
        expect(await tx.query(`update ${table} set ${column} = ${column} where workspace_id = 'a' returning 1 as n`), table).toEqual([]);
        expect(await tx.query(`delete from ${table} where workspace_id = 'a' returning 1 as n`), table).toEqual([]);
      });
      expect(await readWorkspace(inWorkspace('a'), (tx) => tx.query(`select 1 as n from ${table}`)), table).toEqual([{ n: 1 }]);
    }));

  test('insert into another workspace, or move a row there: refused', () =>
    everyTable(async (table) => {
      const refused = { code: '42501' };
      await expect(
        deriveInWorkspace(inWorkspace('b'), (tx) => tx.query(insert(table, 'z'))),
        table,
      ).rejects.toMatchObject(refused);
      const move = `update ${table} set workspace_id = 'z' where workspace_id = 'b'`;
      await expect(
        deriveInWorkspace(inWorkspace('b'), (tx) => tx.query(move)),
        table,
      ).rejects.toMatchObject(refused);
    }));
});
