import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { pidInName, shownNames, withAddress } from '../../src/db/folder-address.ts';
import { ask } from '../../src/db/folder-owner.ts';

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
  const { readFile } = await import('node:fs/promises');
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (status !== undefined) return !/\) [ZX] /.test(status);
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux';
  } catch {
    return false;
  }
}

/** Resolves when nobody holds the folder and no socket is left in it. */
export async function whenLeft(folder: string): Promise<void> {
  for (;;) {
    const names = await readdir(folder);
    if (!names.some((name) => name.endsWith('.sock'))) return;
    const shown = await shownNames(folder);
    if (
      shown.length > 0 &&
      (await ownersOf(folder)).length === 0 &&
      !(await Promise.all(shown.map((name) => isRunning(pidInName(name))))).includes(true)
    )
      return;
    await sleep(20);
  }
}
