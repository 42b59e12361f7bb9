import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { onOneSnapshot } from '../db/one-snapshot.ts';
import { requireScope } from '../db/workspace.ts';
import { SCORED_TIERS } from '../definitions/core/common.ts';
import { currentDefinition, refOf } from '../definitions/current-definition.ts';
import { lastPeriod, periodOf } from '../handoff/core/review-period.ts';
import type { Context } from '../kernel/context.ts';
import { dayOf, isoFromDay } from '../kernel/dates.ts';
import { SamepageError } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { closedDeals } from './closed-deals.ts';
import { analyseOutcomes } from './core/analyse-outcomes.ts';
import type { IcpAnalysis } from './core/analysis.ts';
import type { CutOff } from './core/deal-outcomes.ts';
import { draftLines } from './core/draft-lines.ts';
import { FORM_OF, periodOfKind } from './core/period.ts';
import type { IcpRefresh, RefreshDraft } from './core/refresh.ts';
import { cutOffText, leftOutReasons, readStatements } from './core/refresh-statements.ts';
import { wonByLevel } from './core/won-shares.ts';
import { draftRefresh } from './draft-refresh.ts';
import { phase } from './phase.ts';
import { type ReadOutcomes, readOutcomes } from './read-outcomes.ts';

export const analyzeIcpRefreshInput = z.strictObject({
  period: z
    .string()
    .refine((name) => periodOfKind('quarterly', name) !== undefined, `must be ${FORM_OF.quarterly}`)
    .optional()
    .describe('2026-Q3, the last quarter of closes; left out: the last whole one'),
  quarters: z.int().min(1).max(20).default(4).describe('up to and with it'),
  days_before_close: z.int().min(1).max(1095).optional().describe("cut-off; left out: the deal's creation"),
  values: z.enum(['then', 'today']).default('then').describe('fields as known at the cut-off, or today (proves less)'),
});

/** What a rubric's disqualified deals stand at when scores are ranked. */
const DISQUALIFIED = -1;
const SEGMENT = 'icp.segment';

/**
 * The quarterly refresh: closed deals against what was known of them before, and a draft of rubric and ICP from what holds. Nothing is written
 * and nothing applies itself: its `proposals` are inputs of `propose_definition`.
 * @throws SamepageError `invalid_input`
 */
export async function analyzeIcpRefresh(ctx: Context, given: z.input<typeof analyzeIcpRefreshInput>): Promise<IcpRefresh> {
  return (await refreshAsOf(ctx, given)).refresh;
}

/** The same, with the knowledge clock that it is as of. */
export async function refreshAsOf(
  ctx: Context,
  given: z.input<typeof analyzeIcpRefreshInput>,
): Promise<{ refresh: IcpRefresh; knownAt: Date }> {
  requireScope(ctx, 'read');
  const input = parseInput(analyzeIcpRefreshInput, given, 'analyze_icp_refresh');
  const period = (input.period === undefined ? undefined : periodOfKind('quarterly', input.period)) ?? lastPeriod('quarter', ctx.now());
  const cutOff: CutOff = { daysBeforeClose: input.days_before_close ?? null, values: input.values };
  const from = firstDay(period.from, input.quarters);
  // the rest is read as of this clock, so no other call has to wait until it is
  const { rubric, icp, taxonomy, closed } = await onOneSnapshot(ctx, async (snapshot, tx) => ({
    rubric: await currentDefinition(tx, ctx, 'rubric'),
    icp: await currentDefinition(tx, ctx, 'icp'),
    taxonomy: await currentDefinition(tx, ctx, 'taxonomy'),
    closed: await closedDeals(snapshot, { from, to: period.to, today: dayOf(ctx.now()) }),
  }));
  const scope = { from, to: period.to, closed, cutOff, rubric: rubric.document, icp: icp.document, taxonomy: taxonomy.document };
  const outcomes = await readOutcomes(phase(ctx, 0, 55), scope);
  const analysis = await analysed(phase(ctx, 55, 75), outcomes, { tiers: rubric.document.tiers, values: input.values });
  const { lines, unwritten } = draftLines({
    analysis,
    columns: outcomes.columns,
    rubric: rubric.document,
    points: outcomes.scores.map(({ points }) => points),
  });
  const drafted =
    lines.length === 0
      ? noDraft(analysis)
      : await draftOrWhyNot(() => draftRefresh(phase(ctx, 75, 100), lines, outcomes, { rubric, icp, taxonomy, period: period.name }));
  const refresh: IcpRefresh = {
    period: { name: period.name, from: isoFromDay(from), to: isoFromDay(period.to - 1), quarters: input.quarters },
    cut_off: cutOffText(cutOff),
    read: readOf(outcomes, { isOver: period.to <= dayOf(ctx.now()), values: input.values }),
    analysis,
    tiers:
      input.values === 'today'
        ? []
        : wonByLevel(SCORED_TIERS, (row) => outcomes.scores[row]?.tier, outcomes.table.won).map(({ level: tier, ...share }) => ({
            tier,
            ...share,
          })),
    segments: segmentsOf(outcomes, [...icp.document.segments.map(({ id }) => id), 'none']),
    unwritten,
    draft: typeof drafted === 'string' ? null : drafted,
    no_draft: typeof drafted === 'string' ? drafted : null,
    definitions: [refOf(rubric), refOf(icp), refOf(taxonomy)],
  };
  return { refresh, knownAt: closed.knownAt };
}

