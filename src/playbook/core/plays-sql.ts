import type { PredicateDocument } from '../../definitions/core/predicate.ts';
import { SqlParams } from '../../kernel/sql-params.ts';
import { ConditionSql } from './condition-sql.ts';
import { conditionKey, conditionsOf, type Play, type PlayedOn } from './plays.ts';

/** SQL of whether a deal `o` is no longer open, and whether it was won; null where that is unknown. */
export const CLOSED = `(o.fields ->> 'stage' in ('closed_won', 'closed_lost') or o.fields -> 'is_closed' = 'true'::jsonb)`;
export const WON = `(case when o.fields ->> 'stage' in ('closed_won', 'closed_lost') then o.fields ->> 'stage' = 'closed_won'
  when o.fields -> 'is_closed' = 'true'::jsonb then case jsonb_typeof(o.fields -> 'is_won') when 'boolean' then (o.fields -> 'is_won')::boolean end end)`;

/** Whose tier and score a play on a kind of record reads; the heat is always the account's. */
export const scoredAs = (kind: PlayedOn) => (kind === 'person' ? 'lead' : 'whole');

/** The join of a record `r` to its account `a`. */
export function accountJoin(kind: PlayedOn, workspace: string): string {
  return kind === 'account' ? '' : `left join account a on a.workspace_id = ${workspace} and a.id = r.account_id`;
}

/** The joins of a record `r` to its scores on file: `whole` of the account, `lead` of the person. */
export function scoreJoins(kind: PlayedOn, workspace: string): string {
  const join = (name: string, of: string, subject: string) =>
    `left join score ${name} on ${name}.workspace_id = ${workspace} and ${name}.kind = '${of}' and ${name}.subject_id = ${subject}`;
  return `${join('whole', 'account', kind === 'account' ? 'r.id' : 'r.account_id')} ${kind === 'person' ? join('lead', 'lead', 'r.id') : ''}`;
}

/**
 * The statement that tells what is so of one record. The parameters after the workspace's id, the record's id and the day are given with
 * it; `truths` are in the order of the conditions.
 */
export function standingSql(kind: PlayedOn, conditions: readonly PredicateDocument[]): { text: string; params: SqlParams['values'] } {
  const params = new SqlParams();
  const [workspace, id, day] = [params.add(''), `${params.add('')}::uuid`, `${params.add(0)}::int`];
  const sql = new ConditionSql({ params, workspace, day, kind });
  const truths = conditions.map((one) => `(${sql.truth(one)})::boolean`);
  // where the record is no deal itself, the open one of its account that was opened last
  const deal =
    kind === 'opportunity'
      ? 'left join lateral (select r.fields) deal on true'
      : `left join lateral (select o.fields from opportunity o
          where o.workspace_id = ${workspace} and o.account_id = ${kind === 'account' ? 'r.id' : 'r.account_id'} and ${CLOSED} is not true
          order by o.fields ->> 'created_date' desc nulls last, o.created_at desc, o.id limit 1) deal on true`;
  // the day is named where no condition reads it: a parameter that nothing reads has no type
  const text = `select r.name, to_json(array[${truths.join(', ')}]::boolean[]) as truths,
      ${scoredAs(kind)}.tier, ${scoredAs(kind)}.score, whole.heat, deal.fields ->> 'stage' as stage, deal.fields ->> 'competitor' as competitor
    from ${kind} r ${accountJoin(kind, workspace)} ${scoreJoins(kind, workspace)} ${deal} ${sql.events()}
    where r.workspace_id = ${workspace} and r.id = ${id} and ${day} is not null`;
  return { text, params: params.values.slice(3) };
}

/**
 * Plays over many records: `truths` is one array column of what holds of a record, each condition once; `holds` are the plays, over a row
 * with `truths`, `tier`, `score` and `heat`.
 */
export function playsSql(
  plays: readonly Pick<Play, 'when' | 'tiers' | 'heat' | 'score'>[],
  sql: ConditionSql,
  params: SqlParams,
): { truths: string; holds: string[] } {
  const places = new Map<string, number>();
  const truths: string[] = [];
  const placeOf = (condition: PredicateDocument) => {
    const key = conditionKey(condition);
    const known = places.get(key);
    if (known !== undefined) return known;
    truths.push(`(${sql.truth(condition)}) is true`);
    places.set(key, truths.length);
    return truths.length;
  };
  const holds = plays.map((play) => {
    const { min, max } = play.score ?? {};
    return [
      ...conditionsOf(play).map((condition) => `truths[${placeOf(condition)}]`),
      ...(play.tiers === undefined ? [] : [`tier = any(${params.texts(play.tiers)})`]),
      ...(play.heat === undefined ? [] : [`heat = any(${params.texts(play.heat)})`]),
      ...(min === undefined ? [] : [`score >= ${params.add(min)}::int`]),
      ...(max === undefined ? [] : [`score <= ${params.add(max)}::int`]),
    ].join(' and ');
  });
  return { truths: `array[${truths.join(', ')}]::boolean[]`, holds };
}
