import type { Database } from '../kernel/database.ts';

export interface DatabaseConfig {
  /** PostgreSQL when given. */
  databaseUrl?: string | undefined;
  /** The embedded database's folder; `memory` keeps nothing. */
  dataDir: string;
}

export interface OpenOptions {
  /** False leaves the schema as it is, for those that only look. */
  migrated?: boolean;
}

/** Opens the database that the configuration names, with its migrations applied. The drivers load only when needed. */
export async function openDatabase(config: DatabaseConfig, options: OpenOptions = {}): Promise<Database> {
  if (config.databaseUrl !== undefined) {
    const { openPostgres } = await import('./postgres.ts');
    return openPostgres(config.databaseUrl, options);
  }
  const { openPglite } = await import('./pglite.ts');
  return openPglite(config.dataDir, options);
}
