import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import type { Rubric, SubjectKind } from '../definitions/core/rubric.ts';
import type { Context } from '../kernel/context.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { boundsOf, partsFor } from '../scoring/core/rescore-plan.ts';
import { scoreSql } from '../scoring/core/score-sql.ts';
import type { ScorePair } from './core/draft-tiers.ts';
import { inParts } from './in-parts.ts';

const countRow = z.object({ account: z.coerce.number(), lead: z.coerce.number() });
const pairRows = z.array(z.object({ before: z.number().nullable(), after: z.number().nullable(), n: z.number() }));

/** How many of today's accounts and leads have which score under one rubric and which under another. */
export async function scorePairs(ctx: Context, before: Rubric, after: Rubric, asOfDay: number): Promise<ScorePair[]> {
  const [row] = await readWorkspace(ctx, (tx) =>
    tx.query(
      `select (select count(*) from account where workspace_id = $1) as account, (select count(*) from person where workspace_id = $1) as lead`,
      [ctx.workspaceId],
    ),
  );
  const counts = countRow.parse(row);
  const work = (['account', 'lead'] as const).flatMap((of) => {
    const parts = partsFor(counts[of]);
    return Array.from({ length: parts }, (_, part) => ({ of, bounds: boundsOf(part, parts) }));
  });
  const found: ScorePair[] = [];
  await inParts(ctx, { all: work, size: 1, what: 'records of today scored' }, async (part) => {
    for (const { of, bounds } of part) {
      const params = new SqlParams();
      const text = pairsSql(params, ctx.workspaceId, { of, bounds, before, after, asOfDay });
      const rows = await readWorkspace(ctx, (tx) => tx.query(text, params.values), { planning: 'sets' });
      found.push(...pairRows.parse(rows).map((pair) => ({ of, ...pair })));
    }
  });
  return found;
}

interface Part {
  of: SubjectKind;
  bounds: ReturnType<typeof boundsOf>;
  before: Rubric;
  after: Rubric;
  asOfDay: number;
}

function pairsSql(params: SqlParams, workspaceId: string, { of: kind, bounds: selection, before, after, asOfDay }: Part): string {
  const scores = (rubric: Rubric) => {
    const score = scoreSql({ params, workspaceId, rubric, kind, selection, source: { mode: 'today' }, asOfDay });
    return `select id, case when disqualified = 0 then score end as score from (${score}) s`;
  };
  return `with one as materialized (${scores(before)}), other as materialized (${scores(after)})
    select one.score as before, other.score as after, count(*)::int as n from one join other on other.id = one.id group by 1, 2`;
}
