import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, inject } from 'vitest';

/** A temporary folder, for folders of databases and what else a test needs. */
export function makePlace(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `samepage-${name}-`));
}

/** Puts an embedded folder with a migrated database there, as an owner leaves it. @returns the folder */
export async function placeFolder(folder: string): Promise<string> {
  await cp(inject('folderTemplate'), folder, { recursive: true });
  return folder;
}

/**
 * The processes whose command line names a folder, or what is in it: an owner's does, also before it shows itself there. None where the
 * system does not tell.
 */
export async function processesOn(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_, i) => lines[i]?.includes(folder));
}

/** Ends what still runs on a place, and removes it. An owner goes on writing to its folder until it has ended. */
export async function removePlace(place: string): Promise<void> {
  for (let pids = await processesOn(place); pids.length > 0; pids = await processesOn(place)) {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it ended meanwhile
      }
    }
    await sleep(20);
  }
  await rm(place, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 });
}

/** Gives a suite a temporary folder, which is removed after its last test. @returns its path, to be asked for when a test runs */
export function usePlace(name: string): () => string {
  let place = '';
  beforeAll(async () => {
    place = await makePlace(name);
  });
  afterAll(() => removePlace(place));
  return () => place;
}
