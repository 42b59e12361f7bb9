import type { Context } from '../kernel/context.ts';

/** Hundredths that a whole run is told in. */
const WHOLE = 100;

/** A context whose progress is a part of a longer run: from so many hundredths of it to so many. */
export function phase(ctx: Context, from: number, to: number): Context {
  return {
    ...ctx,
    progress: {
      report(done, total, message) {
        const share = total === undefined || total === 0 ? 0 : Math.min(1, done / total);
        ctx.progress.report(Math.round(from + (to - from) * share), WHOLE, message);
      },
    },
  };
}
