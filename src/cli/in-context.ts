import type { Context } from '../kernel/context.ts';
import type { CliDeps } from './deps.ts';

/** Runs on the workspace that the environment names, and closes it, also after an error. */
export async function inContext<T>(deps: CliDeps, write: boolean, run: (ctx: Context) => Promise<T>): Promise<T> {
  const { ctx, close } = await deps.openContext({ write });
  try {
    return await run(ctx);
  } finally {
    await close();
  }
}
