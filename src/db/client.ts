import type { Database } from '../kernel/database.ts';

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
