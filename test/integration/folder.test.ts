import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimFolder, EMBEDDED_POSTGRES, refuseForeign, unopenable } from '../../src/db/folder.ts';
import { withAddress } from '../../src/db/folder-address.ts';
import { helloOf } from '../../src/db/owner-protocol.ts';
import { openPglite } from '../../src/db/pglite.ts';
import { reachOwner } from '../../src/db/reach-owner.ts';
import { makePlace, placeFolder, removePlace } from '../support/places.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await makePlace('folder'), 'data');
});
afterEach(async () => {
  await chmod(join(folder, '..'), 0o700);
  await removePlace(join(folder, '..'));
});

const withDatabase = () => placeFolder(folder);

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

  test('that another process takes between two looks at it is not foreign; one where somebody else puts files is', async () => {
    await mkdir(folder, { mode: 0o700 });
    const taken = async () => {
      await madeFolder();
      return readdir(folder);
    };
    await expect(refuseForeign(folder, taken)).resolves.toBeUndefined();
    await rm(folder, { recursive: true });
    await mkdir(folder, { mode: 0o700 });
    const filled = async () => {
      await writeFile(join(folder, 'thesis.doc'), '');
      return readdir(folder);
    };
    await expect(refuseForeign(folder, filled)).rejects.toMatchObject({ message: expect.stringMatching(/did not make/) });
  });

  test('whose database does not open for want of room is told as that', () => {
    expect(unopenable(folder, undefined, 1_000)).toMatchObject({ message: expect.stringMatching(/is on a full disk\.$/) });
    expect(unopenable(folder, undefined, 1_000_000_000)).toMatchObject({ next: expect.stringContaining('samepage-mcp restore FILE') });
  });

  test('of a path that is too long for the system is refused as that', async () => {
    const long = join(folder, 'x'.repeat(300));
    for (const attempt of [claimFolder(long), reachOwner(long, helloOf('who'))]) {
      await expect(attempt).rejects.toMatchObject({ code: 'folder_rejected', message: expect.stringMatching(/path that is too long/) });
    }
  });

  test('of a path that is too long for a socket has a short link, wherever there is room for one', async () => {
    const long = join(folder, 'long-name-'.repeat(12));
    await mkdir(long, { recursive: true });
    const tooLong = join(folder, '..', 't'.repeat(90));
    await mkdir(tooLong);
    const roots = [join(folder, 'missing'), tooLong, join(folder, '..')];
    const seen = await withAddress(long, 'a', async (address) => readdir(join(address, '..')), roots);
    expect(seen).toEqual([]);
    expect(await readdir(tooLong)).toEqual([]);
    await expect(withAddress(long, 'a', async () => {}, roots.slice(0, 2))).rejects.toMatchObject({
      code: 'folder_rejected',
      next: expect.stringContaining('TMPDIR'),
    });
  });

  test('whose owner takes connections and says nothing is told with the process to end', async () => {
    await mkdir(folder);
    const server = createServer((socket) => void socket.resume());
    await new Promise<void>((resolve) => server.listen(join(folder, 'owner-4242-00000000.sock'), resolve));
    await expect(reachOwner(folder, helloOf('who'), 50)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(', 4242, does not answer'),
      next: expect.stringContaining('4242`'),
    });
    await new Promise((resolve) => server.close(resolve));
  });

  test('with a socket of somebody else that answers nonsense is left to them', async () => {
    await mkdir(folder);
    const server = createServer((socket) => socket.resume().end('?'));
    await new Promise<void>((resolve) => server.listen(join(folder, 'owner-4242-00000000.sock'), resolve));
    await expect(claimFolder(folder)).rejects.toMatchObject({ code: 'folder_in_use', message: expect.stringContaining('process 4242') });
    await new Promise((resolve) => server.close(resolve));
  });
});
