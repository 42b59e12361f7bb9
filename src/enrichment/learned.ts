import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Database, Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { Statistics } from './core/expectations.ts';
import { COUNTS, periodOf, type Tally, weightOf } from './core/tally.ts';

/** Periods that still count for something. */
const PERIODS = 52;
/** Other processes learn too: what is held in memory is read again after so long. */
const HELD_MS = 60_000;

const rowSchema = z.array(
  z.object({
    provider: z.string(),
    segment: z.string(),
    field: z.string(),
    period: z.number(),
    counts: z.array(z.number()).length(COUNTS.length),
  }),
);

interface Held {
  statistics: Statistics;
  readAt: number;
}
const held = new WeakMap<Database, Map<string, Held>>();

/** What the workspace has learned of providers, at most a minute old. */
export async function learned(ctx: Context): Promise<Statistics> {
  const workspaces = held.get(ctx.db) ?? new Map<string, Held>();
  held.set(ctx.db, workspaces);
  const kept = workspaces.get(ctx.workspaceId);
  const now = ctx.now().getTime();
  if (kept !== undefined && Math.abs(now - kept.readAt) < HELD_MS) return kept.statistics;
  const statistics = await readWorkspace(ctx, (tx) => readLearned(tx, ctx));
  workspaces.set(ctx.workspaceId, { statistics, readAt: now });
  return statistics;
}

async function readLearned(tx: Tx, ctx: Context): Promise<Statistics> {
  const today = dayOf(ctx.now());
  const rows = rowSchema.parse(
    await tx.query(
      `select provider, segment, field, period, jsonb_build_array(${COUNTS.join(', ')}) as counts from provider_statistic
       where workspace_id = $1 and period > $2::int order by provider, segment, field, period`,
      [ctx.workspaceId, periodOf(today) - PERIODS],
    ),
  );
  const statistics = new Statistics();
  for (const { counts, ...tally } of rows) {
    statistics.add(
      { ...tally, counts: Object.fromEntries(COUNTS.map((count, i) => [count, counts[i] ?? 0])) },
      weightOf(tally.period, today),
    );
  }
  return statistics;
}

/** Adds what a run taught, to the database and to what is held in memory. */
export async function learn(tx: Tx, ctx: Context, tallies: readonly Tally[]): Promise<void> {
  const sums = new Map<string, Tally>();
  for (const tally of tallies) {
    const name = JSON.stringify([tally.provider, tally.segment, tally.field, tally.period]);
    const sum = sums.get(name) ?? { ...tally, counts: {} };
    sum.counts = Object.fromEntries(COUNTS.map((count) => [count, (sum.counts[count] ?? 0) + (tally.counts[count] ?? 0)]));
    sums.set(name, sum);
  }
  // in one order, so that two processes never wait for each other's rows
  const rows = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, tally]) => tally);
  if (rows.length === 0) return;
  const params = new SqlParams();
  await tx.query(
    `insert into provider_statistic as held (workspace_id, provider, segment, field, period, ${COUNTS.join(', ')})
     select ${params.add(ctx.workspaceId)}, r.provider, r.segment, r.field, r.period, ${COUNTS.map((count) => `r.${count}::bigint`).join(', ')}
     from ${params.rows('r', {
       provider: ['text', rows.map((row) => row.provider)],
       segment: ['text', rows.map((row) => row.segment)],
       field: ['text', rows.map((row) => row.field)],
       period: ['int', rows.map((row) => String(row.period))],
       ...Object.fromEntries(COUNTS.map((count) => [count, ['text', rows.map((row) => String(row.counts[count] ?? 0))] as const])),
     })}
     on conflict (workspace_id, provider, segment, field, period) do update set ${COUNTS.map((count) => `${count} = held.${count} + excluded.${count}`).join(', ')}`,
    params.values,
  );
  const kept = held.get(ctx.db)?.get(ctx.workspaceId)?.statistics;
  for (const tally of rows) kept?.add(tally, weightOf(tally.period, dayOf(ctx.now())));
}
