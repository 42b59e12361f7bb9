import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { openPglite } from '../src/db/pglite.ts';
import { openPostgres } from '../src/db/postgres.ts';
import { ensureWorkspace } from '../src/definitions/ensure-workspace.ts';
import type { Database } from '../src/kernel/database.ts';
import { importRecords } from '../src/records/import-records.ts';
import { rescoreRecords } from '../src/scoring/rescore-records.ts';
import { backup } from '../src/upkeep/backup.ts';
import { move } from '../src/upkeep/move.ts';
import { restore } from '../src/upkeep/restore.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import type { Figures } from './run.ts';
import { benchContext } from './support/bench-context.ts';
import { type FileKind, lineOf } from './support/import-data.ts';

const MB = 1_048_576;

/**
 * A workspace of `--rows` imported rows (a quarter accounts, a quarter people, half events) is scored in a PostgreSQL, moved
 * to an embedded folder and from there to another PostgreSQL, backed up and restored: seconds of each, every receipt
 * verified at each target, and the most memory that was used meanwhile, the embedded database's among it.
 */
export async function moveBench(args: readonly string[], say: (line: string) => void): Promise<Figures> {
  const { values } = parseArgs({
    args: [...args],
    options: { rows: { type: 'string', default: '200000' }, 'skip-restore': { type: 'boolean', default: false } },
  });
  const quarter = Math.round(Number(values.rows) / 4);
  const folder = await mkdtemp(join(tmpdir(), 'samepage-bench-'));
  const server = await startPostgres({});
  if (server === undefined) throw new Error('no PostgreSQL: install its server');
  const opened: Database[] = [];
  const open = async (opening: Promise<Database>) => {
    const db = await opening;
    opened.push(db);
    return contextOf(db);
  };
  const figures: Figures = {};
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss() / MB);
  }, 100);
  const measure = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    peak = 0;
    const started = performance.now();
    const result = await run();
    figures[`${name}_s`] = (performance.now() - started) / 1000;
    figures[`${name}_peak_rss_mb`] = peak;
    say(`${name}: ${figures[`${name}_s`]?.toFixed(1)} s, ${Math.round(peak)} MB`);
    return result;
  };
  try {
    const first = await open(openPostgres(server.url));
    await measure('import', async () => {
      await ensureWorkspace(first);
      for (const [kind, rows] of [
        ['accounts', quarter],
        ['people', quarter],
        ['events', 2 * quarter],
      ] as const) {
        const path = join(folder, `${kind}.csv`);
        await writeFile(path, kind, rows, quarter);
        await importRecords(first, { path, kind, source: 'crm' });
      }
    });
    await measure('rescore', () => rescoreRecords(first, { scope: 'all' }));
    const embedded = await open(openPglite(join(folder, 'first')));
    const begun = await measure('to_embedded', () => move(first, embedded.db, { receipts: 'all' }));
    figures.rows = begun.rows;
    figures.receipts = begun.receipts.checked;
    const shared = await open(openPostgres(await createDatabase(server.url, 'bench_move')));
    const there = await measure('to_postgres', () => move(embedded, shared.db, { receipts: 'all' }));
    if (there.receipts.checked !== begun.receipts.checked) throw new Error('receipts were lost');
    const file = join(folder, 'backup.gz');
    await measure('backup', () => backup(embedded, { path: file }));
    figures.backup_mb = (await stat(file)).size / MB;
    if (!values['skip-restore']) await measure('restore', () => restore(embedded, { path: file, replace: true, receipts: 'sample' }));
    return figures;
  } finally {
    clearInterval(watch);
    for (const db of opened) await db.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function createDatabase(server: string, name: string): Promise<string> {
  const admin = postgres(server, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  await admin.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

const contextOf = (db: Database) => benchContext(db, 'bench');

async function writeFile(path: string, kind: FileKind, rows: number, of: number): Promise<void> {
  const out = createWriteStream(path);
  for (let i = -1; i < rows; i += 1) if (!out.write(lineOf(kind, i, of))) await once(out, 'drain');
  out.end();
  await once(out, 'finish');
}