/** A draft, or why the definitions in use do not allow it. */
async function draftOrWhyNot(drafting: () => Promise<RefreshDraft>): Promise<RefreshDraft | string> {
  try {
    return await drafting();
  } catch (error) {
    if (error instanceof SamepageError) return `The draft does not fit the definitions in use: ${error.message} ${error.next}`;
    throw error;
  }
}

/** The first day of so many quarters of which the last begins on `start`. */
function firstDay(start: number, quarters: number): number {
  let day = start;
  for (let n = 1; n < quarters; n += 1) day = periodOf('quarter', day - 1).from;
  return day;
}

function analysed(
  ctx: Context,
  { table, scores }: ReadOutcomes,
  { tiers, values }: { tiers: { A: number; B: number }; values: CutOff['values'] },
): Promise<IcpAnalysis> {
  const points = Float64Array.from(scores, ({ score, tier }) => (tier === 'disqualified' ? DISQUALIFIED : score));
  return analyseOutcomes(table, {
    // it is made of the other columns: the fit would count one thing twice
    exclude: [SEGMENT],
    // scores as of the cut-off cannot be held against fields of today
    ...(values === 'then' && scores.length > 0 && { current: { points, tiers } }),
    progress: async (done, total, what) => {
      ctx.progress.report(done, total, what);
      // so that a cancellation is heard between the parts
      await setImmediate();
    },
    signal: ctx.signal,
  });
}

function noDraft({ refused, no_proposals }: IcpAnalysis): string {
  return refused?.text ?? no_proposals?.text ?? 'What was found, the rubric in force counts already: nothing is proposed.';
}

function readOf(outcomes: ReadOutcomes, { isOver, values }: { isOver: boolean; values: CutOff['values'] }): IcpRefresh['read'] {
  const { table, accounts, witnessed, nothingKnown, leftOut, all, negative, denied } = outcomes;
  const read = {
    deals: table.ids.length,
    won: table.won.reduce((sum, won) => sum + won, 0),
    accounts,
    witnessed,
    nothing_known: nothingKnown,
    left_out: leftOutReasons(leftOut),
    ...all,
    denied: denied.map(({ label }) => label),
  };
  return { ...read, statements: readStatements({ ...read, negative, isOver, values }) };
}

function segmentsOf({ table, columns }: ReadOutcomes, segments: readonly string[]): IcpRefresh['segments'] {
  const column = columns.find((one) => one.column.name === SEGMENT)?.column;
  if (column?.type !== 'level') return [];
  const shares = wonByLevel(segments, (row) => column.levels[column.codes[row] ?? -1], table.won);
  return shares.map(({ level: segment, ...share }) => ({ segment, ...share }));
}
