import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import type { Database, Tx } from '../kernel/database.ts';
import type { OpenOptions } from './client.ts';
import { migrate } from './migrate.ts';
import { PreparedStatements } from './prepared-pglite.ts';
import { beginIn, inOurWords, maintainIn, queryIn, setTypes } from './raw-pglite.ts';

/** An open PGlite instance behind `Database`. `onClose` lets the folder go. */
export function wrapPglite(client: PGlite, onClose: () => Promise<void> = async () => {}): Database {
  setTypes(client);
  const prepared = new PreparedStatements(client);
  return {
    dialect: 'pglite',
    parallel: 1,
    transaction(mode, run) {
      const running = client.transaction(async (connection) => {
        await beginIn(connection, mode);
        let orm: Tx['orm'] | undefined;
        const tx: Tx = {
          dialect: 'pglite',
          get orm() {
            orm ??= drizzle({ client: connection as unknown as PGlite });
            return orm;
          },
          query: (text, params = [], { prepare = false } = {}) =>
            prepare ? prepared.rows(connection, text, params) : queryIn(connection, text, params),
        };
        return run(tx);
      });
      return running.catch(inOurWords);
    },
    maintain: (tables) => maintainIn(client, tables),
    async close() {
      await client.close();
      await onClose();
    },
  };
}

/** The embedded database in a folder, or in memory for `memory`. */
export async function openPglite(dataDir: string, { migrated = true }: OpenOptions = {}): Promise<Database> {
  if (dataDir === 'memory') {
    const database = wrapPglite(await PGlite.create());
    if (migrated) await migrate(database);
    return database;
  }
  const [{ claimFolder, unopenable }, { DurableNodeFs, DURABLE_START }] = await Promise.all([
    import('./folder.ts'),
    import('./durable-fs.ts'),
  ]);
  const folder = await claimFolder(dataDir);
  let client: PGlite | undefined;
  try {
    client = await PGlite.create({ fs: new DurableNodeFs(folder.databaseDir), startParams: [...DURABLE_START] }).catch((cause) => {
      throw unopenable(dataDir, cause);
    });
    const database = wrapPglite(client, folder.release);
    if (migrated) await migrate(database);
    await folder.markReady();
    return database;
  } catch (error) {
    // still ours until nothing of it is open
    await client?.close().catch(() => {});
    await folder.release();
    throw error;
  }
}
