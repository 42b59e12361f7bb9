import type { Context } from '../kernel/context.ts';

interface Parts<T> {
  all: readonly T[];
  /** So few in a statement that nobody waits long for the embedded database. */
  size: number;
  /** So many on a server, where others are served meanwhile and planning a statement is to cost little beside it; left out, as many. */
  serverSize?: number;
  /** What they are, as progress tells it. */
  what: string;
}

/** Reads many things a part at a time, as many parts at once as the database can usefully run. `start` is the first one's place among all. */
export async function inParts<T>(
  ctx: Context,
  { all, size: embedded, serverSize = embedded, what }: Parts<T>,
  run: (part: readonly T[], start: number) => Promise<void>,
): Promise<void> {
  const size = ctx.db.dialect === 'pglite' ? embedded : serverSize;
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < all.length) {
      ctx.signal.throwIfAborted();
      const start = next;
      next += size;
      const part = all.slice(start, next);
      await run(part, start);
      done += part.length;
      ctx.progress.report(done, all.length, what);
    }
  };
  await Promise.all(Array.from({ length: ctx.db.parallel }, work));
}
