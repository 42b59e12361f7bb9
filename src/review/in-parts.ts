import type { Context } from '../kernel/context.ts';

interface Parts<T> {
  all: readonly T[];
  size: number;
  /** What they are, as progress tells it. */
  what: string;
}

/** Reads many things a part at a time, as many parts at once as the database can usefully run. `start` is the first one's place among all. */
export async function inParts<T>(
  ctx: Context,
  { all, size, what }: Parts<T>,
  run: (part: readonly T[], start: number) => Promise<void>,
): Promise<void> {
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
