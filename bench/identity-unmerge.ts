import { PGlite } from '@electric-sql/pglite';
import { migrate } from '../src/db/migrate.ts';
import { wrapPglite } from '../src/db/pglite.ts';
import { openPostgres } from '../src/db/postgres.ts';
import { ensureWorkspace } from '../src/definitions/ensure-workspace.ts';
import { mergeEntities } from '../src/identity/merge-entities.ts';
import { unmergeEntities } from '../src/identity/unmerge-entities.ts';
import type { Context } from '../src/kernel/context.ts';
import type { Database } from '../src/kernel/database.ts';
import { derivedId } from '../src/kernel/ids.ts';
import { importRecords } from '../src/records/import-records.ts';
import type { Figures } from './run.ts';
import { benchContext } from './support/bench-context.ts';
import { benchPostgres } from './support/bench-postgres.ts';
import { percentile } from './support/owner.ts';

const PEOPLE = 20_000;
const EVENTS_EACH = 20;
const TIMES = 50;

/**
 * How long it takes to take back a merge of three people with twenty events each, in a workspace of 20,000 people: the median, on
 * PostgreSQL (BENCH_DATABASE_URL, or a server started for it) where there is one, and on the embedded database.
 */
export async function unmergeFigures(say: (line: string) => void): Promise<Figures> {
  const figures: Figures = {};
  const server = await benchPostgres();
  try {
    if (server === undefined) say('unmerge_ms is of the embedded database: there is no PostgreSQL');
    else {
      const db = await openPostgres(server.url);
      figures.unmerge_ms = await unmergeMs(db).finally(() => db.close());
    }
    const embedded = wrapPglite(await PGlite.create());
    await migrate(embedded);
    figures.unmerge_pglite_ms = await unmergeMs(embedded).finally(() => embedded.close());
    return { unmerge_ms: figures.unmerge_pglite_ms, ...figures };
  } finally {
    await server?.stop();
  }
}

async function unmergeMs(db: Database): Promise<number> {
  let now = Date.parse('2026-03-02T09:00:00Z');
  const ctx: Context = { ...benchContext(db, `unmerge-${process.pid}`), now: () => new Date(now++) };
  await ensureWorkspace(ctx);
  const email = (i: number) => `p${i}@firm${i % 500}.example`;
  const accounts = Array.from({ length: 500 }, (_, i) => `firm${i}.example,Firm ${i}`);
  await importRecords(ctx, { kind: 'accounts', source: 'crm', content: ['domain,name', ...accounts].join('\n') });
  const people = Array.from({ length: PEOPLE }, (_, i) => `${i},Name ${i},${email(i)}`);
  await importRecords(ctx, { kind: 'people', source: 'crm', content: ['id,name,email', ...people].join('\n') });
  const merged = Array.from({ length: TIMES }, (_, t) => [t * 7, t * 7 + 1000, t * 7 + 2000]);
  const events = merged
    .flat()
    .flatMap((i) => Array.from({ length: EVENTS_EACH }, (_, n) => `${i}-${n},pricing_page,2026-02-20,${email(i)}`));
  await importRecords(ctx, { kind: 'events', source: 'crm', content: ['event id,event type,date,email', ...events].join('\n') });
  await db.maintain();
  const times: number[] = [];
  for (const some of merged) {
    const nodes = some.map((i) => derivedId('person', 'email', email(i)));
    const { decision } = await mergeEntities(ctx, { kind: 'person', nodes, decision: { by: 'model', model: 'bench' } });
    const started = performance.now();
    await unmergeEntities(ctx, { kind: 'person', merge: decision, decision: { by: 'person' } });
    times.push(performance.now() - started);
  }
  return Number(percentile(times, 0.5).toFixed(2));
}
