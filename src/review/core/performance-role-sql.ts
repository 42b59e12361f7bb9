import type { Icp } from '../../definitions/core/icp.ts';
import { readPredicate } from '../../definitions/core/predicate.ts';
import { truthSql } from '../../engagement/core/where-sql.ts';
import type { SqlParams } from '../../kernel/sql-params.ts';
import { dealDaysSql } from './performance-deal-sql.ts';
import { spanSql, type Windows } from './performance-windows.ts';

/**
 * A statement of how many deals have which roles of the buying group among the people of their account, as people are known on the day of the
 * answer: rows of `state` (open, won, lost, won_before), `has` (a truth for each role; null without an account) and `n`. Deals that are closed
 * are those closed in the month.
 */
export function roleSql(
  { params, workspaceId, windows }: { params: SqlParams; workspaceId: string; windows: Windows },
  roles: Pick<Icp, 'buying_group'>['buying_group'],
): string {
  const ws = params.add(workspaceId);
  const scope = { params, workspaceId, kind: 'person', asOfDay: windows.today } as const;
  const holds = roles.map(({ when }) => `coalesce(bool_or(${truthSql(readPredicate(when), scope)}), false)`);
  return `with d as materialized (
      select account_id, case when not is_closed then 'open' when span = 'this' then case when won then 'won' else 'lost' end when won then 'won_before' end as state
      from (select d.*, ${spanSql('d.closed', windows)} as span from (${dealDaysSql(params, workspaceId)}) d) x
      where not is_closed or (won is not null and (span = 'this' or (span = 'before' and won)))),
    k as materialized (select distinct account_id from d where account_id is not null),
    g as (
      select k.account_id, to_jsonb(array[${holds.join(', ')}]::boolean[]) as has
      from k left join lateral (select a.* from account a where a.workspace_id = ${ws} and a.id = k.account_id offset 0) a on true
      left join lateral (select p.* from person p where p.workspace_id = ${ws} and p.account_id = k.account_id and p.merged_into is null offset 0) r on true
      group by k.account_id)
    select d.state, g.has, count(*) as n from d left join g on g.account_id = d.account_id group by 1, 2`;
}
