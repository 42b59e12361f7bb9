import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openPglite } from '../../src/db/pglite.ts';
import { deriveInWorkspace, readWorkspace } from '../../src/db/workspace.ts';
import type { Database } from '../../src/kernel/database.ts';
import { rescoreRecords } from '../../src/scoring/rescore-records.ts';
import { verifyReceipts } from '../../src/scoring/verify-receipts.ts';
import { move } from '../../src/upkeep/move.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { openTestPglite, openTestPostgres } from '../support/databases.ts';
import { workspaceRows } from '../support/digest.ts';
import { stateOf } from '../support/imports.ts';
import { makeWholeWorld } from '../support/whole-world.ts';

/** The move says of itself in the audit, whose chain has its head in the workspace's row. */
const WITHOUT = { without: ['audit_entry', 'workspace'] };

const ROUTES = [
  ['embedded → PostgreSQL', openTestPglite, openTestPostgres],
  ['PostgreSQL → embedded', openTestPostgres, openTestPglite],
] as const;

describe.skipIf(inject('postgres') === undefined).each(ROUTES)('a move %s', (_name, openSource, openTarget) => {
  const opened: Database[] = [];
  const open = async (opener: () => Promise<Database>) => {
    const db = await opener();
    opened.push(db);
    return db;
  };
  let ctx: TestContext;
  beforeAll(async () => {
    ctx = testContext(await open(openSource));
    await makeWholeWorld(ctx);
  });
  afterAll(async () => {
    for (const db of opened) await db.close();
  });

  it('and back: every row, every receipt, and a source that stays as it was', async () => {
    const before = await workspaceRows(ctx);
    const there = testContext(await open(openTarget));
    const moved = await move(ctx, there.db, { receipts: 'all' });
    expect(await workspaceRows(ctx)).toEqual(before);
    expect(await workspaceRows(there, WITHOUT)).toEqual(await workspaceRows(ctx, WITHOUT));
    expect(moved.receipts.total).toBeGreaterThan(20);
    expect(moved.receipts).toMatchObject({ checked: moved.receipts.total, different: 0 });

    const back = testContext(await open(openSource));
    const returned = await move(there, back.db, { receipts: 'all' });
    expect(returned.receipts).toMatchObject({ checked: moved.receipts.total, different: 0 });
    expect(await workspaceRows(back, WITHOUT)).toEqual(await workspaceRows(ctx, WITHOUT));
    const digests = (tables: typeof moved.tables) => tables.filter(({ table }) => !WITHOUT.without.includes(table));
    expect(digests(returned.tables)).toEqual(digests(moved.tables));
  });

  it('leaves a workspace that scores and lives as it would have', async () => {
    const there = testContext(await open(openTarget), { now: ctx.now });
    await move(ctx, there.db, {});
    const copy = testContext(await open(openSource), { now: ctx.now });
    await move(ctx, copy.db, {});
    const counts = [];
    for (const one of [there, copy]) counts.push((await rescoreRecords(one, { scope: 'all' })).counts);
    expect(counts[0]).toEqual(counts[1]);
    expect(await stateOf(there)).toEqual(await stateOf(copy));
  });

  it('is refused where something is; cancelled or failed, it leaves nothing', async () => {
    const there = testContext(await open(openTarget));
    const controller = new AbortController();
    let reports = 0;
    const progress = {
      report() {
        reports += 1;
        if (reports === 5) controller.abort();
      },
    };
    await expect(move({ ...ctx, progress, signal: controller.signal }, there.db, {})).rejects.toMatchObject({ code: 'cancelled' });
    expect(Object.values(await workspaceRows(there)).flat()).toEqual([]);

    await move(ctx, there.db, {});
    const after = await workspaceRows(there);
    await expect(move(ctx, there.db, {})).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('not empty') });
    expect(await workspaceRows(there)).toEqual(after);
  });

  it('does not carry a score that its logs do not give, unless told not to look', async () => {
    const wrong = testContext(await open(openSource));
    await move(ctx, wrong.db, {});
    await deriveInWorkspace(wrong, (tx) => tx.query(`update score set score = 99 where workspace_id = 'test' and kind = 'account'`));
    const there = testContext(await open(openTarget));
    await expect(move(wrong, there.db, {})).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/receipts are not reproduced.*Nothing was written/),
    });
    expect(Object.values(await workspaceRows(there)).flat()).toEqual([]);
    expect((await move(wrong, there.db, { receipts: 'none' })).receipts.checked).toBe(0);
    const { different } = await readWorkspace(there, (tx) => verifyReceipts(tx, there, { which: 'all' }));
    expect(different).toBeGreaterThan(0);
  });

  it('takes samples of the receipts where there are many', async () => {
    const all = await readWorkspace(ctx, (tx) => verifyReceipts(tx, ctx, { which: 'all' }));
    const some = await readWorkspace(ctx, (tx) => verifyReceipts(tx, ctx, { which: 'sample', each: 4, seed: 'a' }));
    expect(some).toMatchObject({ total: all.total, different: 0 });
    expect(some.checked).toBeGreaterThanOrEqual(8);
    expect(some.checked).toBeLessThanOrEqual(12);
  });
});

describe('a move into a folder', () => {
  it('makes it, and it opens like any other', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'samepage-move-'));
    const source = await openTestPglite();
    try {
      const ctx = testContext(source);
      await makeWholeWorld(ctx);
      const target = await openPglite(join(folder, 'data'));
      await move(ctx, target, {});
      await target.close();
      const again = await openPglite(join(folder, 'data'));
      expect(await workspaceRows(testContext(again), WITHOUT)).toEqual(await workspaceRows(ctx, WITHOUT));
      await again.close();
    } finally {
      await source.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
