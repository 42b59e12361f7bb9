import { mkdtemp, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../kernel/canonical-json.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { ELSEWHERE } from './folder-in-use.ts';

/**
 * The names and addresses under which the processes of a folder are reached. Nothing heavy is loaded here: each client's
 * proxy uses it.
 */
const SHOWN = /^(owner|start)-(\d+)-[0-9a-f]{8}\.sock$/;
/** What a folder of ours says of itself is in here. */
export const MARKER = 'samepage.json';
export const DATABASE = 'database';
export const HIDDEN = /^claim-(\d+)-[0-9a-f]{8}\.sock$/;

/** `owner`: has the folder, or wants it. `start`: is starting a process that is to have it, or wants to. */
export type Role = 'owner' | 'start';
/** Bytes that the shortest of the platforms takes in a socket's address (macOS: 104 with the final zero). */
const ADDRESS_BYTES = 103;

/**
 * Runs with an address for `name` in the folder that fits a socket: a folder of a long path gets a short link to it.
 * @param roots where the link may be: the first whose own path is short enough, and that this user may write
 */
export async function withAddress<T>(
  folder: string,
  name: string,
  run: (address: string) => Promise<T>,
  roots: readonly string[] = [tmpdir(), '/tmp'],
): Promise<T> {
  const direct = join(folder, name);
  if (Buffer.byteLength(direct) <= ADDRESS_BYTES) return run(direct);
  for (const root of new Set(roots)) {
    if (Buffer.byteLength(join(root, 'sp-xxxxxx', 'f', name)) > ADDRESS_BYTES) continue;
    const short = await mkdtemp(join(root, 'sp-')).catch(() => undefined);
    if (short === undefined) continue;
    try {
      await symlink(folder, join(short, 'f'));
      return await run(join(short, 'f', name));
    } finally {
      await rm(short, { recursive: true, force: true });
    }
  }
  throw new SamepageError(
    'folder_rejected',
    `The path of the data folder ${shown(folder)} is too long for a socket, and no temporary folder takes a short link to it.`,
    `Set TMPDIR to a folder of a short path that this user may write, or ${ELSEWHERE}.`,
  );
}

/** The named pipe of a folder on Windows: it belongs to one process and goes with it. */
export async function pipeAddress(folder: string): Promise<string> {
  return `\\\\.\\pipe\\samepage-${sha256((await realpath(folder)).toLowerCase())}`;
}

/** Where the files of the database in a folder are. */
export function databaseIn(folder: string): string {
  return join(folder, DATABASE);
}

/** The names in the folder that processes show, or may have shown before they died; none when the folder is not there. */
export async function shownNames(folder: string, role: Role = 'owner'): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ENAMETOOLONG') return [];
    if (error.code === 'EACCES' || error.code === 'EPERM') throw unreadable(folder, error);
    throw error;
  });
  return names.filter((name) => SHOWN.exec(name)?.[1] === role);
}

function unreadable(folder: string, cause: Error): SamepageError {
  const message = `The data folder ${shown(folder)} may not be read by this user.`;
  return new SamepageError('folder_rejected', message, `Give this user the folder, or ${ELSEWHERE}.`, { cause });
}

/** The number of the process in a shown name. */
export function pidInName(name: string): number {
  return Number(SHOWN.exec(name)?.[2] ?? 0);
}
