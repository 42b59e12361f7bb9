import { parseArgs } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { migrate } from '../src/db/migrate.ts';
import { wrapPglite } from '../src/db/pglite.ts';
import { openPostgres } from '../src/db/postgres.ts';
import { ensureWorkspace } from '../src/definitions/ensure-workspace.ts';
import { saveDefinition } from '../src/definitions/save-definition.ts';
import { shippedDefinitions } from '../src/definitions/shipped.ts';
import type { Context } from '../src/kernel/context.ts';
import type { Database } from '../src/kernel/database.ts';
import { auditPlaybook } from '../src/playbook/audit-playbook.ts';
import { findPlays } from '../src/playbook/find-plays.ts';
import { rescoreRecords } from '../src/scoring/rescore-records.ts';
import { benchContext } from './support/bench-context.ts';
import { onPostgres } from './support/bench-postgres.ts';
import { percentile } from './support/owner.ts';
import { addDeals, dealId, playsOf } from './support/playbook-data.ts';
import { generate } from './support/scoring-data.ts';

const CALLS = 400;
const PLAYS = 200;
const SETTINGS = { shared_buffers: '1GB', work_mem: '32MB', max_wal_size: '4GB', random_page_cost: 1.1 };

/**
 * find_plays over 200 plays, for accounts and their deals one after another, and an audit of them all: PostgreSQL (BENCH_DATABASE_URL, or a
 * server started for it), then PGlite at a fifth of the size.
 */
export async function findPlaysBench(args: readonly string[], say: (line: string) => void): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      accounts: { type: 'string', default: '100000' },
      'skip-pglite': { type: 'boolean', default: false },
      'skip-postgres': { type: 'boolean', default: false },
    },
  });
  const accounts = Number(values.accounts);
  const results: Record<string, number> = { accounts, plays: PLAYS };
  if (!values['skip-postgres']) {
    const { p50, p95, audit, shipped } = await onPostgres(SETTINGS, async (url) => measured(await openPostgres(url), accounts, say));
    Object.assign(results, {
      find_plays_p50_ms: p50,
      find_plays_p95_ms: p95,
      audit_playbook_s: audit,
      audit_shipped_playbook_s: shipped,
      peak_rss_mb: process.resourceUsage().maxRSS / 1024,
    });
  }
  if (!values['skip-pglite']) {
    const db = wrapPglite(await PGlite.create());
    await migrate(db);
    const { p50, p95, audit, shipped } = await measured(db, accounts / 5, say);
    Object.assign(results, {
      pglite_find_plays_p50_ms: p50,
      pglite_find_plays_p95_ms: p95,
      pglite_audit_s: audit,
      pglite_audit_shipped_s: shipped,
    });
  }
  return results;
}

async function measured(db: Database, accounts: number, say: (line: string) => void) {
  try {
    const ctx = benchContext(db, 'bench');
    await ensureWorkspace(ctx);
    await generate(db, ctx.workspaceId, { accounts, events: accounts * 10 }, ctx.now(), () => {});
    await addDeals(db, ctx.workspaceId, accounts);
    // what autovacuum does in time
    await db.transaction('write', (tx) => tx.query('analyze'));
    await db.maintain();
    await rescoreRecords(ctx, { scope: 'all', kinds: ['account'] });
    say(`${db.dialect}: ${accounts} accounts are made and scored`);
    const shipped = await timed(() => auditPlaybook(ctx, {}));
    const playbook = (await shippedDefinitions()).playbook;
    if (typeof playbook !== 'object') throw new Error('the shipped playbook is no object');
    await saveDefinition(ctx, { document: { ...playbook, plays: playsOf(PLAYS) } });
    const times = await calls(ctx, accounts);
    say(`${db.dialect}: find_plays p95 ${percentile(times, 0.95).toFixed(1)} ms`);
    const audit = await timed(() => auditPlaybook(ctx, {}));
    say(`${db.dialect}: audit ${audit.toFixed(1)} s, of the shipped playbook ${shipped.toFixed(1)} s`);
    return { p50: percentile(times, 0.5), p95: percentile(times, 0.95), audit, shipped };
  } finally {
    await db.close();
  }
}

/** Other records each time, accounts and deals in turn; the first calls too, for which the statement is planned on each connection. */
async function calls(ctx: Context, accounts: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < CALLS; i += 1) {
    // every second account has a deal
    const n = 2 * (1 + ((i * 7919) % Math.floor(accounts / 2)));
    const input = i % 2 === 0 ? { record: `company-${n}.example` } : { kind: 'opportunity' as const, record: dealId(n) };
    times.push(1000 * (await timed(() => findPlays(ctx, input))));
  }
  return times;
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}
