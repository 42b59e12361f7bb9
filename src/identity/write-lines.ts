import { createWriteStream } from 'node:fs';
import { access, constants, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SamepageError, shown } from '../kernel/errors.ts';

const PIECE = 1 << 18;

/**
 * Writes a file of lines. It is there whole or not at all: what is being written has another name.
 * @throws SamepageError `invalid_input` for a folder, `file_rejected` when it cannot be written; what the lines throw passes on
 */
export async function writeLines(path: string, lines: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const partial = `${resolve(path)}.partial-${process.pid}`;
  try {
    await refuseFolder(path);
    await pipeline(Readable.from(pieces(lines)), createWriteStream(partial, { mode: 0o600 }));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    if (error instanceof SamepageError || !(error instanceof Error) || !('code' in error) || !('path' in error)) throw error;
    throw unwritable(path, error);
  }
}

/**
 * Refuses files that cannot be written, before the work of which they are to tell is done.
 * @throws SamepageError as `writeLines` does
 */
export async function refuseUnwritable(paths: readonly (string | undefined)[]): Promise<void> {
  for (const path of paths) {
    if (path === undefined) continue;
    await refuseFolder(path);
    // with the dot, what is no folder is none
    await access(`${dirname(resolve(path))}/.`, constants.W_OK).catch((error: unknown) => {
      throw unwritable(path, error);
    });
  }
}

async function refuseFolder(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined))?.isDirectory() === true)
    throw new SamepageError('invalid_input', `"${shown(path)}", which is to be written, is a folder.`, 'Name a file.');
}

function unwritable(path: string, cause: unknown): SamepageError {
  return new SamepageError(
    'file_rejected',
    `"${shown(basename(path))}" cannot be written.`,
    'Check that its folder exists, that this user may write there, and that the disk has room.',
    { cause },
  );
}

async function* pieces(lines: Iterable<string> | AsyncIterable<string>): AsyncIterable<string> {
  let text = '';
  // to wait for each line of an array or generator would take longer than to write it
  for await (const some of Symbol.iterator in lines ? grouped(lines) : lines) {
    text += `${some}\n`;
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** The same lines, many at a time. */
function* grouped(lines: Iterable<string>): Iterable<string> {
  let group: string[] = [];
  for (const line of lines) {
    group.push(line);
    if (group.length < 4096) continue;
    yield group.join('\n');
    group = [];
  }
  if (group.length > 0) yield group.join('\n');
}
