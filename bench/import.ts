import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { parse } from 'csv-parse';
import postgres from 'postgres';
import { migrate } from '../src/db/migrate.ts';
import { wrapPglite } from '../src/db/pglite.ts';
import { openPostgres } from '../src/db/postgres.ts';
import { ensureWorkspace } from '../src/definitions/ensure-workspace.ts';
import { type Context, NO_PROGRESS } from '../src/kernel/context.ts';
import type { Database } from '../src/kernel/database.ts';
import { importRecords } from '../src/records/import-records.ts';
import type { Figures } from './run.ts';
import { benchContext } from './support/bench-context.ts';
import { onPostgres } from './support/bench-postgres.ts';
import { type FileKind, lineOf, WIDTHS } from './support/import-data.ts';

const SETTINGS = { shared_buffers: '1GB', max_wal_size: '8GB', checkpoint_timeout: '30min' };

/**
 * Imports generated exports of accounts, people and events into PostgreSQL (BENCH_DATABASE_URL, or a server started for it),
 * beside two yardsticks over the same file in the same run: csv-parse alone, and a bare COPY into a table without keys.
 */
export async function importBench(args: readonly string[], say: (line: string) => void): Promise<Figures> {
  const { values } = parseArgs({
    args: [...args],
    options: { rows: { type: 'string', default: '200000' }, 'skip-pglite': { type: 'boolean', default: false } },
  });
  const rows = Number(values.rows);
  const folder = await mkdtemp(join(tmpdir(), 'samepage-bench-'));
  try {
    const files = await writeFiles(folder, rows);
    const results: Figures = { rows };
    await onPostgres(SETTINGS, async (url) => {
      const db = await openPostgres(url);
      Object.assign(results, await imports(db, files, rows, say).finally(() => db.close()));
      results.csv_parse_s = await timed(async () => {
        for await (const _ of createReadStream(files.accounts).pipe(parse()));
      });
      results.copy_s = await timed(() => bareCopy(url, files.accounts));
    });
    if (!values['skip-pglite']) results.pglite_rows_per_s = await onPglite(folder, Math.min(rows, 20_000));
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Files = Record<FileKind, string>;

async function imports(db: Database, files: Files, rows: number, say: (line: string) => void): Promise<Figures> {
  const memory: number[] = [];
  const ctx = context(db, () => memory.push(process.memoryUsage.rss() / 1_048_576));
  await ensureWorkspace(ctx);
  // modules, countries and statements are loaded before the clock runs
  await importRecords(ctx, { content: 'domain,name\nexample.com,Example\n', source: 'first' });
  const results: Figures = {};
  for (const kind of ['accounts', 'people', 'events'] as const) {
    memory.length = 0;
    const seconds = await timed(() => importRecords(ctx, { path: files[kind], kind, source: 'crm' }));
    const name = kind === 'accounts' ? '' : `${kind}_`;
    results[`${name}rows_per_s`] = rows / seconds;
    results[`${name}peak_rss_mb`] = Math.max(...memory);
    // flat: what the second half of a file needs beyond what its first half did
    const half = memory.length / 2;
    results[`${name}rss_growth_mb`] = Math.max(...memory.slice(half)) - Math.max(...memory.slice(0, half));
    say(
      `${kind}: ${seconds.toFixed(2)} s, ${Math.round(rows / seconds).toLocaleString('en-US')} rows/s, ${Math.round(Math.max(...memory))} MB`,
    );
  }
  results.same_file_again_s = await timed(() => importRecords(ctx, { path: files.events, kind: 'events', source: 'crm' }));
  // another mapping, the same rows: each is compared and left
  const unchanged = await timed(() => importRecords(ctx, { path: files.accounts, kind: 'accounts', source: 'crm', date_order: 'dmy' }));
  results.unchanged_rows_per_s = rows / unchanged;
  return results;
}

async function onPglite(folder: string, rows: number): Promise<number> {
  const db = wrapPglite(await PGlite.create());
  await migrate(db);
  try {
    const ctx = context(db, () => {});
    await ensureWorkspace(ctx);
    const path = join(folder, 'small.csv');
    await writeFile(path, 'accounts', rows);
    return rows / (await timed(() => importRecords(ctx, { path, kind: 'accounts', source: 'crm' })));
  } finally {
    await db.close();
  }
}

/** The yardstick: the file's cells as they are, into a table without keys. */
async function bareCopy(url: string, path: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const columns = Array.from({ length: WIDTHS.accounts }, (_, i) => `c${i} text`).join(', ');
    await sql.unsafe(`create temp table bare (${columns})`);
    const target = await sql.unsafe('copy bare from stdin (format csv, header)').writable();
    await pipeline(createReadStream(path), target);
  } finally {
    await sql.end();
  }
}

function context(db: Database, onProgress: () => void): Context {
  return { ...benchContext(db, `import-bench-${process.pid}`), progress: { ...NO_PROGRESS, report: onProgress } };
}

async function writeFiles(folder: string, rows: number): Promise<Files> {
  const files = { accounts: join(folder, 'accounts.csv'), people: join(folder, 'people.csv'), events: join(folder, 'events.csv') };
  for (const kind of ['accounts', 'people', 'events'] as const) await writeFile(files[kind], kind, rows);
  return files;
}

async function writeFile(path: string, kind: FileKind, rows: number): Promise<void> {
  const out = createWriteStream(path);
  for (let i = -1; i < rows; i += 1) if (!out.write(lineOf(kind, i, rows))) await once(out, 'drain');
  out.end();
  await once(out, 'finish');
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return (performance.now() - started) / 1000;
}
