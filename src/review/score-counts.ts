import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import type { Rubric, SubjectKind } from '../definitions/core/rubric.ts';
import type { Context } from '../kernel/context.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { boundsOf, partsFor } from '../scoring/core/rescore-plan.ts';
import { scoreSql } from '../scoring/core/score-sql.ts';
import type { Scores } from './core/draft-tiers.ts';

const countRow = z.object({ account: z.coerce.number(), lead: z.coerce.number() });
const scoreRows = z.array(z.object({ score: z.number(), n: z.coerce.number() }));

/** How many of today's accounts and leads have each score under each rubric; disqualified ones are left out. */
export async function scoreCounts(ctx: Context, rubrics: readonly Rubric[], asOfDay: number): Promise<Scores[]> {
  const [row] = await readWorkspace(ctx, (tx) =>
    tx.query(
      `select (select count(*) from account where workspace_id = $1) as account, (select count(*) from person where workspace_id = $1) as lead`,
      [ctx.workspaceId],
    ),
  );
  const counts = countRow.parse(row);
  const found = rubrics.map(() => new Map<number, number>());
  const work = (['account', 'lead'] as const).flatMap((kind) => {
    const parts = partsFor(counts[kind]);
    return Array.from({ length: parts }, (_, part) =>
      rubrics.map((rubric, of) => ({ kind, rubric, of, bounds: boundsOf(part, parts) })),
    ).flat();
  });
  for (const [done, { kind, rubric, of, bounds }] of work.entries()) {
    ctx.signal.throwIfAborted();
    for (const { score, n } of await countPart(ctx, rubric, kind, bounds, asOfDay)) found[of]?.set(score, (found[of]?.get(score) ?? 0) + n);
    ctx.progress.report(done + 1, work.length, 'records of today scored');
  }
  return found;
}

async function countPart(ctx: Context, rubric: Rubric, kind: SubjectKind, selection: ReturnType<typeof boundsOf>, asOfDay: number) {
  const params = new SqlParams();
  const text = scoreSql({ params, workspaceId: ctx.workspaceId, rubric, kind, selection, source: { mode: 'today' }, asOfDay });
  const counted = `select score, count(*) as n from (${text}) s where disqualified = 0 group by score order by score`;
  return scoreRows.parse(await readWorkspace(ctx, (tx) => tx.query(counted, params.values)));
}
