import { SCORED_TIERS } from '../../definitions/core/common.ts';
import type { SqlParams } from '../../kernel/sql-params.ts';
import type { Windows } from './performance-windows.ts';

/** Whole UTC days: the first that is no longer counted at the end of the month before, and at the end of the month, or of today while it runs. */
export function scoredEnds({ this: month, today }: Pick<Windows, 'this' | 'today'>): { before: number; this: number } {
  return { before: Math.min(month.from, today + 1), this: Math.min(month.to, today + 1) };
}

interface ScoredScope {
  params: SqlParams;
  workspaceId: string;
  ends: { before: number; this: number };
}

/**
 * Rows of JSON: how many records of a kind went from one tier to another between the two ends, and whether by scores of different versions of the
 * rubric; null where there was no score in force. A score is in force from the day as of which it was computed until it is replaced, or its record merged away. Where
 * a run goes on past midnight, two scores of a record are in force at it: the later one counts.
 *
 * One look at each table: a current score that is older than both ends needs nothing else, and of the history only what was replaced since the
 * first of them is put together by record.
 */
export function scoredSql({ params, workspaceId, ends }: ScoredScope): string {
  const ws = params.add(workspaceId);
  const [start, end] = [ends.before, ends.this].map((day) => ({
    day: `${params.add(day)}::int`,
    at: `${params.add(new Date(day * 86_400_000).toISOString())}::timestamptz`,
  })) as [{ day: string; at: string }, { day: string; at: string }];
  const order = `'{${SCORED_TIERS.join(',')}}'::text[]`;
  /** The tier and the version by which it was given, in one number. */
  const standing = `(rubric_version::bigint * 8 + array_position(${order}, tier))`;
  const inForce = ({ day, at }: typeof start) => `as_of_day < ${day} and replaced_at >= ${at}`;
  const last = (instant: typeof start) =>
    `(max(array[(date_part('epoch', replaced_at) * 1000)::bigint, ${standing}]) filter (where ${inForce(instant)}))[2]`;
  return `with past as (
    select kind, subject_id, ${last(start)} as before, ${last(end)} as this from score_history
    where workspace_id = ${ws} and replaced_at >= ${start.at} and (${inForce(start)} or ${inForce(end)}) group by kind, subject_id),
  present as (select kind, subject_id, as_of_day, ${standing} as standing from score where workspace_id = ${ws}),
  went as (
    select coalesce(s.kind, p.kind) as kind, case when s.as_of_day < ${start.day} then s.standing else p.before end as before,
      case when s.as_of_day < ${end.day} then s.standing else p.this end as this
    from present s full join past p on p.kind = s.kind and p.subject_id = s.subject_id)
  select json_build_object('kind', kind, 'from', (${order})[before & 7], 'to', (${order})[this & 7], 'other', before >> 3 <> this >> 3, 'n', sum(n)) as row
  from (select kind, before, this, count(*) as n from went where before is not null or this is not null group by kind, before, this) x
  group by kind, before & 7, this & 7, before >> 3 <> this >> 3`;
}
