import { statfsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SamepageError, shown } from '../kernel/errors.ts';
import { DATABASE, databaseIn, MARKER } from './folder-address.ts';
import { ELSEWHERE, folderInUse } from './folder-in-use.ts';
import { type Marker, readMarker, writeMarker } from './folder-marker.ts';
import { type Ownership, ownFolder } from './folder-owner.ts';
import { makeFolder } from './make-folder.ts';
import { syncTree } from './sync-tree.ts';

/** The layout of the folder: `samepage.json`, `database/`, the owner's socket and its log. */
const FORMAT = 1;
/** The major version of PostgreSQL inside PGlite; a test holds it against the real one. */
export const EMBEDDED_POSTGRES = 18;
export const OWNER_LOG = 'owner.log';
const OURS = new RegExp(
  `^(${MARKER.replace('.', '\\.')}(\\.new)?|(owner|start|claim)-\\d+-[0-9a-f]+\\.sock|${OWNER_LOG.replace('.', '\\.')}(\\.1)?)$`,
);

export interface ClaimedFolder {
  /** Where the database's own files go. */
  databaseDir: string;
  /** True in the first start, which makes the database. */
  isNew: boolean;
  /** Says that the database is whole. Until then a start begins it anew. */
  markReady(): Promise<void>;
  /** Lets the next process have the folder. */
  release(): Promise<void>;
  ownership: Ownership;
}

function rejected(folder: string, problem: string, next: string, cause?: unknown): SamepageError {
  return new SamepageError('folder_rejected', `The data folder ${shown(folder)} ${problem}.`, next, { cause });
}

