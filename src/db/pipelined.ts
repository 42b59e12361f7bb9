import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Runs statements that do not wait for each other: while the database works on one, the next is put together and sent. They take
 * effect in their order. Within one transaction alone: the first failure fails all.
 */
export async function pipelined<T>(jobs: readonly (() => Promise<T>)[]): Promise<T[]> {
  const started: Promise<T>[] = [];
  for (const job of jobs) {
    const running = job();
    // it is awaited below; until then its failure is nobody's
    running.catch(() => {});
    started.push(running);
    await nextTurn();
  }
  return Promise.all(started);
}
