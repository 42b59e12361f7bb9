import type { Config } from './config.ts';
import type { Actor, Context, Progress } from './kernel/context.ts';

/** One call's part of its context. */
export interface Call {
  actor: Actor;
  progress: Progress;
  signal: AbortSignal;
}

/** An open database and the workspace in it; hands out a context a call. */
export interface Workspace {
  context(call: Call): Context;
  close(): Promise<void>;
}

/**
 * Opens the database, applies its migrations, and makes sure of the workspace and its definitions. Loads what it needs only now.
 * `now` is its clock: the machine's, unless a demonstration has its own.
 */
export async function openWorkspace(config: Config, now: () => Date = () => new Date()): Promise<Workspace> {
  const [{ openDatabase }, { ensureWorkspace }] = await Promise.all([
    import('./db/client.ts'),
    import('./definitions/ensure-workspace.ts'),
  ]);
  const db = await openDatabase(config);
  const workspace: Workspace = {
    context: (call) => ({ workspaceId: config.workspaceId, db, now, ...call }),
    close: () => db.close(),
  };
  try {
    await ensureWorkspace(
      workspace.context({
        // the defaults are ours to write, also where the caller may only read
        actor: { id: 'samepage', scopes: new Set(['read', 'write'] as const) },
        progress: { report() {} },
        signal: new AbortController().signal,
      }),
    );
    return workspace;
  } catch (error) {
    await db.close();
    throw error;
  }
}
