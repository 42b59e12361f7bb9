import { z } from 'zod';
import { readWorkspace } from '../../src/db/workspace.ts';
import { rubricDocument } from '../../src/definitions/core/rubric.ts';
import type { Context } from '../../src/kernel/context.ts';
import { dayOf } from '../../src/kernel/dates.ts';
import { boundsOf, partsFor } from '../../src/scoring/core/rescore-plan.ts';
import { type OracleEvent, scoreByOracle } from '../../test/support/oracle.ts';
import { benchRubric } from './rubric.ts';

const row = z.object({
  id: z.string(),
  fields: z.record(z.string(), z.unknown()),
  events: z.array(z.tuple([z.string(), z.number(), z.string().nullable()])),
  result: z.array(z.unknown()),
});

/** Scores every account by the plain scorer of the tests and counts the scores on file that differ. */
export async function compareWithOracle(ctx: Context, accounts: number, say: (line: string) => void): Promise<Record<string, number>> {
  const rubric = rubricDocument.parse(benchRubric);
  const asOfDay = dayOf(ctx.now());
  const parts = partsFor(accounts);
  let compared = 0;
  let differ = 0;
  for (let part = 0; part < parts; part += 1) {
    const { from, to } = boundsOf(part, parts);
    const rows = await readWorkspace(ctx, (tx) =>
      tx.query(
        `select a.id, a.fields,
           coalesce((select jsonb_agg(jsonb_build_array(e.type, e.occurred_day, e.person_id)) from event e
             where e.workspace_id = $1 and e.account_id = a.id and e.superseded_at is null), '[]') as events,
           jsonb_build_array(s.score, s.tier, s.heat, s.points, s.unknown, s.disqualified) as result
         from account a join score s on s.workspace_id = $1 and s.kind = 'account' and s.subject_id = a.id
         where a.workspace_id = $1 and a.id >= coalesce($2, '00000000-0000-0000-0000-000000000000')::uuid
           and a.id <= coalesce($3, 'ffffffff-ffff-ffff-ffff-ffffffffffff')::uuid and ($3::text is null or a.id < $3::text::uuid)`,
        [ctx.workspaceId, from ?? null, to ?? null],
      ),
    );
    for (const one of rows) {
      const { fields, events, result } = row.parse(one);
      const seen = events.map(([type, day, personId]): OracleEvent => ({ type, day, personId }));
      const o = scoreByOracle(rubric, { kind: 'account', accountFields: fields, personFields: {}, events: seen }, asOfDay);
      compared += 1;
      if (JSON.stringify([o.score, o.tier, o.heat, o.points, o.unknown, o.disqualified]) !== JSON.stringify(result)) differ += 1;
    }
    if (part % 10 === 9) say(`${compared} scores compared with the oracle`);
  }
  return { oracle_rows: compared, oracle_rows_that_differ: differ };
}
