import { openPostgres } from '../../src/db/postgres.ts';
import type { Database } from '../../src/kernel/database.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';

type Settings = Parameters<typeof startPostgres>[0];

interface BenchPostgres {
  url: string;
  stop(): Promise<void>;
}

/** The server named in BENCH_DATABASE_URL, else one that is started with the settings (without: a test's); undefined where there is none. */
export async function benchPostgres(settings?: Settings): Promise<BenchPostgres | undefined> {
  const given = process.env.BENCH_DATABASE_URL;
  if (given !== undefined) return { url: given, async stop() {} };
  const server = await startPostgres(settings);
  return server === undefined ? undefined : { url: `${server.url}/postgres`, stop: server.stop };
}

/** Measures on PostgreSQL, which must be there. */
export async function onPostgres<T>(settings: Settings, run: (url: string) => Promise<T>): Promise<T> {
  const server = await benchPostgres(settings);
  if (server === undefined) throw new Error('no PostgreSQL: set BENCH_DATABASE_URL, or install its server');
  try {
    return await run(server.url);
  } finally {
    await server.stop();
  }
}

/** As `onPostgres`, with the database open. */
export function withPostgres<T>(settings: Settings, run: (db: Database, url: string) => Promise<T>): Promise<T> {
  return onPostgres(settings, async (url) => {
    const db = await openPostgres(url);
    return run(db, url).finally(() => db.close());
  });
}

/** Seconds that something takes. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}
