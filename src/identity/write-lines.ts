import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { finished } from 'node:stream/promises';
import { SamepageError, shown } from '../kernel/errors.ts';

const PIECE = 1 << 18;

/**
 * Writes a file of lines. It is there whole or not at all: what is being written has another name.
 * @throws SamepageError `file_rejected` when it cannot be written
 */
export async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  const part = `${path}.part`;
  try {
    const stream = createWriteStream(part);
    const done = finished(stream);
    // awaited below; until then a failure must not end the process
    done.catch(() => {});
    let text = '';
    for (const line of lines) {
      text += `${line}\n`;
      if (text.length < PIECE) continue;
      if (!stream.write(text)) await Promise.race([once(stream, 'drain'), done]);
      text = '';
    }
    stream.end(text);
    await done;
    await rename(part, path);
  } catch (cause) {
    await rm(part, { force: true }).catch(() => {});
    throw new SamepageError(
      'file_rejected',
      `"${shown(basename(path))}" cannot be written.`,
      'Check that its folder exists, that this user may write there, and that the disk has room.',
      { cause },
    );
  }
}
