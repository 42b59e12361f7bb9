import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { DefinitionRef } from '../definitions/core/definition.ts';
import type { Taxonomy } from '../definitions/core/taxonomy.ts';
import { currentDefinition, refOf } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { inOrder, type ReviewFigures, reviewFigures } from './core/review-figures.ts';
import { lastWeek, PERIOD_FORM, type ReviewPeriod, reviewPeriod } from './core/review-period.ts';
import { ReviewSql } from './core/review-sql.ts';
import { segmentLabel } from './core/segments.ts';
import { type RuleEffect, readEffect } from './read-effect.ts';
import { readSegmentRules, type SegmentRule } from './segment-rule.ts';

export const reviewHandoffsInput = z.strictObject({
  period: z
    .string()
    .refine((name) => reviewPeriod(name) !== undefined, `must be ${PERIOD_FORM}`)
    .optional()
    .describe('2026-W47, 2026-11, 2026-Q4 or 2026-11-01..2026-11-30, UTC; left out: the last whole week'),
});

const DAY = 86_400_000;
/** Of breaches, overrides and segments a review names so many, beside the true total. */
const MOST = 20;
/** Open hand-offs by the days since they were handed off: below the first, from each on. */
const AGES = [1, 3, 7, 14, 30] as const;

const text = z.string().nullable();
const n = z.coerce.number();
const shared = { source: text, this: z.boolean(), n };
const handedRows = z.array(z.object({ ...shared, overridden: z.boolean(), waits: z.boolean(), merged: z.boolean() }));
const decidedRows = z.array(z.object({ ...shared, code: text, kept: z.boolean(), owner: text }));
const clockRows = z.array(z.object({ ...shared, clock: z.string(), kept: n }));
const timeRows = z.array(z.object({ clock: z.string(), source: text, whole: z.boolean(), median: n.nullable(), p90: n.nullable() }));
const segmentRows = z.array(z.object({ side: z.string(), segment: text, code: text, n }));
const ageRows = z.array(z.object({ stage: z.string(), step: n, n }));
const breachRow = z.object({
  hand_off: z.string(),
  clock: z.string(),
  due_at: z.coerce.date(),
  ended_at: z.coerce.date().nullable(),
  person: text,
  owner: text,
});
const overrideRow = z.object({ hand_off: z.string(), person: text, reason: z.string(), stage: z.string(), code: text });
const recycledRow = z.object({ sent_back: n, due: n, again: n, kept: n, rejected: n });

export interface RejectedSegment {
  side: string;
  label: string;
  decided: number;
  rejected: number;
  /** The code that was given most. */
  code: string;
}

export interface ReviewedRule extends SegmentRule {
  /** Of the leads of its segment that were handed off in the period; null where the side is not compared any more. */
  effect: RuleEffect | null;
}

export interface HandoffReview extends ReviewFigures {
  /** Days, YYYY-MM-DD, both counted. */
  period: { name: string; from: string; to: string };
  /** The segments with most rejections. */
  segments: RejectedSegment[];
  breaches: z.output<typeof breachRow>[];
  breaches_total: number;
  /** As of now: stages with their hand-offs of each age. */
  ageing: { stage: string; open: number[] }[];
  overrides: z.output<typeof overrideRow>[];
  recycled: z.output<typeof recycledRow>;
  rules: ReviewedRule[];
  definitions: DefinitionRef[];
}

/**
 * The hand-offs of a period: how many, what became of them, which promises were kept, what changed since the period before, and the segment rules.
 * @throws SamepageError `invalid_input`
 */
