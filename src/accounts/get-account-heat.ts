import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Rubric } from '../definitions/core/rubric.ts';
import type { DefinitionRef } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayFromIso, ISO_DATE, isIsoDate, isoFromDay } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { accountName } from '../records/find-account.ts';
import { type Computed, standpoint } from '../scoring/compute-scores.ts';
import { explain } from '../scoring/core/explain.ts';
import type { Receipt } from '../scoring/core/receipt.ts';
import { computeOne, findSubject, scoreView } from '../scoring/get-score.ts';
import { type ActNowSignal, changeSentences, type Standing, unknownSentence, whySentences } from './core/heat-sentences.ts';
import { type HeatTest, heatTests } from './core/heat-tests.ts';

export const getAccountHeatInput = z.strictObject({
  account: accountName,
  /** Heat as of this UTC day, with what is known now; today when left out. */
  as_of: z.string().refine(isIsoDate, ISO_DATE).optional(),
});

export interface UnknownFact {
  field: string;
  label: string;
  could_change_tier: boolean;
  /** What it could do, in a sentence. */
  effect: string;
}

export interface AccountHeat {
  account: { id: string; name: string | null; domain: string | null; answers_for?: string };
  as_of: string;
  heat: Standing['heat'];
  score: number;
  tier: string;
  why: string[];
  tests: HeatTest[];
  events_this_week: number;
  events_three_weeks_before: number;
  act_now: { type: string; label: string; occurred_on: string; age_days: number }[];
  since_last_week: { as_of: string; heat: Standing['heat']; score: number; tier: string; changes: string[] };
  /** The criteria that could not be decided, by label. */
  undecided: string[];
  /** Of today alone: what each unknown field could change; those that could change the tier come first. */
  unknown: UnknownFact[];
  coverage_percent: number;
  receipt: Receipt;
  definitions: DefinitionRef[];
}

const WEEK = 7;

/**
 * Whether an account is hot, warm or cold, why, what changed in a week, and what is not known. The week before is scored
 * with the same rubric and with what is known now, so that every difference is the account's own.
 * @throws SamepageError `not_found`, `ambiguous`.
 */
export async function getAccountHeat(ctx: Context, given: z.input<typeof getAccountHeatInput>): Promise<AccountHeat> {
  requireScope(ctx, 'read');
  const input = getAccountHeatInput.parse(given);
  return readWorkspace(ctx, async (tx) => {
    const subject = await findSubject(tx, ctx, 'account', input.account);
    const asOfDay = input.as_of === undefined ? undefined : dayFromIso(input.as_of);
    const view = await scoreView(tx, ctx, 'account', subject, { asOfDay });
    const { rubric, taxonomy } = view;
    const today = dayFromIso(view.receipt.as_of);
    const earlier = await standpoint(tx, ctx, { kind: 'account', id: subject.id }, { asOfDay: today - WEEK });
    const weekAgo = await computeOne(tx, ctx, rubric, 'account', subject, earlier);

    const now = standingOf(rubric.document, today, view);
    const before = standingOf(rubric.document, today - WEEK, weekAgo);
    const label = new Map(taxonomy.document.event_types.map((type) => [type.id, type.label]));
    const signals = await actNowSignals(tx, ctx, subject.id, rubric.document, today, label);
    const fieldLabel = new Map(taxonomy.document.fields.map((field) => [field.name, field.label]));
    return {
      account: {
        id: subject.id,
        name: subject.name,
        domain: subject.key,
        ...(subject.answers_for !== undefined && { answers_for: subject.answers_for }),
      },
      as_of: now.asOf,
      heat: now.heat,
      score: now.score,
      tier: now.tier,
      why: whySentences(rubric.document, now, signals),
      tests: heatTests(rubric.document.heat, now.counts),
      events_this_week: now.counts.thisWeek,
      events_three_weeks_before: now.counts.weeksBefore,
      act_now: signals.map(({ withinDays: _, ageDays, ...signal }) => ({
        ...signal,
        age_days: ageDays,
        occurred_on: isoFromDay(today - ageDays),
      })),
      since_last_week: {
        as_of: before.asOf,
        heat: before.heat,
        score: before.score,
        tier: before.tier,
        changes: changeSentences(rubric.document, now, before),
      },
      undecided: rubric.document.criteria.filter((c) => now.undecided.has(c.id)).map((c) => c.label ?? c.id),
      unknown: view.unknown.map(({ field, best, worst, couldChangeTier }) => ({
        field,
        label: fieldLabel.get(field) ?? field,
        could_change_tier: couldChangeTier,
        effect: unknownSentence({ label: fieldLabel.get(field) ?? field, best, worst }),
      })),
      coverage_percent: view.explanation.coverage.percent,
      receipt: view.receipt,
      definitions: view.definitions,
    };
  });
}

function standingOf(rubric: Rubric, day: number, { result, heatCounts }: Pick<Computed, 'result' | 'heatCounts'>): Standing {
  if (heatCounts === null || result.heat === null) throw new Error('an account was scored without heat');
  const { parts, disqualifiedBy } = explain(rubric, 'account', result);
  return {
    asOf: isoFromDay(day),
    heat: result.heat,
    score: result.score,
    tier: result.tier,
    counts: heatCounts,
    points: new Map(parts.map((part) => [part.criterion, part.points])),
    undecided: new Set(parts.filter((part) => part.state === 'unknown').map((part) => part.criterion)),
    disqualifiedBy,
  };
}

const newestSchema = z.array(z.object({ type: z.string(), day: z.number() }));

/** The latest signal of each act-now test that holds. */
async function actNowSignals(
  tx: Tx,
  ctx: Context,
  accountId: string,
  rubric: Rubric,
  today: number,
  labels: ReadonlyMap<string, string>,
): Promise<(ActNowSignal & { type: string })[]> {
  const tests = rubric.heat.act_now ?? [];
  if (tests.length === 0) return [];
  const params = new SqlParams();
  const rows = newestSchema.parse(
    await tx.query(
      `select e.type, max(e.occurred_day) as day from event e
       where e.workspace_id = ${params.add(ctx.workspaceId)} and e.account_id = ${params.add(accountId)}::uuid and e.superseded_at is null
         and e.type = any(${params.texts(tests.map((test) => test.type))}) and e.occurred_day <= ${today}
       group by e.type`,
      params.values,
    ),
  );
  const newest = new Map(rows.map((row) => [row.type, row.day]));
  return tests.flatMap(({ type, within_days }) => {
    const day = newest.get(type);
    if (day === undefined || today - day >= within_days) return [];
    return [{ type, label: labels.get(type) ?? type, ageDays: today - day, withinDays: within_days }];
  });
}
