import type { Database } from '../kernel/database.ts';
import { SamepageError } from '../kernel/errors.ts';

export interface DatabaseConfig {
  /** PostgreSQL when given. */
  databaseUrl?: string | undefined;
  /** The embedded database's folder; `memory` keeps nothing. */
  dataDir: string;
}

/** Opens the database that the configuration names, with its migrations applied. The drivers load only when needed. */
export async function openDatabase(config: DatabaseConfig): Promise<Database> {
  if (config.databaseUrl !== undefined) {
    const { openPostgres } = await import('./postgres.ts');
    return openPostgres(config.databaseUrl);
  }
  const { openPglite } = await import('./pglite.ts');
  return openPglite(config.dataDir);
}

/** A failure of the database itself, without the driver's text, which may hold values. */
export function databaseUnavailable(cause: unknown): SamepageError {
  return new SamepageError(
    'unavailable',
    'The database does not answer.',
    'Check that it runs and that DATABASE_URL names it, then call again.',
    { cause },
  );
}
