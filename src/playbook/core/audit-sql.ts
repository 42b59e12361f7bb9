import type { SqlParams } from '../../kernel/sql-params.ts';
import { ConditionSql } from './condition-sql.ts';
import type { Play, PlayedOn } from './plays.ts';
import { accountJoin, CLOSED, playsSql, scoredAs, scoreJoins, WON } from './plays-sql.ts';

export type Conditions = Pick<Play, 'when' | 'tiers' | 'heat' | 'score'>;

export interface AuditScope {
  params: SqlParams;
  workspaceId: string;
  kind: PlayedOn;
  /** Ids from `from` up to, not including, `to`; open where left out. */
  bounds: { from: string | undefined; to: string | undefined };
}

/** One row with `n`: of how many of the records each play holds on the day. */
export function holdingSql(plays: readonly Conditions[], scope: AuditScope & { day: number }): string {
  const { params, kind } = scope;
  const workspace = params.add(scope.workspaceId);
  const day = `${params.add(scope.day)}::int`;
  const sql = new ConditionSql({ params, workspace, day, kind });
  const { truths, holds } = playsSql(plays, sql, params);
  const counts = holds.map((hold) => `count(*) filter (where ${hold})`);
  return `select to_json(array[${counts.join(', ')}]) as n from (
    select ${truths} as truths, ${scoredAs(kind)}.tier, ${scoredAs(kind)}.score, whole.heat
    from ${kind} r ${accountJoin(kind, workspace)} ${scoreJoins(kind, workspace)} ${sql.events()}
    where r.workspace_id = ${workspace} and ${day} is not null and ${within('r.id', scope)}${kind === 'opportunity' ? '' : ' and r.merged_into is null'} offset 0) x`;
}

/**
 * One row: `decided` and `won` of all deals with an outcome and a day on which they were opened, and `n`, for each play the decided and
 * the won of those of which it held on that day: of the deal's account, of the deal, or of anybody of its account. Events count up to that day,
 * tier, heat and score are the last ones computed up to then; fields are those of today.
 */
export function outcomesSql(plays: readonly Conditions[], scope: AuditScope): string {
  const { params, kind } = scope;
  const workspace = params.add(scope.workspaceId);
  const sql = new ConditionSql({ params, workspace, day: 'd.opened', kind });
  const { truths, holds } = playsSql(plays, sql, params);
  const record = {
    account: `left join account r on r.workspace_id = ${workspace} and r.id = d.account_id`,
    person: `left join person r on r.workspace_id = ${workspace} and r.account_id = d.account_id and r.merged_into is null`,
    opportunity: 'cross join lateral (select d.id, d.account_id, d.fields) r',
  }[kind];
  const reads = plays.some((play) => play.tiers !== undefined || play.heat !== undefined || play.score !== undefined);
  const scores = reads ? scoresThen(kind, workspace) : { columns: 'null as tier, null::int as score, null as heat', joins: '' };
  const any = holds.map((hold) => `coalesce(bool_or(${hold}), false)`);
  const counts = plays.flatMap((_, i) => [`count(*) filter (where held[${i + 1}])`, `count(*) filter (where held[${i + 1}] and won)`]);
  return `with d as materialized (
    select o.id, o.account_id, o.fields, ${WON} as won, (o.fields ->> 'created_date')::date - date '1970-01-01' as opened
    from opportunity o where o.workspace_id = ${workspace} and ${within('o.id', scope)} and ${CLOSED} and ${WON} is not null
      and o.fields ->> 'created_date' ~ '^\\d{4}-\\d{2}-\\d{2}$')
  select count(*) as decided, count(*) filter (where won) as won, to_json(array[${counts.join(', ')}]::bigint[]) as n from (
    select won, array[${any.join(', ')}]::boolean[] as held from (
      select d.id, d.won, case when r.id is not null then ${truths} end as truths, ${scores.columns}
      from d ${record} ${accountJoin(kind, workspace)} ${scores.joins} ${sql.events()} offset 0) x
    group by id, won) y`;
}

/** Joins of the scores that were the latest when a deal `d` was opened (`d.opened`, a day), and their columns `tier`, `score` and `heat`. */
export function scoresThen(kind: PlayedOn, workspace: string): { columns: string; joins: string } {
  const join = (name: string, of: string, subject: string) => `left join lateral (
    select s.tier, s.score, s.heat from (
      select as_of_day, known_at, tier, score, heat from score where workspace_id = ${workspace} and kind = '${of}' and subject_id = ${subject}
      union all
      select as_of_day, known_at, tier, score, heat from score_history where workspace_id = ${workspace} and kind = '${of}' and subject_id = ${subject}) s
    where s.as_of_day <= d.opened order by s.as_of_day desc, s.known_at desc limit 1) ${name} on true`;
  const own = scoredAs(kind);
  return {
    columns: `${own}.tier, ${own}.score, whole.heat`,
    joins: `${join('whole', 'account', 'd.account_id')} ${kind === 'person' ? join('lead', 'lead', 'r.id') : ''}`,
  };
}

function within(column: string, { params, bounds: { from, to } }: AuditScope): string {
  const tests = [
    ...(from === undefined ? [] : [`${column} >= ${params.add(from)}::uuid`]),
    ...(to === undefined ? [] : [`${column} < ${params.add(to)}::uuid`]),
  ];
  return tests.length === 0 ? 'true' : tests.join(' and ');
}