export async function reviewHandoffs(ctx: Context, given: z.input<typeof reviewHandoffsInput>): Promise<HandoffReview> {
  requireScope(ctx, 'read');
  const input = parseInput(reviewHandoffsInput, given, 'review_handoffs');
  const now = ctx.now();
  const period = (input.period === undefined ? undefined : reviewPeriod(input.period)) ?? lastWeek(now);
  return readWorkspace(ctx, async (tx) => {
    const taxonomy = await currentDefinition(tx, ctx, 'taxonomy');
    const { rejection_codes: codes, compare_by: sides = [] } = taxonomy.document;
    const read = async <T extends z.ZodType>(rows: T, sql: (review: ReviewSql) => string): Promise<z.output<T>> => {
      const params = new SqlParams();
      const instants = {
        before: instant(2 * period.from - period.to),
        from: instant(period.from),
        to: instant(period.to),
        now: now.toISOString(),
      };
      const statement = sql(new ReviewSql({ params, workspaceId: ctx.workspaceId, ...instants }));
      return rows.parse(await tx.query(statement, params.values));
    };
    const figures = reviewFigures(
      {
        handed: await read(handedRows, (review) => review.handed()),
        decided: await read(decidedRows, (review) => review.decided()),
        clocks: await read(clockRows, (review) => review.clocks()),
        times: await read(timeRows, (review) => review.clockTimes()),
      },
      codes,
    );
    const [recycled] = await read(z.tuple([recycledRow]), (review) => review.recycled());
    return {
      period: { name: period.name, from: instant(period.from).slice(0, 10), to: instant(period.to - 1).slice(0, 10) },
      ...figures,
      segments: sides.length === 0 ? [] : mostRejected(await read(segmentRows, (review) => review.segments(sides)), taxonomy.document),
      breaches: await read(z.array(breachRow), (review) => review.breaches(MOST)),
      breaches_total: figures.clocks.reduce((sum, { breached }) => sum + breached, 0),
      ageing: ageing(await read(ageRows, (review) => review.ageing(AGES))),
      overrides: await read(z.array(overrideRow), (review) => review.overrides(MOST)),
      recycled,
      rules: await rulesOf(tx, ctx, period, taxonomy.document),
      definitions: [refOf(taxonomy)],
    };
  });
}

const instant = (day: number) => new Date(day * DAY).toISOString();

function mostRejected(rows: z.output<typeof segmentRows>, { compare_by = [] }: Taxonomy): RejectedSegment[] {
  const found = new Map<string, RejectedSegment & { most: number }>();
  for (const { side: id, segment, code, n: given } of inOrder(rows)) {
    const side = compare_by.find((one) => one.id === id);
    if (side === undefined) continue;
    const label = segmentLabel(side, segment);
    const one = found.get(`${id} ${label}`) ?? { side: id, label, decided: 0, rejected: 0, code: '', most: 0 };
    found.set(`${id} ${label}`, one);
    one.decided += given;
    if (code === null) continue;
    one.rejected += given;
    if (given > one.most) Object.assign(one, { code, most: given });
  }
  return [...found.values()]
    .filter(({ rejected }) => rejected > 0)
    .sort((a, b) => b.rejected - a.rejected)
    .slice(0, MOST)
    .map(({ most: _, ...one }) => one);
}

function ageing(rows: z.output<typeof ageRows>): HandoffReview['ageing'] {
  const stages = new Map<string, number[]>();
  for (const { stage, step, n: open } of inOrder(rows)) {
    const counts = stages.get(stage) ?? new Array<number>(AGES.length + 1).fill(0);
    counts[step] = open;
    stages.set(stage, counts);
  }
  return [...stages].map(([stage, open]) => ({ stage, open }));
}

/** Proposed, in force and doubted, with what became of their segments' leads in the period. */
async function rulesOf(tx: Tx, ctx: Context, { from, to }: ReviewPeriod, { compare_by = [] }: Taxonomy): Promise<ReviewedRule[]> {
  const rules = await readSegmentRules(tx, ctx, ['proposed', 'in_force', 'doubted']);
  const span = { from: new Date(from * DAY), to: new Date(to * DAY) };
  const reviewed: ReviewedRule[] = [];
  for (const rule of rules) {
    const side = compare_by.find(({ id }) => id === rule.side);
    const read = side === undefined ? null : await readEffect(tx, ctx, { side, segment: rule.segment, code: rule.code, span });
    reviewed.push({ ...rule, effect: read?.effect ?? null });
  }
  return reviewed;
}
