import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { knownMigrations } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import { verifyAudit } from '../../src/db/verify-audit.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { backup } from '../../src/upkeep/backup.ts';
import { restore } from '../../src/upkeep/restore.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { createPostgresDatabase, describeDatabases } from '../support/databases.ts';
import { workspaceRows } from '../support/digest.ts';
import { importText } from '../support/imports.ts';
import { resealed } from '../support/reseal.ts';
import { makeWholeWorld } from '../support/whole-world.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samepage-backup-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The restore says of itself in the audit, whose chain has its head in the workspace's row. */
const WITHOUT = { without: ['audit_entry', 'workspace'] };

describeDatabases('a backup', (open, dialect) => {
  let ctx: TestContext;
  let file: string;
  beforeAll(async () => {
    ctx = testContext(await open());
    await makeWholeWorld(ctx);
    file = join(folder, `${dialect}.gz`);
    await backup(ctx, { path: file });
  });

  it('holds every row of every table, in a file of its user alone', async () => {
    // but what is made again from the others
    const rows = await workspaceRows(ctx, { without: ['block_key', 'identity_index'] });
    const again = await backup(ctx, { path: join(folder, `${dialect}-again.gz`) });
    expect(again.tables.map((table) => table.table).sort()).toEqual(Object.keys(rows).sort());
    for (const { table, rows: count } of again.tables) {
      expect(rows[table]?.length, table).toBe(count);
      expect(count, table).toBeGreaterThan(0);
    }
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('restores to the same rows, the same backup, whole audit and receipts', async () => {
    const target = testContext(await open());
    const restored = await restore(target, { path: file });
    expect(await workspaceRows(target, WITHOUT)).toEqual(await workspaceRows(ctx, WITHOUT));
    expect(restored.receipts.total).toBeGreaterThan(20);
    expect(restored.receipts).toMatchObject({ checked: restored.receipts.total, different: 0 });
    const original = await verifyAudit(ctx);
    // one entry more, which says that it was restored
    expect(await verifyAudit(target)).toEqual({ entries: original.entries + 1, broken: undefined });
    const second = await backup(target, { path: join(folder, `${dialect}-second.gz`) });
    const first = await backup(ctx, { path: join(folder, `${dialect}-first.gz`) });
    const digests = (tables: typeof first.tables) => tables.filter((table) => !WITHOUT.without.includes(table.table));
    expect(digests(second.tables)).toEqual(digests(first.tables));
  });

  it('goes on living: what is imported after a restore is as it would have been', async () => {
    const target = testContext(await open(), { now: ctx.now });
    await restore(target, { path: file });
    const more = 'Id,Name,Website\nacc-1,Company 1 renamed,company-1.example\nacc-99,New,new.example\n';
    const copy = testContext(await open(), { now: ctx.now });
    await restore(copy, { path: file });
    for (const one of [target, copy]) await importText(one, 'accounts', more, { source: 'salesforce' });
    const without = { without: [...WITHOUT.without, 'import_run'] };
    expect(await workspaceRows(target, without)).toEqual(await workspaceRows(copy, without));
  });

  it('is refused where something is, naming it; replaces it when told to', async () => {
    const target = testContext(await open());
    await ensureWorkspace(target);
    await importText(target, 'accounts', 'domain,name\nother.example,Other\n');
    const before = await workspaceRows(target);
    await expect(restore(target, { path: file })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/1 in account\b/),
      next: expect.stringContaining('--replace'),
    });
    expect(await workspaceRows(target)).toEqual(before);
    await restore(target, { path: file, replace: true });
    expect(await workspaceRows(target, WITHOUT)).toEqual(await workspaceRows(ctx, WITHOUT));
  });

  it('takes a workspace that was only opened for an empty one', async () => {
    const target = testContext(await open());
    await ensureWorkspace(target);
    await restore(target, { path: file });
    expect(await workspaceRows(target, WITHOUT)).toEqual(await workspaceRows(ctx, WITHOUT));
  });

  it('writes nothing when a row, the audit or a score is not what it was', async () => {
    const target = testContext(await open());
    const forged = async (name: string, change: (lines: string[]) => void) => {
      const path = join(folder, `${dialect}-${name}.gz`);
      await writeFile(path, resealed(gunzipSync(await readFile(file)).toString(), change));
      return restore(target, { path });
    };
    const edit = (lines: string[], pattern: RegExp, by: string) => {
      const at = lines.findIndex((line) => line.startsWith('{') && pattern.test(line));
      expect(at).toBeGreaterThan(0);
      lines[at] = lines[at]?.replace(pattern, by) ?? '';
    };
    await expect(forged('audit', (lines) => edit(lines, /"verb":"import_records"/, '"verb":"nothing"'))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('audit chain'),
    });
    await expect(forged('score', (lines) => edit(lines, /"score":\d+/, '"score":99'))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('receipts are not reproduced'),
    });
    await expect(forged('type', (lines) => edit(lines, /"as_of_day":\d+/, '"as_of_day":"soon"'))).rejects.toMatchObject({
      code: 'file_rejected',
      message: expect.stringContaining('do not fit'),
    });
    await expect(
      forged('column', (lines) => {
        const at = lines.findIndex((line) => line.startsWith('table ') && line.includes('"account"'));
        lines[at] = lines[at]?.replace('"domain"', '"domain\\" from account; --"') ?? '';
      }),
    ).rejects.toMatchObject({ code: 'file_rejected', message: expect.stringContaining('does not know') });
    expect(Object.values(await workspaceRows(target)).flat()).toEqual([]);
  });

  it('of an older version goes in where only something was added since', async () => {
    const known = await knownMigrations();
    const older = async (name: string, left: Record<string, string[]>) => {
      const path = join(folder, `${dialect}-${name}.gz`);
      const change = (lines: string[]) => {
        const { when, hash } = known[0] ?? { when: 0, hash: '' };
        lines[0] = lines[0]?.replace(/"migrations":\{[^}]*\}/, `"migrations":${JSON.stringify({ when, hash })}`) ?? '';
        for (const [table, columns] of Object.entries(left)) {
          const start = lines.findIndex((line) => line.startsWith('table ') && line.includes(`"table":"${table}"`));
          lines[start] = columns.reduce((line, column) => line.replace(`,"${column}"`, ''), lines[start] ?? '');
          for (let i = start + 1; lines[i]?.startsWith('{'); i += 1) {
            const row = z.record(z.string(), z.unknown()).parse(JSON.parse(lines[i] ?? ''));
            lines[i] = JSON.stringify(Object.fromEntries(Object.entries(row).filter(([column]) => !columns.includes(column))));
          }
        }
      };
      await writeFile(path, resealed(gunzipSync(await readFile(file)).toString(), change));
      return path;
    };
    // what a later version keeps of each hand-off is worked out of its log again
    const FILLED = ['touched_at', 'qualified_at', 'opened_at'];
    const target = testContext(await open());
    const without = await restore(target, { path: await older('older', { account: ['stale_day'], hand_off: FILLED }) });
    expect(without.tables.find((table) => table.table === 'account')?.rows).toBeGreaterThan(0);
    const restored = await workspaceRows(target, WITHOUT);
    expect(restored).toEqual(await workspaceRows(ctx, WITHOUT));
    expect(restored.hand_off?.join()).toMatch(/"touched_at":"/);
    await expect(restore(testContext(await open()), { path: await older('lacking', { account: ['changed_at'] }) })).rejects.toMatchObject({
      code: 'file_rejected',
      message: expect.stringContaining('older than account.changed_at'),
    });
  });

  it('carries one workspace, or all that there are', async () => {
    const other = testContext(ctx.db, { workspaceId: 'other' });
    await ensureWorkspace(other);
    const both = await backup(ctx, { path: join(folder, `${dialect}-both.gz`), all: true });
    expect(both.workspaces).toEqual(['other', 'test']);
    const target = await open();
    await restore(testContext(target, { workspaceId: 'other' }), { path: both.path });
    expect(Object.values(await workspaceRows(testContext(target))).flat()).toEqual([]);
    await expect(restore(testContext(target, { workspaceId: 'third' }), { path: both.path })).rejects.toMatchObject({ code: 'not_found' });
    const all = await open();
    expect((await restore(testContext(all), { path: both.path, all: true })).workspaces).toEqual(['other', 'test']);
    expect(await workspaceRows(testContext(all), WITHOUT)).toEqual(await workspaceRows(ctx, WITHOUT));
    await expect(backup(testContext(ctx.db, { workspaceId: 'nobody' }), { path: join(folder, 'n.gz') })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('can be cancelled at any page, and leaves no file and no row', async () => {
    const cancelledAt = (report: number) => {
      const controller = new AbortController();
      let reports = 0;
      const progress = {
        report() {
          reports += 1;
          if (reports === report) controller.abort();
        },
      };
      return { progress, signal: controller.signal };
    };
    const path = join(folder, `${dialect}-cancelled.gz`);
    await expect(backup({ ...ctx, ...cancelledAt(3) }, { path })).rejects.toMatchObject({ code: 'cancelled' });
    expect((await readdir(folder)).filter((name) => name.includes('cancelled'))).toEqual([]);
    const target = testContext(await open());
    await expect(restore({ ...target, ...cancelledAt(6) }, { path: file })).rejects.toMatchObject({ code: 'cancelled' });
    expect(Object.values(await workspaceRows(target)).flat()).toEqual([]);
  });

  it('never writes over a file, and names what hinders it', async () => {
    await expect(backup(ctx, { path: file })).rejects.toMatchObject({ code: 'conflict' });
    await expect(backup(ctx, { path: join(folder, 'no', 'such', 'folder.gz') })).rejects.toMatchObject({
      code: 'file_rejected',
      message: expect.stringContaining('folder does not exist'),
    });
  });
});

describe.skipIf(inject('postgres') === undefined)('a role that sees one workspace', () => {
  it('backs that up and restores it, and is told that it cannot tell of all', async () => {
    const created = await createPostgresDatabase('migrated');
    const admin = await openPostgres(created.url);
    const role = `keeper_${process.pid}`;
    await admin.transaction('write', async (tx) => {
      await tx.query(`create role ${role} login password 'x'`);
      await tx.query(`grant usage on schema drizzle, public to ${role}`);
      await tx.query(`grant select on all tables in schema drizzle to ${role}`);
      await tx.query(`grant select, insert, update, delete on all tables in schema public to ${role}`);
    });
    const url = new URL(created.url);
    url.username = role;
    url.password = 'x';
    const db = await openPostgres(url.href);
    try {
      const ctx = testContext(db);
      await makeWholeWorld(ctx);
      const path = join(folder, 'role.gz');
      await expect(backup(ctx, { path, all: true })).rejects.toMatchObject({ code: 'permission_denied' });
      await backup(ctx, { path });
      const before = await workspaceRows(ctx, WITHOUT);
      await restore(ctx, { path, replace: true });
      expect(await workspaceRows(ctx, WITHOUT)).toEqual(before);
    } finally {
      await db.close();
      await admin.transaction('write', async (tx) => {
        await tx.query(`drop owned by ${role}`);
        await tx.query(`drop role ${role}`);
      });
      await admin.close();
      await created.drop();
    }
  });
});
