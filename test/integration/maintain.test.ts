import { expect, it } from 'vitest';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { importRecords } from '../../src/records/import-records.ts';
import { rescoreRecords } from '../../src/scoring/rescore-records.ts';
import { testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';

describeDatabases('housekeeping', (open, dialect) => {
  it.runIf(dialect === 'pglite')('a rescore after many new events makes the covering index cover', async () => {
    const db = await open();
    const ctx = testContext(db);
    await ensureWorkspace(ctx);
    await db.transaction('write', (tx) =>
      tx.query(
        `insert into event (workspace_id, id, recorded_at, source, external_id, type, occurred_at, occurred_day)
         select 'test', md5('e' || i)::uuid, '2026-03-01', 'test', 'e' || i, 'web_visit', '2026-03-01', 20513 from generate_series(1, 60000) i`,
      ),
    );
    const visible = async () => {
      const [row] = await db.transaction('read', (tx) => tx.query("select relallvisible as n from pg_class where relname = 'event'"));
      return Number(row?.n);
    };
    expect(await visible()).toBe(0);
    await rescoreRecords(ctx, { scope: 'all' });
    expect(await visible()).toBeGreaterThan(500);
  });

  it('an import, and the parts of a rescore, leave the planner knowing what is there', async () => {
    const db = await open();
    const ctx = testContext(db);
    await ensureWorkspace(ctx);
    const known = async (table: string) => {
      const [row] = await db.transaction('read', (tx) => tx.query('select relpages as n from pg_class where relname = $1', [table]));
      return Number(row?.n);
    };
    const lines = Array.from({ length: 12_000 }, (_, i) => `a${i},firm${i}.com,Firm ${i}`);
    await importRecords(ctx, { content: `id,domain,name\n${lines.join('\n')}\n`, kind: 'accounts', source: 'crm' });
    expect(await known('account')).toBeGreaterThan(100);
    expect(await known('score')).toBe(0);
    await rescoreRecords(ctx, { scope: 'all' });
    expect(await known('score')).toBeGreaterThan(100);
  });

  it.runIf(dialect === 'postgres')('cleaning up is left to autovacuum', async () => {
    const db = await open();
    await expect(db.maintain()).resolves.toBeUndefined();
  });
});
