import { createWriteStream } from 'node:fs';
import { open, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { SamepageError, shown } from '../kernel/errors.ts';

/** Rows have much that repeats: the fast levels keep nearly all of the gain. */
const LEVEL = 3;

/**
 * Writes text to a file that appears under its name only when it is whole and on the disk, compressed and readable by this
 * user alone (0600).
 * @returns its size in bytes.
 * @throws SamepageError `conflict` when there is a file of that name; `file_rejected` when it cannot be written.
 */
export async function writeWhole(path: string, text: AsyncIterable<string>): Promise<number> {
  const name = shown(basename(path));
  if ((await stat(path).catch(() => undefined)) !== undefined) {
    throw new SamepageError('conflict', `There is a file "${name}" already.`, 'Name another file, or move that one away.');
  }
  const partial = `${resolve(path)}.partial-${process.pid}`;
  try {
    await pipeline(Readable.from(text), createGzip({ level: LEVEL }), createWriteStream(partial, { flags: 'wx', mode: 0o600 }));
    const { size } = await stat(partial);
    await syncFile(partial, 'r+');
    await rename(partial, path);
    if (process.platform !== 'win32') await syncFile(dirname(resolve(path)), 'r');
    return size;
  } catch (error) {
    await unlink(partial).catch(() => {});
    throw unwritable(name, error);
  }
}

/** Puts a file, or a folder's names, on the disk. */
async function syncFile(path: string, flags: 'r' | 'r+'): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its path leads through a file',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  ENAMETOOLONG: 'its name is too long',
};

/** The system's refusals, in words. The rest is a defect and passes on. */
function unwritable(name: string, error: unknown): unknown {
  if (error instanceof SamepageError || !(error instanceof Error) || !('code' in error)) return error;
  const reason = REASONS[String(error.code)];
  if (reason === undefined) return error;
  return new SamepageError(
    'file_rejected',
    `"${name}" cannot be written: ${reason}.`,
    'Name a file in a folder with room that this user may write.',
    {
      cause: error,
    },
  );
}
