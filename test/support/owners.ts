import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../src/db/client.ts';
import { shownNames, withAddress } from '../../src/db/folder-address.ts';
import { ask } from '../../src/db/folder-owner.ts';
import type { Database } from '../../src/kernel/database.ts';
import { processesOn } from './places.ts';

/** The processes that answer at a folder's sockets and say that they hold it. */
export async function ownersOf(folder: string): Promise<number[]> {
  const owners: number[] = [];
  for (const name of await shownNames(folder)) {
    const answer = await withAddress(folder, name, ask);
    if (typeof answer === 'object' && answer.state === 'holding') owners.push(answer.pid);
  }
  return owners;
}

/** The process that holds the folder, once one does. */
export async function ownerOf(folder: string): Promise<number> {
  for (;;) {
    const [owner] = await ownersOf(folder);
    if (owner !== undefined) return owner;
    await sleep(10);
  }
}

/** Whether a process runs. One that has ended and was not waited for does not. */
export async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (status !== undefined) return !/\) [ZX] /.test(status);
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux';
  } catch {
    return false;
  }
}

/** Resolves when nobody holds the folder or is about to, whatever the killed have left in it. */
export async function whenLeft(folder: string): Promise<void> {
  for (;;) {
    const names = (await Promise.all((['owner', 'start'] as const).map((role) => shownNames(folder, role)))).flat();
    const answers = await Promise.all(names.map((name) => withAddress(folder, name, ask)));
    if (answers.every((answer) => answer === 'dead') && (await processesOn(folder)).length === 0) return;
    await sleep(20);
  }
}

/** Opens the database of a folder, once nobody holds it, for as long as something is done with it. */
export async function onceLeft<T>(folder: string, run: (db: Database) => Promise<T>): Promise<T> {
  await whenLeft(folder);
  const db = await openDatabase({ dataDir: folder });
  try {
    return await run(db);
  } finally {
    await db.close();
  }
}
