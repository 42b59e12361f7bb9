import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { WON } from '../playbook/core/plays-sql.ts';
import { inSegmentSql } from './core/segment-sql.ts';
import type { Side } from './core/segments.ts';
import { handedIn, type Span } from './count-segments.ts';

/** What became of the leads of a segment: what a rule would have kept from a hand-off, good and bad. */
export const ruleEffect = z.strictObject({
  handed_off: z.number(),
  accepted: z.number(),
  rejected: z.number(),
  /** Of them with the rule's code. */
  rejected_so: z.number(),
  /** Deals of their accounts, opened on the day of a hand-off or later and won; of leads without an account, the leads that were won. */
  won: z.number(),
});
export type RuleEffect = z.infer<typeof ruleEffect>;

const row = z.tuple([ruleEffect.extend({ not: z.array(z.string()) })]);

/** Who sent so many leads on may be passed over by a rule that re-routes. */
const SENT_ON = 3;

/** What a rule on a segment would have changed in a time, and the owners that gave its leads the code most often. */
export async function readEffect(
  tx: Tx,
  ctx: Context,
  { side, segment, code, span }: { side: Side; segment: string | null; code: string; span: Span },
): Promise<{ effect: RuleEffect; not: string[] }> {
  const params = new SqlParams();
  const where = `${handedIn(ctx, span, params)} and ${inSegmentSql(side, segment, params)}`;
  const [ws, given] = [params.add(ctx.workspaceId), `${params.add(code)}::text`];
  const [{ not, ...effect }] = row.parse(
    await tx.query(
      `with s as materialized (select h.id, h.account_id, h.handed_at, h.code, h.stage, h.disposed_at from hand_off h where ${where}),
       first as (select s.account_id, min(s.handed_at) as at from s where s.account_id is not null group by 1)
       select count(*)::int as handed_off, (count(*) filter (where ${ACCEPTED}))::int as accepted,
         (count(*) filter (where s.code is not null))::int as rejected, (count(*) filter (where s.code = ${given}))::int as rejected_so,
         (count(*) filter (where s.stage = 'won' and s.account_id is null) + (
           select count(*) from first cross join lateral (
             select 1 from opportunity o where o.workspace_id = ${ws} and o.account_id = first.account_id and ${WON}
               and o.fields ->> 'created_date' >= to_char(first.at at time zone 'UTC', 'YYYY-MM-DD') offset 0) deal))::int as won,
         to_json(array(select by.owner from s cross join lateral (
             select e.detail ->> 'owner' as owner from hand_off_event e where e.workspace_id = ${ws} and e.hand_off_id = s.id
               and e.kind in ('hand_off', 'assign') order by e.ordinal desc limit 1) by
           where s.code = ${given} and by.owner is not null group by 1 having count(*) >= ${SENT_ON} order by count(*) desc, 1 limit 20)) as not
       from s`,
      params.values,
    ),
  );
  return { effect, not };
}

/** Sales took it on. */
const ACCEPTED = `s.stage in ('accepted', 'qualified', 'opportunity', 'won', 'lost')`;
