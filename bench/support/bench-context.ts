import { type Context, NO_PROGRESS } from '../../src/kernel/context.ts';
import type { Database } from '../../src/kernel/database.ts';
import { peopleRegrouped } from '../../src/open-workspace.ts';

/** A context that reads and writes, on the machine's clock. */
export function benchContext(db: Database, workspaceId: string): Context {
  return {
    workspaceId,
    actor: { id: 'bench', scopes: new Set(['read', 'write'] as const) },
    db,
    now: () => new Date(),
    progress: NO_PROGRESS,
    signal: new AbortController().signal,
    peopleRegrouped,
  };
}
