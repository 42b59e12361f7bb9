import { readdir, readFile, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { isOurs } from './folder.ts';
import { databaseIn, pidInName } from './folder-address.ts';
import { type Marker, readMarker } from './folder-marker.ts';
import { surveyFolder } from './folder-owner.ts';
import type { Greeting } from './owner-protocol.ts';

export interface FolderOwner {
  pid: number;
  /** What it says of itself; undefined when it is too busy to answer. */
  greeting: Greeting | undefined;
}

/** What can be seen of an embedded database's folder from outside. */
export interface FolderReport {
  marker: Marker | undefined | 'unreadable';
  /** Major version of PostgreSQL that the database's own files say; undefined when they do not. */
  postgres: number | undefined;
  /** Permission bits; undefined on Windows, where they say nothing. */
  mode: number | undefined;
  /** Names in it that we do not give. */
  foreign: string[];
  /** Bytes of the database's files. */
  bytes: number;
  /** Bytes that this user can still write to its disk. */
  freeBytes: number;
  owners: FolderOwner[];
  /** Names of sockets whose process is gone. */
  leftovers: string[];
}

/** Looks at a folder and changes nothing. Undefined when there is none; the system's error when it cannot be read. */
export async function inspectFolder(folder: string): Promise<FolderReport | undefined> {
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  const { dead, living } = await surveyFolder(folder);
  const disk = await statfs(folder);
  return {
    marker: await readMarker(folder),
    postgres: await versionIn(databaseIn(folder)),
    mode: process.platform === 'win32' ? undefined : found.mode & 0o777,
    foreign: (await readdir(folder)).filter((name) => !isOurs(name)),
    bytes: await sizeOf(databaseIn(folder)),
    freeBytes: disk.bavail * disk.bsize,
    owners: living.map(({ name, holder }) =>
      holder === 'mute' ? { pid: pidInName(name), greeting: undefined } : { pid: holder.pid, greeting: holder },
    ),
    leftovers: dead,
  };
}

async function versionIn(database: string): Promise<number | undefined> {
  const text = await readFile(join(database, 'PG_VERSION'), 'utf8').catch(() => '');
  const version = Number(text.trim() || Number.NaN);
  return Number.isInteger(version) ? version : undefined;
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])) {
    // a file may go while we look
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}
