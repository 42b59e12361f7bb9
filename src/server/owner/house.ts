import type { DatabaseThread } from '../../db/database-thread.ts';
import type { ClaimedFolder } from '../../db/folder.ts';
import { unopenable } from '../../db/folder.ts';
import { migrate } from '../../db/migrate.ts';
import { ThreadedDatabase } from '../../db/threaded-database.ts';
import { databaseOver } from '../../db/wire/raw-database.ts';
import type { Log } from '../../log.ts';
import { awaitLate, type Workspace, workspaceOn } from '../../open-workspace.ts';
import { loadRegistry, type Registry } from '../catalog.ts';
import { type Changes, createChanges } from '../changes.ts';
import { type SharedPromise, sharedPromise } from '../shared-promise.ts';
import { workHere } from '../work-here.ts';

/** What all connections to one owner share. */
export interface House {
  /** The database, migrated. Tried again by the next call when it fails. */
  database(): Promise<ThreadedDatabase>;
  workspace(workspaceId: string): Promise<Workspace>;
  registry(): Promise<Registry>;
  changes(workspaceId: string): Changes;
  /** Has the workspace's jobs done here, from the first call on. */
  work(workspaceId: string): Promise<void>;
  /** Closes the database whole. */
  close(): Promise<void>;
  /** Lets go of the database without another write to the folder. */
  abandon(): Promise<void>;
}

/**
 * @param dataDir the folder as its user knows it
 * @param early the database's thread, if it was started already
 */
export function createHouse(folder: ClaimedFolder, dataDir: string, log: Log, early?: DatabaseThread): House {
  const opened = new ThreadedDatabase(folder.databaseDir, {
    early,
    unopenable: (cause) => unopenable(dataDir, cause),
    onEnded: (reason, cause) => {
      log.warn('database_thread_ended', { reason });
      if (cause !== undefined) log.failure('database_thread_failed', cause);
    },
  });
  const database = sharedPromise(async () => {
    await opened.open();
    await migrate(databaseOver(opened));
    await folder.markReady();
    if (folder.isNew) await opened.renew();
    return opened;
  });
  const workspaces = new Map<string, SharedPromise<Workspace>>();
  const changes = new Map<string, Changes>();
  const registry = sharedPromise(loadRegistry);
  // as long as this process lives: a connection's end does not close it
  const shared = { ...databaseOver(opened), close: async () => {} };

  const working = new Map<string, () => Promise<void>>();
  const workspaceNamed = (workspaceId: string) => {
    const workspace =
      workspaces.get(workspaceId) ??
      sharedPromise(async () => {
        await database.get();
        return workspaceOn(shared, workspaceId, () => new Date());
      });
    workspaces.set(workspaceId, workspace);
    return workspace.get();
  };
  const changesOf = (workspaceId: string) => {
    const known = changes.get(workspaceId) ?? createChanges();
    changes.set(workspaceId, known);
    return known;
  };

  return {
    database: database.get,
    registry: registry.get,
    workspace: workspaceNamed,
    changes: changesOf,
    async work(workspaceId) {
      const workspace = await workspaceNamed(workspaceId);
      if (!working.has(workspaceId)) working.set(workspaceId, workHere(workspace, log, changesOf(workspaceId)));
    },
    async close() {
      await Promise.all([...working.values()].map((stop) => stop()));
      await awaitLate(shared);
      await opened.close();
    },
    abandon: () => opened.abandon(),
  };
}
