import { z } from 'zod';
import type { Database } from '../kernel/database.ts';
import type { OpenOptions } from './client.ts';
import { migrate } from './migrate.ts';
import type { PostgresLine } from './postgres-line.ts';
import { PostgresLines } from './postgres-lines.ts';
import { databaseUnavailable, fullDisk, isLostConnection, isOutage, loginRefused, onlyReads } from './unavailable.ts';

const PARALLEL = 2;
const CLOSING_SECONDS = 5;
/** As `pg_export_snapshot` gives it: it goes into a statement as it is. */
const snapshotName = z.string().regex(/^[0-9A-F-]+$/);

/** PostgreSQL behind `Database`. */
export async function openPostgres(url: string, { migrated = true }: OpenOptions = {}): Promise<Database> {
  const lines = new PostgresLines(url, PARALLEL + 2);
  const database: Database = {
    dialect: 'postgres',
    parallel: PARALLEL,
    async transaction(mode, run) {
      let hasBegun = false;
      const noted = () => {
        hasBegun = true;
      };
      const once = async (line: PostgresLine, isAgain: boolean) => {
        try {
          return { result: await line[mode](run, noted) };
        } catch (error) {
          // the connection had been idle, and was closed at its other end: nothing that was asked of it was answered
          if (isLostConnection(error) && !hasBegun && !isAgain) return undefined;
          const known = loginRefused(error, line.login) ?? fullDisk(error) ?? (mode === 'write' ? onlyReads(error) : undefined);
          throw known ?? (isOutage(error) ? databaseUnavailable(error) : error);
        }
      };
      const done = (await lines.use((line) => once(line, false))) ?? (await lines.use((line) => once(line, true)));
      if (done === undefined) throw databaseUnavailable(undefined);
      return done.result;
    },
    async beside(tx, run) {
      const [exported] = await tx.query('select pg_export_snapshot() as snapshot');
      const snapshot = snapshotName.parse(exported?.snapshot);
      return lines.useFree((line) => line.read(run, () => {}, snapshot)) ?? run(tx);
    },
    // autovacuum does it; what has grown is analysed by maintainGrown
    maintain: async () => {},
    close: () => lines.close(CLOSING_SECONDS),
  };
  try {
    if (migrated) await migrate(database);
  } catch (error) {
    await lines.close(1);
    throw error;
  }
  return database;
}
