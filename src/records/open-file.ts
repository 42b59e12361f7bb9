import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { SamepageError, shown } from '../kernel/errors.ts';

/** Where rows come from. It is read more than once, so it must stay as it is. */
export interface DataFile {
  name: string;
  /** With its point, in lower case. */
  ext: string;
  size: number;
  bytes(): AsyncIterable<Uint8Array>;
}

export const DATA_EXTENSIONS = ['.csv', '.tsv', '.txt', '.jsonl', '.ndjson'] as const;
/** Small enough that the database is not kept waiting while a piece is read. */
const PIECE = 64 * 1024;

/**
 * A regular file on this machine.
 * @param named `as_data`, when left out: only one whose name ends as those of data do, so that a caller who is no person reads no other file;
 * `in_any_way`: a person named it
 * @throws SamepageError `file_rejected` when there is none, or it is something else.
 */
export async function openFile(path: string, named: 'as_data' | 'in_any_way' = 'as_data'): Promise<DataFile> {
  const name = basename(path);
  const ext = extname(name).toLowerCase();
  if (path.includes('\u0000')) throw notThere(name);
  const found = await stat(path).catch((cause: unknown) => {
    throw notThere(name, cause);
  });
  if (!found.isFile())
    throw new SamepageError('file_rejected', `"${shown(name)}" is not a regular file.`, 'Give the path of a CSV or JSONL file.');
  if (named === 'as_data' && !DATA_EXTENSIONS.some((known) => known === ext) && ext !== '.json') {
    throw new SamepageError(
      'file_rejected',
      `"${shown(name)}" is not named as a data file; those end in ${DATA_EXTENSIONS.join(', ')}.`,
      'Export the data as CSV or JSONL, or rename the file if it is one.',
    );
  }
  return { name, ext, size: found.size, bytes: () => pieces(path, name) };
}

/** Text given with the call, read as a file would be. */
export function openContent(content: string): DataFile {
  const bytes = Buffer.from(content, 'utf8');
  return {
    name: 'content',
    ext: '',
    size: bytes.length,
    async *bytes() {
      for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
    },
  };
}

async function* pieces(path: string, name: string): AsyncIterable<Uint8Array> {
  try {
    for await (const piece of createReadStream(path, { highWaterMark: PIECE })) yield piece as Uint8Array;
  } catch (cause) {
    throw new SamepageError('file_rejected', `"${shown(name)}" cannot be read.`, 'Check that this user may read it, then call again.', {
      cause,
    });
  }
}

function notThere(name: string, cause?: unknown): SamepageError {
  return new SamepageError(
    'file_rejected',
    `There is no file "${shown(name)}" that can be read.`,
    'Check the path; give it in full, from the root.',
    { cause },
  );
}
