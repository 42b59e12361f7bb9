import { z } from 'zod';
import { readPredicate } from '../definitions/core/predicate.ts';
import { labelsOf, predicateSentence } from '../definitions/core/sentence.ts';
import type { Taxonomy } from '../definitions/core/taxonomy.ts';
import { truthSql } from '../engagement/core/where-sql.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { type Readiness, readinessOf } from './core/readiness.ts';

const rows = z.tuple([z.object({ met: z.array(z.boolean().nullable()) })]);

/**
 * Whether a person can be handed off, by the MQL rule of the taxonomy and what is known now.
 * @param asOfDay the day from which windows of events count back
 * @param disqualifiedBy what the rubric's disqualifiers that apply mean
 */
export async function readReadiness(
  tx: Tx,
  ctx: Context,
  { person, taxonomy, asOfDay, disqualifiedBy }: { person: string; taxonomy: Taxonomy; asOfDay: number; disqualifiedBy: readonly string[] },
): Promise<Readiness> {
  const rule = readPredicate(taxonomy.mql);
  const parts = rule.op === 'all' ? rule.of : [rule];
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const truths = parts.map((part) => truthSql(part, { params, workspaceId: ctx.workspaceId, kind: 'person', asOfDay }));
  const [{ met }] = rows.parse(
    await tx.query(
      `select jsonb_build_array(${truths.join(', ')}) as met from person r
       left join account a on a.workspace_id = ${ws} and a.id = r.account_id
       where r.workspace_id = ${ws} and r.id = ${params.add(person)}::uuid`,
      params.values,
      { prepare: true },
    ),
  );
  const labels = labelsOf(taxonomy);
  return readinessOf(
    parts.map((part) => predicateSentence(part, labels)),
    met,
    disqualifiedBy,
  );
}
