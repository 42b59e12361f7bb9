import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimFolder } from '../../src/db/folder.ts';
import { pidInName, shownNames, withAddress } from '../../src/db/folder-address.ts';
import { ask } from '../../src/db/folder-owner.ts';
import { ThreadedDatabase } from '../../src/db/threaded-database.ts';
import { databaseOver } from '../../src/db/wire/raw-database.ts';

/** The process that holds a folder, once one does. */
export async function ownerPid(dataDir: string): Promise<number> {
  for (;;) {
    for (const name of await shownNames(dataDir)) {
      const answer = await withAddress(dataDir, name, ask);
      if (typeof answer === 'object' && answer.state === 'holding') return answer.pid;
    }
    await sleep(5);
  }
}

/** Ends the process that holds a folder as an idle one ends itself, and waits until it has let go. */
export async function stopOwner(dataDir: string): Promise<void> {
  for (;;) {
    const [name] = await shownNames(dataDir);
    if (name === undefined) return;
    if ((await withAddress(dataDir, name, ask)) === 'dead') return;
    process.kill(pidInName(name), 'SIGTERM');
    await sleep(50);
  }
}

/** Resident memory in MB, where the system tells it. */
export async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /^VmRSS:\s+(\d+)/m.exec(status)?.[1];
  return kib === undefined ? Number.NaN : Number(kib) / 1024;
}

export const percentile = (values: readonly number[], p: number) =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(values.length * p) - 1)] ?? Number.NaN;

/**
 * Transactions a second that write one row each and are on the disk when they are answered, twelve at once, through the
 * thread that the database runs in, as every call of a client has it. The folder must have no owner.
 */
export async function commitsPerSecond(dataDir: string): Promise<number> {
  const COMMITS = 6_000;
  const TOGETHER = 12;
  const folder = await claimFolder(dataDir);
  const thread = new ThreadedDatabase(folder.databaseDir, { unopenable: () => new Error('the database does not open') });
  const db = databaseOver(thread);
  try {
    await db.transaction('write', (tx) => tx.query('create table bench_commit (id int primary key)'));
    let next = 0;
    const started = performance.now();
    await Promise.all(
      Array.from({ length: TOGETHER }, async () => {
        while (next < COMMITS) {
          next += 1;
          const id = next;
          // prepared, as what records something is
          await db.transaction('write', (tx) => tx.query('insert into bench_commit values ($1)', [id], { prepare: true }));
        }
      }),
    );
    return (COMMITS * 1_000) / (performance.now() - started);
  } finally {
    await thread.close();
    await folder.release();
  }
}
