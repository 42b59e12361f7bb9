import type { Database } from '../kernel/database.ts';
import { pause } from '../kernel/pause.ts';

const going = new WeakMap<Database, Set<Promise<void>>>();

/** Notes work that goes on after the call that began it was answered. How it ends is its own affair. */
export function goesOn(db: Database, work: Promise<unknown>): void {
  const all = going.get(db) ?? new Set<Promise<void>>();
  going.set(db, all);
  const ended: Promise<void> = work
    .then(() => {})
    .catch(() => {})
    .finally(() => all.delete(ended));
  all.add(ended);
}

/**
 * Waits until nothing goes on any more: the answers that were on their way are written down. A database is closed after that.
 * @param withinMs how long at most; left out, as long as it takes
 */
export async function lateWork(db: Database, withinMs?: number): Promise<void> {
  const isOver = new AbortController();
  const patience = withinMs === undefined ? [] : [pause(withinMs, isOver.signal)];
  await Promise.race([allEnded(db), ...patience]);
  isOver.abort();
}

async function allEnded(db: Database): Promise<void> {
  for (let all = going.get(db); all !== undefined && all.size > 0; ) await Promise.all(all);
}
