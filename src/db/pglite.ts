import { PGlite, types } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import type { Database, Tx } from '../kernel/database.ts';
import { migrate } from './migrate.ts';

/** An open PGlite instance behind `Database`. `onClose` lets the folder go. */
export function wrapPglite(client: PGlite, onClose: () => Promise<void> = async () => {}): Database {
  return {
    dialect: 'pglite',
    parallel: 1,
    transaction(mode, run) {
      return client.transaction(async (connection) => {
        if (mode === 'read') await connection.exec('set transaction isolation level repeatable read, read only');
        const tx: Tx = {
          dialect: 'pglite',
          orm: drizzle({ client: connection as unknown as PGlite }),
          async query(text, params = []) {
            const result = await connection.query<Record<string, unknown>>(text, [...params], {
              parsers: { [types.INT8]: Number, [types.TIMESTAMPTZ]: String, [types.DATE]: String },
              serializers: { [types.JSON]: String, [types.JSONB]: String },
            });
            return result.rows;
          },
        };
        return run(tx);
      });
    },
    async close() {
      await client.close();
      await onClose();
    },
  };
}

/** The embedded database in a folder, or in memory for `memory`. */
export async function openPglite(dataDir: string): Promise<Database> {
  if (dataDir === 'memory') {
    const database = wrapPglite(await PGlite.create());
    await migrate(database);
    return database;
  }
  const { claimFolder } = await import('./folder.ts');
  const folder = await claimFolder(dataDir);
  try {
    const client = await PGlite.create({ dataDir: folder.databaseDir });
    const database = wrapPglite(client, folder.release);
    await migrate(database);
    await folder.markReady();
    return database;
  } catch (error) {
    await folder.release();
    throw error;
  }
}
