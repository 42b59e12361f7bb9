import { beforeAll, expect, test } from 'vitest';
import { CATALOG_RULES } from '../../src/db/catalog-rules.ts';
import type { SqlRow } from '../../src/kernel/database.ts';
import { describeDatabases } from '../support/databases.ts';

describeDatabases('the catalog', (open) => {
  let query: (text: string) => Promise<SqlRow[]>;
  beforeAll(async () => {
    const db = await open();
    query = (text) => db.transaction('read', (tx) => tx.query(text));
  });

  test('has the tables', async () => {
    const tables = await query(`select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`);
    expect(tables.map(({ relname }) => relname)).toEqual(expect.arrayContaining(['account', 'event', 'observation', 'score', 'workspace']));
    expect(tables.length).toBeGreaterThan(15);
  });

  test.each(CATALOG_RULES)('%s', async (_rule, breaking) => {
    expect(await query(breaking)).toEqual([]);
  });
});

describeDatabases('the rules of the catalog', (open) => {
  // a rule that nothing can break tests nothing: here is a table that breaks them
  test('each can fail', async () => {
    const db = await open();
    await db.transaction('write', async (tx) => {
      await tx.query('create sequence stray');
      await tx.query('create table stray_target (id int primary key)');
      await tx.query(
        'create table stray_table (id int references stray_target, name varchar(9) collate "POSIX", at timestamp default now(), weight real)',
      );
      await tx.query(`create function stray_function() returns trigger language plpgsql as 'begin return new; end'`);
      await tx.query('create trigger stray_trigger before insert on stray_table for each row execute function stray_function()');
      await tx.query('create rule stray_rule as on delete to stray_table do instead nothing');
    });
    for (const [rule, breaking] of CATALOG_RULES) {
      const broken = await db.transaction('read', (tx) => tx.query(breaking));
      expect(broken, rule).not.toEqual([]);
    }
  });
});
