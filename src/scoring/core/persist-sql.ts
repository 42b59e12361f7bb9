import { type ScoreStatement, scoreSql } from './score-sql.ts';
import { selected } from './selection-sql.ts';

export interface PersistStatement extends ScoreStatement {
  rubricVersion: number;
  /** ISO instant written as `replaced_at` of what is superseded. */
  replacedAt: string;
}

const RESULT = ['score', 'tier', 'heat', 'points', 'unknown', 'disqualified'] as const;
const COLUMNS = ['workspace_id', 'kind', 'subject_id', 'rubric_version', 'taxonomy_version', 'as_of_day', 'known_at', ...RESULT] as const;

/**
 * Scores the selection and writes what changed, in one statement: a score that is the same keeps its row and its receipt,
 * one that changed goes to the history. A row is locked before it is replaced, and never replaced by one that knew less.
 * A row that another transaction makes at the same time is a unique violation: looking for it would double what an insert
 * costs, so the caller runs the statement again (`unlessOvertaken`).
 * Gives one row: subjects, written, tiers {tier: n}, moves [{from, to, reason, n, examples}]; a reason is `c` or `d` and
 * the index of the criterion or disqualifier that moved most, or `rubric`.
 */
export function persistSql(statement: PersistStatement): string {
  const { params } = statement;
  const scores = scoreSql(statement);
  const ws = `${params.add(statement.workspaceId)}::text`;
  const kind = `${params.add(statement.kind)}::text`;
  const rubricVersion = `${params.add(statement.rubricVersion)}::int`;
  const asOfDay = `${params.add(statement.asOfDay)}::int`;
  const taxonomyVersion = `(select v.version from definition_head h
    join definition_version v on v.workspace_id = h.workspace_id and v.kind = h.kind and v.hash = h.hash
    where h.workspace_id = ${ws} and h.kind = 'taxonomy' and h.recorded_at <= (select known_at from workspace where workspace_id = ${ws})
    order by h.recorded_at desc limit 1)`;
  const row = `${ws}, ${kind}, c.id, ${rubricVersion}, t.version, ${asOfDay}, c.known_at, ${RESULT.map((column) => `c.${column}`).join(', ')}`;
  const rank = (tier: string) => `array_position('{disqualified,C,B,A}'::text[], ${tier})`;
  return `with computed as materialized (${scores}),
taxonomy as (select coalesce(${taxonomyVersion}, 0) as version),
changed as materialized (
  select c.*, o.subject_id is not null as existed, o.tier as old_tier, o.points as old_points, o.rubric_version as old_rubric, o.disqualified as old_disqualified
  from computed c left join score o on o.workspace_id = ${ws} and o.kind = ${kind} and o.subject_id = c.id and ${selected('o.subject_id', statement)}
  where o.subject_id is null or o.rubric_version <> ${rubricVersion} or o.score <> c.score or o.tier <> c.tier or o.heat is distinct from c.heat
    or o.points <> c.points or o.unknown <> c.unknown or o.disqualified <> c.disqualified),
replaced as materialized (
  select o.* from score o join changed c on c.existed and o.subject_id = c.id and o.known_at <= c.known_at
  where o.workspace_id = ${ws} and o.kind = ${kind} and ${selected('o.subject_id', statement)} order by o.subject_id for update of o),
archived as (
  insert into score_history (${COLUMNS.join(', ')}, replaced_at)
  select ${COLUMNS.map((column) => `o.${column}`).join(', ')}, ${params.add(statement.replacedAt)}::timestamptz from replaced o on conflict do nothing),
updated as (
  update score set (${COLUMNS.slice(3).join(', ')}) = (${rubricVersion}, t.version, ${asOfDay}, c.known_at, ${RESULT.map((column) => `c.${column}`).join(', ')})
  from changed c join replaced o on o.subject_id = c.id cross join taxonomy t
  where score.workspace_id = ${ws} and score.kind = ${kind} and score.subject_id = c.id returning 1),
inserted as (
  insert into score (${COLUMNS.join(', ')}) select ${row} from changed c cross join taxonomy t where not c.existed order by c.id returning 1),
moved as (
  select c.id, c.old_tier, c.tier,
    case when c.old_rubric <> ${rubricVersion} then 'rubric'
      when c.tier = 'disqualified' then 'd' || (select min(i) from generate_series(0, 52) i where (c.disqualified >> i) & 1 = 1)
      when c.old_tier = 'disqualified' then 'd' || (select min(i) from generate_series(0, 52) i where (c.old_disqualified >> i) & 1 = 1)
      else 'c' || (select u.i - 1 from unnest(c.points, c.old_points) with ordinality u(n, o, i)
        order by (u.n - u.o) * sign(${rank('c.tier')} - ${rank('c.old_tier')}) desc, u.i limit 1) end as reason
  from changed c where c.existed and c.old_tier <> c.tier),
moves as (
  select old_tier, tier, reason, count(*) as n, (array_agg(id order by id))[1:3] as examples from moved group by 1, 2, 3)
select (select count(*) from computed)::int as subjects, (select count(*) from inserted)::int as created, (select count(*) from updated)::int as replaced,
  (select coalesce(jsonb_object_agg(tier, n), '{}') from (select tier, count(*) as n from computed group by tier) t) as tiers,
  (select coalesce(jsonb_agg(jsonb_build_object('from', old_tier, 'to', tier, 'reason', reason, 'n', n, 'examples', to_jsonb(examples))), '[]') from moves) as moves`;
}
