import { MessageChannel, Worker } from 'node:worker_threads';
import { threadFile } from './program.ts';

/** The thread in which an embedded database runs. */
export interface DatabaseThread {
  worker: Worker;
  /** False when it has ended. */
  readonly isAlive: boolean;
  /** Lets it open the folder, which is this process's now. */
  open(): void;
}

/**
 * Starts a thread that loads what the embedded database is made of, which takes longer than anything else in the start of a process,
 * and opens the folder when it is told to. Nothing in the folder is touched before.
 */
export function startThread(databaseDir: string, nodeArgs: readonly string[] = []): DatabaseThread {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(threadFile('./pglite-worker', import.meta.url), {
    workerData: { databaseDir, mayOpen: port2 },
    transferList: [port2],
    execArgv: [...nodeArgs],
    // what PGlite prints is not for anybody's terminal
    stdout: true,
    stderr: true,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  let isAlive = true;
  worker.once('exit', () => {
    isAlive = false;
  });
  // who uses it hears of it; until then nobody does
  worker.on('error', () => {});
  return {
    worker,
    get isAlive() {
      return isAlive;
    },
    open() {
      port1.postMessage(true);
      port1.close();
    },
  };
}
