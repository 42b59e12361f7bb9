import { dealsSql } from '../../attribution/core/deal-sql.ts';
import type { SqlParams } from '../../kernel/sql-params.ts';
import { scoresThen } from '../../playbook/core/audit-sql.ts';
import { CLOSED } from '../../playbook/core/plays-sql.ts';
import type { PerformanceScope } from './performance-lead-sql.ts';
import { cohortRow } from './performance-lead-sql.ts';
import { daySql, spanSql } from './performance-windows.ts';

/** SQL of the day of a date as text, null of anything else. */
const dayOfText = (date: string) => `(case when ${date} ~ '^\\d{4}-\\d{2}-\\d{2}$' then ${date}::date - date '1970-01-01' end)`;

/**
 * A SELECT of deals with their days: `opened`; `closed` of those won or lost alone; `close_day` of all; `cents`, below zero too. Days, outcomes and
 * amounts are those by which credits are given.
 */
export function dealDaysSql(params: SqlParams, workspaceId: string): string {
  return `select o.id, o.account_id, o.changed_at, ${CLOSED} is true as is_closed, x.won, nullif(x.currency, '') as currency, ${dayOfText('x.created')} as opened,
      ${dayOfText('x.closed')} as closed, ${dayOfText("coalesce(x.closed, o.fields ->> 'close_date')")} as close_day,
      case when abs(x.amount::numeric) <= ${LARGEST_CENTS} then x.amount::numeric end as cents
    from (${dealsSql({ params, workspaceId, past: undefined })} offset 0) x
    cross join lateral (select o.* from opportunity o where o.workspace_id = ${params.add(workspaceId)} and o.id = x.id::uuid offset 0) o`;
}

/** As attribution has it: a larger amount is a mistake. */
const LARGEST_CENTS = '100000000000000';

/** Sums of `cents` that add up to more than a JSON number holds travel as text. */
const SUMS = `'n', count(*), 'priced', count(cents), 'cents', coalesce(sum(cents), 0)::text, 'squares', coalesce(sum(cents * cents), 0)::text`;

/** Of those won deals that have an amount and a course: how many, and what the product of their means is computed from. */
const COURSE = (() => {
  const both = 'filter (where cents >= 0 and days >= 0)';
  const sum = (of: string) => `coalesce(sum(${of}) ${both}, 0)::text`;
  return `'courses', count(*) ${both}, 'c', ${sum('cents')}, 'cc', ${sum('cents * cents')}, 'd', ${sum('days::numeric')}, 'dd', ${sum('days::numeric * days')}, 'cd', ${sum('cents * days')}`;
})();

/**
 * One statement of rows of JSON about deals, each with its `part`: `closed` (with the tier of the account when the deal was opened), `created`,
 * `open` (at the end of a month), `cohort`, `cycle`, `stage` (days in a stage of the CRM, by what was observed of it) and `doubts`.
 */
export function dealSql({ params, workspaceId, windows, steps }: PerformanceScope): string {
  const ws = params.add(workspaceId);
  const { year, before, this: now, today } = windows;
  const since = `${params.add(new Date(before.from * 86_400_000).toISOString())}::timestamptz`;
  const scores = scoresThen('account', ws);
  const spanOf = (day: string) => spanSql(day, windows);
  const touched = `(${spanOf('d.opened')} = 'this' or ${spanOf('d.closed')} = 'this')`;
  const counts = {
    deals: touched,
    unpriced: `${touched} and d.cents is null`,
    negative: `${touched} and d.cents < 0`,
    without_currency: `${touched} and d.cents is not null and d.currency is null`,
    backwards: `${touched} and d.closed < d.opened`,
    without_created: 'd.opened is null',
    without_closed: 'd.won is not null and d.closed is null',
    without_outcome: `d.is_closed and d.won is null and ${spanOf('d.close_day')} = 'this'`,
    closed_later: `d.closed > ${today}`,
    opened_later: `d.opened > ${today}`,
  };
  const parts = [
    `select jsonb_build_object('part', 'closed', 'span', span, 'tier', tier, 'won', won, 'currency', currency, ${SUMS}, ${COURSE}) as row from (
      select coalesce(${spanOf('d.closed')}, 'earlier') as span, ${scores.columns}, d.won, d.currency, d.cents, d.closed - d.opened as days
      from (select * from d where d.closed >= ${year.from} and d.closed < ${year.to}) d ${scores.joins}) x group by span, tier, won, currency`,
    `select jsonb_build_object('part', 'created', 'span', span, 'currency', currency, ${SUMS}) from (
      select ${spanOf('d.opened')} as span, d.currency, d.cents from d) x where span is not null group by span, currency`,
    ...(['this', 'before'] as const).map((span) => {
      const { to } = windows[span];
      return `select jsonb_build_object('part', 'open', 'span', '${span}', 'currency', currency, 'n', count(*)) from d
        where d.opened < ${to} and (not d.is_closed or d.close_day >= ${to}) group by currency`;
    }),
    ...steps.flatMap((step, at) => {
      if (step.counted !== 'deals') return [];
      const took = `(case when d.won = ${step.end === 'won'} then d.closed - d.opened end)`;
      return [cohortRow(at, spanSql('d.opened', windows, step.mature), 'd', { took, ...step })];
    }),
    `select jsonb_build_object('part', 'cycle', 'span', span, 'won', won, 'days', days, 'n', n) from (
      select ${spanOf('d.closed')} as span, d.won, d.closed - d.opened as days, count(*) as n from d where d.closed >= d.opened group by 1, 2, 3) x where span is not null`,
    `select jsonb_build_object('part', 'stage', 'span', span, 'stage', stage, 'days', days, 'n', n) from (
      select ${spanOf('s.went')} as span, s.stage, s.went - s.came as days, count(*) as n from (
        select x.stage, case when x.is_first then case when x.day <= x.opened + 1 then x.opened end else x.day end as came,
          lead(x.day) over (partition by x.id order by x.observed_at, x.recorded_at, x.ordinal) as went
        from (
          select d.id, d.opened, b.observed_at, b.recorded_at, b.ordinal, ${daySql('b.observed_at')} as day, b.values ->> 'stage' as stage,
            lag(b.values ->> 'stage') over w is distinct from b.values ->> 'stage' as is_new, row_number() over w = 1 as is_first
          from (select * from d where d.changed_at >= ${since} and d.opened < ${now.to} offset 0) d
          cross join lateral (select b.* from observation b where b.workspace_id = ${ws} and b.entity_id = d.id
            and jsonb_typeof(b.values -> 'stage') = 'string' offset 0) b
          window w as (partition by d.id order by b.observed_at, b.recorded_at, b.ordinal)) x where x.is_new) s
      where s.went >= s.came group by 1, 2, 3) x where span is not null`,
    `select jsonb_build_object('part', 'doubts', ${Object.entries(counts)
      .map(([name, where]) => `'${name}', count(*) filter (where ${where})`)
      .join(', ')}) from d`,
  ];
  return `with d as materialized (${dealDaysSql(params, workspaceId)})
    ${parts.join('\n union all ')}`;
}
