import { z } from 'zod';
import { readBeside, readWorkspace, requireScope } from '../db/workspace.ts';
import { currentDefinition, refOf } from '../definitions/current-definition.ts';
import { lastPeriod, type ReviewPeriod } from '../handoff/core/review-period.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf, isoFromDay } from '../kernel/dates.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { Performance, Pipeline } from './core/performance.ts';
import { performanceChanges } from './core/performance-changes.ts';
import { coverageOf, requiredRoles } from './core/performance-coverage.ts';
import { dealSql } from './core/performance-deal-sql.ts';
import { dealSums, dealTimes, pipelineOf, velocityOf, wonRatesOf } from './core/performance-deals.ts';
import { funnelOf } from './core/performance-funnel.ts';
import { leadSql, type PerformanceScope, peopleSql } from './core/performance-lead-sql.ts';
import { leadTimes, pairOf, rejectionsOf, speedOf, tiersOf } from './core/performance-leads.ts';
import { roleSql } from './core/performance-role-sql.ts';
import { countIn, dealRows, leadRows, partOf, peopleRows, type RoleRow, roleRows } from './core/performance-rows.ts';
import { immatureOf, statementsOf } from './core/performance-statements.ts';
import { followedSteps, performanceWindows, type Windows } from './core/performance-windows.ts';
import { FORM_OF, periodOfKind } from './core/period.ts';
import { readPipeline } from './read-pipeline.ts';
import { readScored } from './read-scored.ts';

export const reviewPerformanceInput = z.strictObject({
  period: z
    .string()
    .refine((name) => periodOfKind('monthly', name) !== undefined, `must be ${FORM_OF.monthly}`)
    .optional()
    .describe('2026-11, UTC; left out: the last whole month'),
});

const CONVERSIONS: readonly Pipeline['conversion'][] = ['opportunity_created', 'closed_won'];

/**
 * The month of marketing and sales: pipeline by source, the funnel, times, velocity, win rates, speed to lead, buying roles, tiers and rejections,
 * each with its count and interval, and what changed since the month before by more than noise.
 * @throws SamepageError `invalid_input`
 */
export async function reviewPerformance(ctx: Context, given: z.input<typeof reviewPerformanceInput>): Promise<Performance> {
  requireScope(ctx, 'read');
  const input = parseInput(reviewPerformanceInput, given, 'review_performance');
  const now = ctx.now();
  const month = (input.period === undefined ? undefined : periodOfKind('monthly', input.period)) ?? lastPeriod('month', now);
  const windows = performanceWindows(month, dayOf(now));
  return readWorkspace(ctx, (tx) => performanceOf(tx, ctx, month, windows));
}

async function performanceOf(tx: Tx, ctx: Context, month: ReviewPeriod, windows: Windows): Promise<Performance> {
  const taxonomy = await currentDefinition(tx, ctx, 'taxonomy');
  const attribution = await currentDefinition(tx, ctx, 'attribution');
  const icp = await currentDefinition(tx, ctx, 'icp');
  const { steps, notFollowed } = followedSteps(attribution.document, taxonomy.document, windows);
  let done = 0;
  const read = async <T>(what: string, rows: Promise<T>): Promise<T> => {
    const found = await rows;
    ctx.signal.throwIfAborted();
    done += 1;
    ctx.progress.report(done, READS, `${what} of ${month.name} are counted`);
    return found;
  };
  const ask = async <T extends z.ZodType>(on: Tx, rows: T, sql: (scope: PerformanceScope) => string | null): Promise<z.output<T>> => {
    const params = new SqlParams();
    const text = sql({ params, workspaceId: ctx.workspaceId, windows, steps });
    return rows.parse(text === null ? [] : await on.query(text, params.values));
  };
  const roles = requiredRoles(icp.document);
  // two lists that take about as long; the snapshot is given to the first before the second asks for hand-offs, which would hold it up
  const [[people, scored], [leads, deals, covered, pipeline]] = await Promise.all([
    readBeside(ctx, tx, async (own) => {
      const came = await read('people', ask(own, peopleRows, peopleSql));
      return [came, await read('scores', readScored(own, ctx, windows))] as const;
    }),
    (async () => {
      const handedOff = await read('hand-offs', ask(tx, leadRows, leadSql));
      const opened = await read('deals', ask(tx, dealRows, dealSql));
      const filled = await read('buying roles', roles.length === 0 ? noRows() : ask(tx, roleRows, (scope) => roleSql(scope, roles)));
      const credited: Pipeline[] = [];
      for (const conversion of CONVERSIONS)
        credited.push(pipelineOf(opened, conversion, await read('credits', readPipeline(tx, ctx, windows, conversion))));
      return [handedOff, opened, filled, credited] as const;
    })(),
  ]);
  const sentOn = new Set(taxonomy.document.rejection_codes.filter(({ action }) => action === 'reroute').map(({ code }) => code));
  const cohorts = [...people, ...partOf(leads, 'cohort'), ...partOf(deals, 'cohort')];
  const nameOf = (stage: string) => taxonomy.document.lifecycle.find(({ means }) => means === stage)?.id ?? stage;
  const times = [...leadTimes(leads, nameOf), ...dealTimes(deals)];
  const handed = pairOf((span) => countIn(partOf(leads, 'handed'), span));
  const over = windows.today >= month.to;
  const figures = {
    period: { name: month.name, from: isoFromDay(month.from), to: isoFromDay(month.to - 1), over, before: windows.beforeName },
    pipeline,
    funnel: funnelOf(steps, { cohorts, leads, deals }, windows, month.name),
    stages: times.map(({ time }) => time),
    velocity: velocityOf(deals),
    won: wonRatesOf(deals),
    speed: speedOf(leads, sentOn),
    coverage: coverageOf(roles, covered),
    tiers: tiersOf(leads),
    scored,
    rejections: rejectionsOf(leads, sentOn),
  };
  const days = over ? pairOf((span) => windows[span].to - windows[span].from) : null;
  const sums = CONVERSIONS.flatMap((conversion) => dealSums(deals, conversion).map((one) => ({ what: WHAT[conversion], ...one })));
  const [doubts] = partOf(deals, 'doubts');
  return {
    ...figures,
    ...performanceChanges(figures, { times, sums, handed, days }),
    immature: immatureOf(figures),
    statements: [
      ...(doubts === undefined ? [] : statementsOf({ ...figures, handed: handed.this }, doubts, windows.today < month.from)),
      ...notFollowed,
    ],
    definitions: [taxonomy, attribution, icp].map(refOf),
  };
}

/** How often progress is told. */
const READS = 5 + CONVERSIONS.length;
const WHAT: Readonly<Record<Pipeline['conversion'], string>> = { opportunity_created: 'deals created', closed_won: 'deals won' };
const noRows = async (): Promise<RoleRow[]> => [];
