import { type Config, providerSettings, webhookNetworks } from './config.ts';
import type { Actor, Context, Person, Progress } from './kernel/context.ts';
import type { Database } from './kernel/database.ts';

/** One call's part of its context. */
export interface Call {
  actor: Actor;
  progress: Progress;
  signal: AbortSignal;
  cwd?: string;
  person?: Person;
}

/** An open database and the workspace in it; hands out a context a call. */
export interface Workspace {
  context(call: Call): Context;
  /** Waits a little for answers that are on their way, and closes the database. */
  close(): Promise<void>;
}

/** A request that was paid for is worth a moment; what comes later still is lost, and its call unknown. */
const LATE_MS = 2_000;

/** Waits that moment for answers that are on their way, before a database is closed. */
export async function awaitLate(db: Database): Promise<void> {
  const { lateWork } = await import('./enrichment/late-work.ts');
  await lateWork(db, LATE_MS);
}

/**
 * Opens the database, applies its migrations, and makes sure of the workspace and its definitions. Loads what it needs only now.
 * An embedded folder is this process's alone until the workspace is closed.
 * `now` is its clock: the machine's, unless a demonstration has its own.
 */
export async function openWorkspace(config: Config, now: () => Date = () => new Date()): Promise<Workspace> {
  const { openDatabase } = await import('./db/client.ts');
  return workspaceOn(await openDatabase(config), config.workspaceId, now);
}

/** The same through the process that owns the embedded folder, which is started if there is none: others use it too. */
export async function joinWorkspace(config: Config): Promise<Workspace> {
  const { openWhole } = await import('./db/open-shared.ts');
  return workspaceOn(await openWhole(config), config.workspaceId, () => new Date());
}

/** Hand-offs go with the people. */
export const peopleRegrouped: Context['peopleRegrouped'] = async (tx, ctx, change) =>
  (await import('./handoff/settle-people.ts')).settlePeople(tx, ctx, change);

/** A workspace on an open database, which it closes when it is closed or cannot be made. */
export async function workspaceOn(db: Database, workspaceId: string, now: () => Date): Promise<Workspace> {
  const { ensureWorkspace } = await import('./definitions/ensure-workspace.ts');
  const settings = { providers: providerSettings(), webhookNetworks: webhookNetworks() };
  const workspace: Workspace = {
    context: (call) => ({ workspaceId, db, now, ...settings, peopleRegrouped, ...call }),
    async close() {
      await awaitLate(db);
      await db.close();
    },
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
