import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { type Context, NO_PROGRESS } from '../../src/kernel/context.ts';
import type { Database } from '../../src/kernel/database.ts';
import { peopleRegrouped } from '../../src/open-workspace.ts';

export interface TestContext extends Context {
  /** Moves the clock, which otherwise stands still. Returns the new time. */
  advance(milliseconds: number): Date;
  setNow(instant: string): void;
}

/** A context that reads and writes, on a clock that stands at 2026-03-02 09:00 UTC until told otherwise. */
export function testContext(db: Database, overrides: Partial<Context> = {}): TestContext {
  let now = Date.parse('2026-03-02T09:00:00.000Z');
  return {
    workspaceId: 'test',
    actor: { id: 'test', scopes: new Set(['read', 'write'] as const) },
    db,
    now: () => new Date(now),
    progress: NO_PROGRESS,
    signal: new AbortController().signal,
    peopleRegrouped,
    advance(milliseconds) {
      now += milliseconds;
      return new Date(now);
    },
    setNow(instant) {
      now = Date.parse(instant);
    },
    ...overrides,
  };
}

let workspaces = 0;

/** A context of a workspace that nobody else has, with the shipped definitions. */
export async function newWorkspace(db: Database): Promise<TestContext> {
  workspaces += 1;
  const ctx = testContext(db, { workspaceId: `new-${workspaces}` });
  await ensureWorkspace(ctx);
  return ctx;
}
