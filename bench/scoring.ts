import { parseArgs } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { migrate } from '../src/db/migrate.ts';
import { wrapPglite } from '../src/db/pglite.ts';
import { openPostgres } from '../src/db/postgres.ts';
import { ensureWorkspace } from '../src/definitions/ensure-workspace.ts';
import { saveDefinition } from '../src/definitions/save-definition.ts';
import type { Context } from '../src/kernel/context.ts';
import type { Database } from '../src/kernel/database.ts';
import { rescoreRecords } from '../src/scoring/rescore-records.ts';
import { scoreRecord } from '../src/scoring/score-record.ts';
import { benchContext } from './support/bench-context.ts';
import { onPostgres } from './support/bench-postgres.ts';
import { compareWithOracle } from './support/compare-with-oracle.ts';
import { benchRubric } from './support/rubric.ts';
import { generate, passDay, type Size } from './support/scoring-data.ts';
import { settle } from './support/settle.ts';

/** What a server of its own gets: durable, and as much memory as a small dedicated machine would give it. */
const SETTINGS = {
  shared_buffers: '4GB',
  work_mem: '64MB',
  maintenance_work_mem: '1GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  effective_cache_size: '12GB',
  random_page_cost: 1.1,
};
const DAY_MS = 86_400_000;
const START = Date.parse('2026-03-02T09:00:00Z');
const SINGLES = 300;

/**
 * Scores a workspace of accounts and a year of their events: PostgreSQL (BENCH_DATABASE_URL, or a server started for it),
 * then PGlite at a tenth of the size.
 */
export async function scoringBench(args: readonly string[], say: (line: string) => void): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      accounts: { type: 'string', default: '1000000' },
      events: { type: 'string', default: '10000000' },
      'skip-oracle': { type: 'boolean', default: false },
      'skip-pglite': { type: 'boolean', default: false },
    },
  });
  const size = { accounts: Number(values.accounts), events: Number(values.events) };
  const results: Record<string, number> = { accounts: size.accounts, events: size.events };
  Object.assign(results, await onPostgres(SETTINGS, (url) => measured(url, size, !values['skip-oracle'], say)));
  if (!values['skip-pglite']) {
    const tenth = { accounts: Math.min(100_000, size.accounts), events: Math.min(1_000_000, size.events) };
    results.pglite_100k_s = await onPglite(tenth, say);
  }
  return results;
}

async function measured(url: string, size: Size, withOracle: boolean, say: (line: string) => void): Promise<Record<string, number>> {
  const db = await openPostgres(url);
  try {
    const { ctx, advance } = await prepare(db, size, say);
    await settle(url);
    const results: Record<string, number> = {};
    // the program's own memory: what it needs beyond a process that has loaded its modules and made the data
    const first = await timed(() => rescore(ctx, 'all'));
    results.full_s = first.seconds;
    say(`full: ${first.seconds.toFixed(2)} s, ${first.value} written`);
    await settle(url);
    const again = await timed(() => rescore(ctx, 'all'));
    results.rerun_s = again.seconds;
    results.rerun_rows_written = again.value;
    say(`rerun: ${again.seconds.toFixed(2)} s, ${again.value} written`);

    advance(DAY_MS);
    await passDay(ctx, size);
    const incremental = await timed(() => rescore(ctx, 'changed'));
    results.incremental_s = incremental.seconds;
    results.incremental_rows_written = incremental.value;
    say(`incremental: ${incremental.seconds.toFixed(2)} s, ${incremental.value} written`);
    results.rows_that_full_would_still_write = await rescore(ctx, 'all');

    advance(DAY_MS);
    await passDay(ctx, size);
    const next = await timed(() => rescore(ctx, 'all'));
    results.full_next_day_s = next.seconds;
    results.full_next_day_rows_written = next.value;

    results.floor_s = (await timed(() => floor(db, ctx.workspaceId))).seconds;
    results.full_over_floor = results.full_s / results.floor_s;
    const cold = await singles(ctx, size, 1);
    Object.assign(results, { loop_records_per_s: cold.perSecond, single_p50_ms: cold.p50, single_p95_ms: cold.p95 });
    await settle(url);
    // other records, by a process that has prepared its statements
    const warm = await singles(ctx, size, 2);
    Object.assign(results, { single_warm_p50_ms: warm.p50, single_warm_p95_ms: warm.p95 });
    results.peak_rss_mb = process.resourceUsage().maxRSS / 1024;
    if (withOracle) Object.assign(results, await compareWithOracle(ctx, size.accounts, say));
    return results;
  } finally {
    await db.close();
  }
}

async function onPglite(size: Size, say: (line: string) => void): Promise<number> {
  const db = wrapPglite(await PGlite.create());
  await migrate(db);
  try {
    const { ctx } = await prepare(db, size, say);
    await db.maintain();
    const { seconds } = await timed(() => rescore(ctx, 'all'));
    return seconds;
  } finally {
    await db.close();
  }
}

async function prepare(
  db: Database,
  size: Size,
  say: (line: string) => void,
): Promise<{ ctx: Context; advance(milliseconds: number): void }> {
  let now = START;
  const ctx: Context = { ...benchContext(db, 'bench'), now: () => new Date(now) };
  await ensureWorkspace(ctx);
  await saveDefinition(ctx, { document: benchRubric });
  let told = 0;
  await generate(db, ctx.workspaceId, size, new Date(START), (done, total) => {
    const percent = Math.floor((100 * done) / total);
    if (percent >= told + 20) {
      told = percent;
      say(`${db.dialect}: ${percent} % of the data made`);
    }
  });
  return {
    ctx,
    advance(milliseconds) {
      now += milliseconds;
    },
  };
}

async function rescore(ctx: Context, scope: 'all' | 'changed'): Promise<number> {
  const { counts } = await rescoreRecords(ctx, { scope, kinds: ['account'] });
  return (counts.account?.created ?? 0) + (counts.account?.replaced ?? 0);
}

/** The least that any scoring of these events can cost: one aggregate of them by account. */
async function floor(db: Database, workspaceId: string): Promise<void> {
  await db.transaction('read', async (tx) => {
    await tx.query(
      `select count(*) from (select account_id, count(*), max(occurred_day) from event where workspace_id = $1 and superseded_at is null group by account_id) g`,
      [workspaceId],
    );
  });
}

/** Scores records one by one, every so many from the one given. */
async function singles(ctx: Context, size: Size, from: number): Promise<{ perSecond: number; p50: number; p95: number }> {
  const times: number[] = [];
  const step = Math.max(1, Math.floor(size.accounts / SINGLES));
  for (let i = from; i <= size.accounts; i += step) {
    const { seconds } = await timed(() => scoreRecord(ctx, { kind: 'account', record: `company-${i}.example` }));
    times.push(seconds * 1000);
  }
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return {
    perSecond: times.length / (times.reduce((sum, ms) => sum + ms, 0) / 1000),
    p50: at(0.5),
    p95: at(0.95),
  };
}

async function timed<T>(run: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const start = performance.now();
  const value = await run();
  return { value, seconds: (performance.now() - start) / 1000 };
}
