import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { claimFolder, EMBEDDED_POSTGRES } from '../../src/db/folder.ts';
import { helloOf } from '../../src/db/owner-protocol.ts';
import { openPglite } from '../../src/db/pglite.ts';
import { reachOwner } from '../../src/db/reach-owner.ts';
import { verifyAudit } from '../../src/db/verify-audit.ts';
import { testContext } from '../support/context.ts';

const CHILD = fileURLToPath(new URL('../support/folder-child.ts', import.meta.url));

interface Child {
  pid: number;
  /** The next line it says; undefined when it has ended. */
  line(): Promise<string | undefined>;
  kill(): Promise<void>;
}

let folder: string;
/** A folder with a database in it, made once: the first start takes seconds. */
let template: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'samepage-folder-'));
  await (await openPglite(join(template, 'data'))).close();
});
afterAll(() => rm(template, { recursive: true, force: true }));

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'samepage-folder-')), 'data');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await chmod(join(folder, '..'), 0o700);
  await rm(join(folder, '..'), { recursive: true, force: true });
});

function start(task: 'open' | 'write' | 'busy', dataDir = folder): Child {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, task, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
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

const withDatabase = () => cp(join(template, 'data'), folder, { recursive: true });

/** A folder as a first start leaves it, with nothing in its database. */
async function madeFolder(change: { marker?: object; version?: string | null } = {}): Promise<void> {
  const claimed = await claimFolder(folder);
  if (change.version !== null) await writeFile(join(claimed.databaseDir, 'PG_VERSION'), `${change.version ?? EMBEDDED_POSTGRES}\n`);
  await claimed.markReady();
  await claimed.release();
  if (change.marker === undefined) return;
  const marker = JSON.parse(await readFile(join(folder, 'samepage.json'), 'utf8'));
  await writeFile(join(folder, 'samepage.json'), JSON.stringify({ ...marker, ...change.marker }));
}

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

describe('the folder', () => {
  test('is created with its parents, for this user alone', async () => {
    const claimed = await claimFolder(join(folder, 'a', 'b'));
    expect((await stat(join(folder, 'a', 'b'))).mode & 0o777).toBe(0o700);
    await claimed.release();
  });

  test('that exists and is empty is taken, and closed to others', async () => {
    await mkdir(folder, { mode: 0o755 });
    await (await claimFolder(folder)).release();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  test('has the database of this PGlite, which reaches the disk', async () => {
    await withDatabase();
    expect((await readFile(join(folder, 'database', 'PG_VERSION'), 'utf8')).trim()).toBe(String(EMBEDDED_POSTGRES));
    const db = await openPglite(folder);
    const settings = await db.transaction('read', (tx) =>
      tx.query(`select current_setting('fsync') as f, current_setting('wal_sync_method') as m`),
    );
    await db.close();
    expect(settings).toEqual([{ f: 'on', m: 'fsync' }]);
  });

  const refused: readonly (readonly [what: string, make: () => Promise<unknown>, message: RegExp])[] = [
    [
      'with files of others',
      async () => {
        await mkdir(folder, { mode: 0o755 });
        await writeFile(join(folder, 'thesis.doc'), '');
      },
      /holds files that samepage-mcp did not make/,
    ],
    [
      'of a bare PostgreSQL',
      async () => {
        await mkdir(folder);
        await writeFile(join(folder, 'PG_VERSION'), '18\n');
      },
      /holds files that samepage-mcp did not make/,
    ],
    ['that is a file', () => writeFile(folder, ''), /is not a folder/],
    ['of an older PostgreSQL', () => madeFolder({ version: '16' }), /PostgreSQL 16; this samepage-mcp has 18/],
    ['that says it is of an older PostgreSQL', () => madeFolder({ marker: { postgres: 17 } }), /PostgreSQL 17/],
    ['of a newer PostgreSQL', () => madeFolder({ version: '19' }), /newer version of samepage-mcp/],
    ['of a newer layout', () => madeFolder({ marker: { format: 2, more: true } }), /newer version of samepage-mcp/],
    ['with a damaged marker', () => madeFolder({ marker: { product: 'samepaqe' } }), /samepage\.json that cannot be read/],
    ['that lost its database', () => madeFolder({ version: null }), /has lost its database/],
  ];
  test.each(refused)('%s is refused, and left as it was', async (_what, make, message) => {
    await make();
    const before = await snapshot();
    const error = await claimFolder(folder).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'folder_rejected', message: expect.stringMatching(message) });
    expect(error.next).toContain('SAMEPAGE_DATA_DIR');
    expect(error.message).not.toMatch(/E[A-Z]{4,}|\.sock|database\//);
    expect(await snapshot()).toEqual(before);
  });

  async function snapshot(): Promise<unknown> {
    const { mode } = await stat(folder);
    if (!(await stat(folder)).isDirectory()) return mode;
    const names = await readdir(folder, { recursive: true });
    return {
      mode,
      names: names.filter((name) => !name.endsWith('.sock')).sort(),
      marker: await readFile(join(folder, 'samepage.json'), 'utf8').catch(() => ''),
    };
  }

  test('below a file is refused', async () => {
    await writeFile(folder, '');
    await expect(claimFolder(join(folder, 'x'))).rejects.toMatchObject({
      code: 'folder_rejected',
      message: expect.stringMatching(/lies below a file/),
    });
  });

  test('that may not be written is refused', async () => {
    await chmod(join(folder, '..'), 0o500);
    // root may write everywhere, so for a moment we are nobody
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65_534);
    try {
      await expect(claimFolder(folder)).rejects.toMatchObject({
        code: 'folder_rejected',
        message: expect.stringMatching(/may not be written by this user/),
      });
    } finally {
      if (root) process.seteuid?.(0);
    }
  });

  test('that may not be read is refused to those who look for its owner', async () => {
    await mkdir(folder);
    await chmod(folder, 0o000);
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65_534);
    try {
      await expect(reachOwner(folder, helloOf('who'))).rejects.toMatchObject({
        code: 'folder_rejected',
        message: expect.stringMatching(/may not be read by this user/),
      });
    } finally {
      if (root) process.seteuid?.(0);
      await chmod(folder, 0o700);
    }
  });

  test('whose database was damaged is refused in our words', async () => {
    await withDatabase();
    await rm(join(folder, 'database', 'global', 'pg_control'));
    const error = await openPglite(folder).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'folder_rejected', message: expect.stringMatching(/holds a database that cannot be opened\.$/) });
    // and let go
    await (await claimFolder(folder)).release();
  });

  test('with a socket of somebody else that answers nonsense is left to them', async () => {
    await mkdir(folder);
    const server = createServer((socket) => socket.resume().end('?'));
    await new Promise<void>((resolve) => server.listen(join(folder, 'owner-4242-00000000.sock'), resolve));
    await expect(claimFolder(folder)).rejects.toMatchObject({ code: 'folder_in_use', message: expect.stringContaining('process 4242') });
    await new Promise((resolve) => server.close(resolve));
  });
});
