import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
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
    if ((await stat(path).catch(() => undefined))?.isDirectory() === true)
      throw new SamepageError('invalid_input', `"${shown(path)}", which is to be written, is a folder.`, 'Name a file.');
    await pipeline(Readable.from(pieces(lines)), createWriteStream(partial, { mode: 0o600 }));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    if (error instanceof SamepageError || !(error instanceof Error) || !('code' in error) || !('path' in error)) throw error;
    throw new SamepageError(
      'file_rejected',
      `"${shown(basename(path))}" cannot be written.`,
      'Check that its folder exists, that this user may write there, and that the disk has room.',
      { cause: error },
    );
  }
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
