import type { Config } from '../config.ts';
import type { Context } from '../kernel/context.ts';
import type { CliDeps } from './deps.ts';

export interface OpenDatabase {
  ctx: Context;
  config: Config;
  close(): Promise<void>;
}

/**
 * Opens the database that the environment names for work on the whole of it: its migrations are applied, and no workspace
 * is made in it. An embedded folder is reached through the process that owns it. Close it when done, also after an error.
 */
export async function openConfigured(deps: CliDeps, { write }: { write: boolean }): Promise<OpenDatabase> {
  const [{ parseConfig }, { openWhole }, { createProgress }, { peopleRegrouped }] = await Promise.all([
    import('../config.ts'),
    import('../db/open-shared.ts'),
    import('./progress.ts'),
    import('../open-workspace.ts'),
  ]);
  const { signal } = deps;
  const config = parseConfig();
  const db = await openWhole(config);
  const progress = await createProgress(process.stderr, deps.err);
  const scopes = new Set(write ? (['read', 'write'] as const) : (['read'] as const));
  return {
    config,
    ctx: { workspaceId: config.workspaceId, actor: { id: 'cli', scopes }, db, now: () => new Date(), progress, signal, peopleRegrouped },
    async close() {
      progress.stop();
      await db.close();
    },
  };
}