/** The system's refusals, in words. The rest is a defect and passes on. */
function unusable(folder: string, error: unknown): unknown {
  if (error instanceof SamepageError || !(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return rejected(folder, 'is not a folder, or lies below a file', `Move that file away, or ${ELSEWHERE}.`, error);
    case 'EACCES':
    case 'EPERM':
      return rejected(folder, 'may not be written by this user', `Give this user the folder, or ${ELSEWHERE}.`, error);
    case 'EROFS':
      return rejected(folder, 'is on a read-only disk', `Make the disk writable, or ${ELSEWHERE}.`, error);
    case 'ENOSPC':
    case 'EDQUOT':
      return fullDisk(folder, error);
    case 'ENOTSUP':
    case 'EOPNOTSUPP':
    case 'EINVAL':
      return rejected(folder, 'is on a file system without local sockets, which guard it', `Use a local disk: ${ELSEWHERE}.`, error);
    case 'ENAMETOOLONG':
      return rejected(folder, 'has a path that is too long', `Shorten it: ${ELSEWHERE}.`, error);
    case 'ENOENT':
      return rejected(folder, 'cannot be created', `Check that its disk is there, or ${ELSEWHERE}.`, error);
    default:
      return error;
  }
}

/** Less than two files of its log, and PostgreSQL does not start. */
const LEAST_ROOM = 32 * 1024 * 1024;

/** The database's own refusal to start, whose words are not for a user. @param room bytes that this user can still write there */
export function unopenable(dataDir: string, cause: unknown, room = roomAt(dataDir)): SamepageError {
  const folder = resolve(dataDir);
  if (room < LEAST_ROOM) return fullDisk(folder, cause);
  const next = `Restore the latest backup (\`samepage-mcp restore FILE\`) into a new folder: ${ELSEWHERE}; without one, import again there.`;
  return rejected(folder, 'holds a database that cannot be opened', next, cause);
}

const fullDisk = (folder: string, cause: unknown) => rejected(folder, 'is on a full disk', `Make room, or ${ELSEWHERE}.`, cause);

function roomAt(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Refuses what a version of ours did not make; never writes. @param list what gives the names in the folder */
export async function refuseForeign(folder: string, list: (folder: string) => Promise<string[]> = readdir): Promise<void> {
  let marker = await marked(folder);
  if (marker === undefined && !(await list(folder)).every((name) => OURS.test(name))) {
    // whoever won the folder meanwhile marked it before anything else of theirs was there
    marker = await marked(folder);
    if (marker === undefined)
      throw rejected(folder, 'holds files that samepage-mcp did not make', `Name an empty or new folder: ${ELSEWHERE}.`);
  }
  if (marker !== undefined) refuseOtherVersion(folder, marker);
}

async function marked(folder: string): Promise<Marker | undefined> {
  const marker = await readMarker(folder);
  if (marker !== 'unreadable') return marker;
  throw rejected(folder, `holds a ${MARKER} that cannot be read`, `Restore the folder from a copy, or ${ELSEWHERE}.`);
}

function refuseOtherVersion(folder: string, marker: Marker): void {
  if (marker.format > FORMAT || marker.postgres > EMBEDDED_POSTGRES) {
    const next = `Update samepage-mcp (\`npm install -g samepage-mcp@latest\`), or ${ELSEWHERE}.`;
    throw rejected(folder, 'was made by a newer version of samepage-mcp', next);
  }
  if (marker.postgres < EMBEDDED_POSTGRES) throw older(folder, marker.postgres);
}

function older(folder: string, version: number): SamepageError {
  return rejected(
    folder,
    `holds a database of PostgreSQL ${version}; this samepage-mcp has ${EMBEDDED_POSTGRES}`,
    `Start it with the version of samepage-mcp that made it, or ${ELSEWHERE} and import again.`,
  );
}

/** The database as it says itself, which a copied or restored folder may contradict its marker in. */
async function refuseOtherDatabase(folder: string): Promise<void> {
  const text = await readFile(join(databaseIn(folder), 'PG_VERSION'), 'utf8').catch(() => '');
  const version = Number(text.trim() || Number.NaN);
  if (!Number.isInteger(version)) {
    throw rejected(folder, 'has lost its database, or part of it', `Restore the folder from a copy, or ${ELSEWHERE} and import again.`);
  }
  refuseOtherVersion(folder, { product: 'samepage', format: FORMAT, state: 'ready', postgres: version });
}

/** Under ownership: makes the database's folder ready to open, anew when the first start did not finish. */
async function prepare(folder: string): Promise<Marker> {
  const marker = await readMarker(folder);
  if (marker !== undefined && marker !== 'unreadable' && marker.state === 'ready') {
    await refuseOtherDatabase(folder);
    return marker;
  }
  const fresh: Marker = { product: 'samepage', format: FORMAT, state: 'creating', postgres: EMBEDDED_POSTGRES };
  await writeMarker(folder, fresh);
  await rm(databaseIn(folder), { recursive: true, force: true });
  // the thread that was started early may have made it
  await mkdir(databaseIn(folder), { recursive: true, mode: 0o700 });
  return fresh;
}

/**
 * Makes the embedded database's folder ours: created when absent (0700), of this version, and no other process's.
 * With `shares` this process serves others at its socket, once it receives them; else they are told that it has the folder.
 * @throws SamepageError `folder_in_use` naming the process that has it; `folder_rejected` for a foreign, older, newer,
 * damaged or unwritable one. A refused folder is left as it was.
 */
export async function claimFolder(dataDir: string, { shares = false } = {}): Promise<ClaimedFolder> {
  const folder = resolve(dataDir);
  try {
    await makeFolder(folder, 0o700);
    if (!(await stat(folder)).isDirectory()) throw rejected(folder, 'is not a folder', `Move that file away, or ${ELSEWHERE}.`);
    await refuseForeign(folder);
    await chmod(folder, 0o700);
    const ownership = await ownFolder(folder, shares);
    if ('holder' in ownership) throw folderInUse(folder, ownership.holder);
    try {
      // it may have changed hands, and versions, since
      await refuseForeign(folder);
      const marker = await prepare(folder);
      return {
        databaseDir: databaseIn(folder),
        isNew: marker.state !== 'ready',
        release: ownership.release,
        ownership,
        async markReady() {
          if (marker.state === 'ready') return;
          // its first files were written without
          await syncTree(databaseIn(folder));
          await writeMarker(folder, { ...marker, state: 'ready' });
        },
      };
    } catch (error) {
      await ownership.release();
      throw error;
    }
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** Whether a name in a folder is one that we give there. */
export function isOurs(name: string): boolean {
  return name === DATABASE || OURS.test(name);
}
