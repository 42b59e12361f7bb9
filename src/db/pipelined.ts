import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Runs statements that do not wait for each other: while the database works on one, the next is put together and sent. They take
 * effect in their order. Within one transaction alone: the first failure fails all.
 */
export async function pipelined(jobs: readonly (() => Promise<void>)[]): Promise<void> {
  const started: Promise<void>[] = [];
  for (const job of jobs) {
    const running = job();
    // it is awaited below; until then its failure is nobody's
    running.catch(() => {});
    started.push(running);
    await nextTurn();
  }
  await Promise.all(started);
}
