import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { claimFolder } from '../../src/db/folder.ts';
import { openPglite } from '../../src/db/pglite.ts';
import { verifyAudit } from '../../src/db/verify-audit.ts';
import { childProgram } from '../support/child-program.ts';
import { testContext } from '../support/context.ts';
import { makePlace, placeFolder, removePlace } from '../support/places.ts';

interface Child {
  pid: number;
  /** The next line it says; undefined when it has ended. */
  line(): Promise<string | undefined>;
  kill(): Promise<void>;
}

const children: ChildProcess[] = [];
let folder: string;
beforeEach(async () => {
  folder = join(await makePlace('folder'), 'data');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await removePlace(join(folder, '..'));
});

function start(task: 'open' | 'write' | 'busy', dataDir = folder): Child {
  const child = spawn(process.execPath, [childProgram('folder'), task, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid ?? 0,
    async line() {
      const { value, done } = await lines.next();
      return done ? undefined : value;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const refusal = async (child: Child) => {
  const line = (await child.line()) ?? '';
  expect(line).toMatch(/^refused /);
  return z.object({ code: z.string(), message: z.string(), next: z.string() }).parse(JSON.parse(line.slice('refused '.length)));
};

const withDatabase = () => placeFolder(folder);

describe('one process at a time', () => {
  test('the second is told who the first is, and has the folder when the first has gone', async () => {
    await withDatabase();
    const first = start('open');
    expect(await first.line()).toBe('open');
    const error = await refusal(start('open'));
    expect(error.code).toBe('folder_in_use');
    expect(error.message).toContain(`process ${first.pid} (folder-child open, running since 20`);
    expect(error.next).toContain('SAMEPAGE_DATA_DIR');
    await first.kill();
    expect(await start('open').line()).toBe('open');
  });

  test('a first whose event loop is blocked keeps the folder, and is named by its number', async () => {
    await withDatabase();
    const first = start('busy');
    expect(await first.line()).toBe('open');
    await expect(claimFolder(folder)).rejects.toMatchObject({
      code: 'folder_in_use',
      message: expect.stringContaining(`process ${first.pid} (busy just now)`),
    });
    await first.kill();
    await (await claimFolder(folder)).release();
  });

  test('the same folder by another path is the same folder', async () => {
    const claimed = await claimFolder(folder);
    const link = join(folder, '..', 'link');
    await symlink(folder, link);
    await expect(claimFolder(link)).rejects.toMatchObject({ code: 'folder_in_use' });
    await claimed.release();
    await (await claimFolder(link)).release();
  });

  test('a path too long for a socket is guarded like any other', async () => {
    const long = join(folder, 'x'.repeat(120), 'y'.repeat(120));
    const claimed = await claimFolder(long);
    await expect(claimFolder(long)).rejects.toMatchObject({ code: 'folder_in_use', message: expect.stringContaining(`${process.pid}`) });
    await claimed.release();
    await (await claimFolder(long)).release();
  });

  test('of many that come at once, one wins; round after round, over the leavings of the dead', async () => {
    for (let round = 0; round < 10; round += 1) {
      const attempts = await Promise.allSettled(Array.from({ length: 12 }, () => claimFolder(folder)));
      const winners = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
      expect(winners).toHaveLength(1);
      for (const attempt of attempts) if (attempt.status === 'rejected') expect(attempt.reason).toMatchObject({ code: 'folder_in_use' });
      await winners[0]?.release();
    }
    expect((await readdir(folder)).filter((name) => name.endsWith('.sock'))).toEqual([]);
  });

  test('of four processes that start at once, one wins; when it is killed, the next one has the folder', async () => {
    await withDatabase();
    for (let round = 0; round < 2; round += 1) {
      const started = [1, 2, 3, 4].map(() => start('open'));
      const lines = await Promise.all(started.map((child) => child.line()));
      expect(lines.filter((line) => line === 'open')).toHaveLength(1);
      for (const child of started) await child.kill();
    }
    // what the killed left behind is gone once somebody owns the folder
    const claimed = await claimFolder(folder);
    expect((await readdir(folder)).filter((name) => name.endsWith('.sock'))).toHaveLength(1);
    await claimed.release();
  });
});

describe('kill -9', () => {
  test('in mid-write, again and again: all that was acknowledged is there, whole', async () => {
    await withDatabase();
    const acknowledged: string[] = [];
    for (const killAfter of [1, 7, 40, 90]) {
      const child = start('write');
      expect(await child.line()).toBe('open');
      for (let i = 0; i < killAfter; i += 1) acknowledged.push((await child.line()) ?? 'ended');
      await child.kill();
      // written before the kill and not yet read by us
      for (let line = await child.line(); line !== undefined; line = await child.line()) acknowledged.push(line);
    }
    const db = await openPglite(folder);
    try {
      const rows = await db.transaction('read', (tx) => tx.query('select kind, length(hash) as length from definition_head'));
      const kept = new Set(rows.map((row) => row.kind));
      expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
      expect(rows.every((row) => row.length === 3_000)).toBe(true);
      // at most the one in flight at each kill is there without our having heard of it, and none is there by half
      expect(rows.length - acknowledged.length).toBeLessThanOrEqual(4);
      expect(await verifyAudit(testContext(db))).toEqual({ entries: rows.length, broken: undefined });
    } finally {
      await db.close();
    }
  });

  test.each(['samepage.json', 'database/base'])('in the first start, once %s is there: the next start begins anew', async (sign) => {
    const child = start('open');
    const there = () =>
      stat(join(folder, sign)).then(
        () => true,
        () => false,
      );
    while (!(await there())) await new Promise((resolve) => setTimeout(resolve, 2));
    await child.kill();
    expect(await start('open').line()).toBe('open');
  });

  test('a folder left half made is made anew, whatever is in it', async () => {
    const claimed = await claimFolder(folder);
    await writeFile(join(claimed.databaseDir, 'PG_VERSION'), 'half');
    await claimed.release();
    const again = await claimFolder(folder);
    expect(await readdir(again.databaseDir)).toEqual([]);
    await again.release();
  });
});
