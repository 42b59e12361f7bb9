import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../src/db/make-folder.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samepage-make-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('making a folder', () => {
  it('makes those above it, for this user alone, and leaves one that is there', async () => {
    const deep = join(folder, 'a', 'b', 'c');
    await makeFolder(deep, 0o700);
    await makeFolder(deep, 0o700);
    for (const made of [deep, join(folder, 'a', 'b')]) expect((await stat(made)).mode & 0o777).toBe(0o700);
  });

  it('says when it lies below a file', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(makeFolder(join(folder, 'file', 'x', 'y'), 0o700)).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it.runIf(existsSync('/proc/self'))('says when a file system makes none', async () => {
    await expect(makeFolder('/proc/nowhere/deep/down', 0o700)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
