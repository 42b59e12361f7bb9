import { z } from 'zod';
import { SCORED_TIERS } from '../definitions/core/common.ts';
import type { Definition } from '../definitions/core/definition.ts';
import type { SubjectKind } from '../definitions/core/rubric.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { SqlParam, Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { HeatCounts } from './core/heat-counts.ts';
import { oneSubjectSql } from './core/one-subject-sql.ts';
import type { ScoreResult } from './core/receipt.ts';
import { scoreSql } from './core/score-sql.ts';
import type { Source } from './core/subject-sql.ts';

export interface Computed {
  id: string;
  variant: number | null;
  knownAt: Date;
  result: ScoreResult;
  /** Null for a lead. */
  heatCounts: HeatCounts | null;
}

const computedRow = z
  .object({
    id: z.string(),
    variant: z.number().nullable(),
    known_at: z.coerce.date(),
    score: z.number(),
    tier: z.enum(SCORED_TIERS),
    heat: z.enum(['hot', 'warm', 'cold']).nullable(),
    points: z.array(z.number()),
    unknown: z.number(),
    disqualified: z.number(),
    depth: z.coerce.number().optional(),
    people: z.coerce.number().optional(),
    this_week: z.coerce.number().optional(),
    weeks_before: z.coerce.number().optional(),
    act_now: z.boolean().optional(),
  })
  .transform(({ id, variant, known_at, depth, people, this_week, weeks_before, act_now, ...result }): Computed => {
    const counted = depth !== undefined && people !== undefined && this_week !== undefined && weeks_before !== undefined;
    return {
      id,
      variant,
      knownAt: known_at,
      result,
      heatCounts: counted ? { depth, people, thisWeek: this_week, weeksBefore: weeks_before, actNow: act_now ?? false } : null,
    };
  });

export interface ComputeInput {
  rubric: Definition<'rubric'>;
  kind: SubjectKind;
  ids: readonly string[];
  asOfDay: number;
  source: Source;
}

/** Scores subjects without writing. A subject that the source does not know is left out. */
export async function computeScores(tx: Tx, ctx: Context, { rubric, kind, ids, asOfDay, source }: ComputeInput): Promise<Computed[]> {
  const { text, values } = statementOf(ctx.workspaceId, { rubric, kind, ids, asOfDay, source });
  const rows = await tx.query(`select s.*, to_jsonb(s.points) as points from (${text}) s order by s.id, s.variant`, values, {
    prepare: true,
  });
  return z.array(computedRow).parse(rows);
}

function statementOf(workspaceId: string, { rubric, kind, ids, asOfDay, source }: ComputeInput): { text: string; values: SqlParam[] } {
  const [id] = ids;
  if (source.mode === 'today' && id !== undefined && ids.length === 1) {
    return oneSubjectSql({ workspaceId, rubric: rubric.document, kind, id, asOfDay });
  }
  const params = new SqlParams();
  const text = scoreSql({ params, workspaceId, rubric: rubric.document, kind, selection: { ids }, source, asOfDay });
  return { text, values: params.values };
}

/** Where a score of one subject is computed from, and the definitions that hold there. */
export interface Standpoint {
  asOfDay: number;
  source: Exclude<Source, { mode: 'variants' }>;
  taxonomy: Definition<'taxonomy'>;
}

const standingRow = z.array(z.object({ known_at: z.coerce.date(), expired: z.boolean() }));

/**
 * The projections serve today; any other day, an earlier state of knowledge, or a subject with an expired value is
 * computed from the logs. Both give the same where both can.
 * @param asOfDay today when left out; never before the last day of which something is known, unless given.
 */
export async function standpoint(
  tx: Tx,
  ctx: Context,
  subject: { kind: SubjectKind; id: string },
  given: { asOfDay?: number | undefined; knownAt?: Date | undefined } = {},
): Promise<Standpoint> {
  // at the latest what was in use is what is in use now, so neither waits for the other
  const [rows, taxonomy] = await Promise.all([
    tx.query(
      `select w.known_at, exists (select 1 from ${subject.kind === 'account' ? 'account' : 'person'} x
         left join account a on a.workspace_id = x.workspace_id and a.id = ${subject.kind === 'account' ? 'x.id' : 'x.account_id'}
         where x.workspace_id = $1 and x.id = $2::uuid and least(x.stale_day, a.stale_day) <= greatest($3::int, floor(extract(epoch from w.known_at) / 86400)::int)) as expired
       from workspace w where w.workspace_id = $1`,
      [ctx.workspaceId, subject.id, given.asOfDay ?? dayOf(ctx.now())],
      { prepare: true },
    ),
    currentDefinition(tx, ctx, 'taxonomy', given.knownAt),
  ]);
  const [row] = standingRow.parse(rows);
  if (row === undefined) throw new Error('the workspace has no row');
  const today = Math.max(dayOf(ctx.now()), dayOf(row.known_at));
  const asOfDay = given.asOfDay ?? today;
  // what was known later than now is what is known now
  const knownAt = given.knownAt !== undefined && given.knownAt < row.known_at ? given.knownAt : row.known_at;
  const current = knownAt === row.known_at && asOfDay === today && !row.expired;
  return {
    asOfDay,
    taxonomy,
    source: current ? { mode: 'today' } : { mode: 'history', knownAt: knownAt.toISOString(), policy: taxonomy.document },
  };
}
