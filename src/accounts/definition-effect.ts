import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { DefinitionDocument } from '../definitions/core/definition.ts';
import type { Icp } from '../definitions/core/icp.ts';
import type { PredicateDocument } from '../definitions/core/predicate.ts';
import { readPredicate } from '../definitions/core/predicate.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import { definitionByHash } from '../definitions/definition-by-hash.ts';
import { whereSql } from '../engagement/core/where-sql.ts';
import type { Context } from '../kernel/context.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { simulateRubric } from '../scoring/simulate-rubric.ts';

/** So many records would go from one tier or segment to another; those that stay are counted too. */
export interface Migration {
  of: 'account' | 'lead';
  by: 'tier' | 'segment';
  from: string;
  to: string;
  n: number;
}

const rows = z.array(z.object({ from: z.string(), to: z.string(), n: z.coerce.number() }));

/**
 * What a version would do to today's data in place of the one in use: tiers under a rubric, segments under an ICP; nothing
 * for the other kinds. Nothing is written.
 */
export async function definitionEffect(
  ctx: Context,
  { kind, hash }: { kind: DefinitionDocument['kind']; hash: string },
): Promise<Migration[]> {
  requireScope(ctx, 'read');
  if (kind === 'rubric') {
    const { document } = await readWorkspace(ctx, (tx) => definitionByHash(tx, ctx, kind, hash));
    const { byKind } = await simulateRubric(ctx, { rubric: { ...document }, movers: 0 });
    return (['account', 'lead'] as const).flatMap((of) =>
      (byKind[of]?.migration ?? []).map((one) => ({ of, by: 'tier' as const, ...one })),
    );
  }
  if (kind !== 'icp') return [];
  return readWorkspace(ctx, async (tx) => {
    const [current, proposed] = [await currentDefinition(tx, ctx, 'icp'), await definitionByHash(tx, ctx, 'icp', hash)];
    const params = new SqlParams();
    const segment = (icp: Icp) => segmentSql(icp, params, ctx);
    const text = `select "from", "to", count(*) as n from (
        select ${segment(current.document)} as "from", ${segment(proposed.document)} as "to" from account r
        where r.workspace_id = ${params.add(ctx.workspaceId)} and r.merged_into is null
      ) moved group by 1, 2 order by 1, 2`;
    return rows.parse(await tx.query(text, params.values)).map((one) => ({ of: 'account' as const, by: 'segment' as const, ...one }));
  });
}

/** The id of the first segment that holds for the account `r`; `excluded` and `none` stand for themselves. */
function segmentSql(icp: Icp, params: SqlParams, ctx: Context): string {
  const holds = (when: PredicateDocument) =>
    whereSql(readPredicate(when), { params, workspaceId: ctx.workspaceId, kind: 'account', asOfDay: dayOf(ctx.now()) });
  const excluded = (icp.exclude ?? []).map(({ when }) => `when ${holds(when)} then 'excluded'`);
  const segments = icp.segments.map(({ id, when }) => `when ${holds(when)} then ${params.add(id)}::text`);
  return `case ${[...excluded, ...segments].join(' ')} else 'none' end`;
}
