import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { z } from 'zod';
import { migrate } from '../src/db/migrate.ts';
import { wrapPglite } from '../src/db/pglite.ts';
import { openPostgres } from '../src/db/postgres.ts';
import { readWorkspace } from '../src/db/workspace.ts';
import { currentDefinition } from '../src/definitions/current-definition.ts';
import { ensureWorkspace } from '../src/definitions/ensure-workspace.ts';
import { disposeMql } from '../src/handoff/dispose-mql.ts';
import { listHandoffs, type listHandoffsInput } from '../src/handoff/list-handoffs.ts';
import type { Context } from '../src/kernel/context.ts';
import type { Database } from '../src/kernel/database.ts';
import type { Benchmark, Figures } from './run.ts';
import { benchContext } from './support/bench-context.ts';
import { onPostgres } from './support/bench-postgres.ts';
import { fillHandOffs } from './support/fill-hand-offs.ts';
import { percentile } from './support/owner.ts';
import { settle } from './support/settle.ts';

const CLIENTS = 16;
const SETTINGS = { shared_buffers: '512MB', work_mem: '32MB', max_wal_size: '4GB', random_page_cost: 1.1 };
const LISTS = 400;

/**
 * Dispositions by 16 clients at once, each on the disk before it is answered and with its outbox row, and lists of all kinds over the same
 * hand-offs: PostgreSQL (BENCH_DATABASE_URL, or a server started for it), then PGlite in memory with a fiftieth of them.
 */
export const handoffFlow: Benchmark = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'hand-offs': { type: 'string', default: '1000000' },
      dispositions: { type: 'string', default: '6000' },
      'skip-pglite': { type: 'boolean', default: false },
      'skip-postgres': { type: 'boolean', default: false },
    },
  });
  const [handOffs, dispositions] = [Number(values['hand-offs']), Number(values.dispositions)];
  const figures: Figures = { hand_offs: handOffs };
  if (!values['skip-postgres']) {
    const { perSecond, lists } = await onPostgres(SETTINGS, async (url) =>
      measured(await openPostgres(url), { handOffs, dispositions, settled: () => settle(url) }, say),
    );
    Object.assign(figures, {
      dispositions_per_s_postgres: perSecond,
      list_p50_ms: percentile(lists, 0.5),
      list_p95_ms: percentile(lists, 0.95),
    });
  }
  if (!values['skip-pglite']) {
    const db = wrapPglite(await PGlite.create());
    await migrate(db);
    const { perSecond, lists } = await measured(
      db,
      { handOffs: handOffs / 50, dispositions: dispositions / 6, settled: () => db.maintain() },
      say,
    );
    Object.assign(figures, { dispositions_per_s_pglite: perSecond, pglite_list_p95_ms: percentile(lists, 0.95) });
  }
  return figures;
};

interface Measured {
  handOffs: number;
  dispositions: number;
  /** Does what the database's own housekeeping does in time. */
  settled(): Promise<void>;
}

async function measured(db: Database, { handOffs, dispositions, settled }: Measured, say: (line: string) => void) {
  try {
    const ctx = benchContext(db, 'bench');
    await ensureWorkspace(ctx);
    const [sla, taxonomy] = await readWorkspace(ctx, (tx) =>
      Promise.all([currentDefinition(tx, ctx, 'sla'), currentDefinition(tx, ctx, 'taxonomy')]),
    );
    await db.transaction('write', async (tx) => {
      await tx.query("select set_config('app.workspace_id', $1, true)", [ctx.workspaceId]);
      await fillHandOffs(tx, ctx.workspaceId, handOffs, { sla: sla.hash, taxonomy: taxonomy.hash });
    });
    await db.transaction('write', (tx) => tx.query('analyze'));
    await settled();
    say(`${db.dialect}: ${handOffs} hand-offs are made`);
    const lists = await listTimes(ctx);
    say(`${db.dialect}: list p95 ${percentile(lists, 0.95).toFixed(1)} ms`);
    const perSecond = await dispositionsPerSecond(ctx, dispositions);
    say(`${db.dialect}: ${Math.round(perSecond)} dispositions a second`);
    return { perSecond, lists };
  } finally {
    await db.close();
  }
}

const ids = z.array(z.object({ id: z.string() }));

async function dispositionsPerSecond(ctx: Context, n: number): Promise<number> {
  const waiting = ids.parse(
    await readWorkspace(ctx, (tx) =>
      tx.query(`select id::text from hand_off where workspace_id = $1 and stage = 'mql' order by id limit ${n}`, [ctx.workspaceId]),
    ),
  );
  const from = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      for (let i = client; i < waiting.length; i += CLIENTS) {
        const handoff = waiting[i]?.id ?? '';
        await disposeMql(ctx, i % 2 === 0 ? { handoff, decision: 'accept' } : { handoff, decision: 'reject', code: 'ENG-02' });
      }
    }),
  );
  return waiting.length / ((performance.now() - from) / 1000);
}

/** Lists as people ask for them, one after the other; of each fourth also the next page. */
async function listTimes(ctx: Context): Promise<number[]> {
  const asked: z.input<typeof listHandoffsInput>[] = [
    {},
    { breached: true },
    { owner: 'owner 17' },
    { owner: 'owner 99', breached: true },
    { due_within_hours: 24 },
    { source: 'webinar' },
    { code: 'ENG-02' },
    { stage: 'recycled', due_within_hours: 24 },
    { stage: 'disqualified', source: 'referral' },
    { older_than_days: 30 },
    { owner: 'owner 3', stage: 'won' },
    { source: 'partner', owner: 'nobody' },
  ];
  const times: number[] = [];
  for (let i = 0; i < LISTS; i += 1) {
    const input = asked[i % asked.length] ?? {};
    const from = performance.now();
    const { next_cursor } = await listHandoffs(ctx, input);
    times.push(performance.now() - from);
    if (i % 4 !== 0 || next_cursor === null) continue;
    const again = performance.now();
    await listHandoffs(ctx, { ...input, cursor: next_cursor });
    times.push(performance.now() - again);
  }
  return times;
}
