import type { Rubric } from '../../definitions/core/rubric.ts';
import { type ScoreStatement, scoreSql } from './score-sql.ts';

export interface SimulateStatement extends ScoreStatement {
  draft: Rubric;
  /** Records that move furthest, at most so many. */
  most: number;
}

/**
 * Scores the selection under the rubric in force and under a draft, in one snapshot: one row of subjects, changed (score
 * or tier differs), migration [{from, to, n}] and movers [{id, from, to, score, draft, points, draft_points}].
 */
export function simulateSql(statement: SimulateStatement): string {
  const current = scoreSql(statement);
  const draft = scoreSql({ ...statement, rubric: statement.draft });
  return `with now as materialized (${current}), draft as materialized (${draft}),
pair as materialized (
  select n.id, n.tier as from_tier, d.tier as to_tier, n.score, d.score as draft_score, n.heat, d.heat as draft_heat
  from now n join draft d on d.id = n.id),
movers as (
  select * from pair where from_tier <> to_tier or score <> draft_score
  order by (from_tier <> to_tier) desc, abs(draft_score - score) desc, id limit ${Math.trunc(statement.most)})
select (select count(*) from pair)::int as subjects,
  (select count(*) from pair where from_tier <> to_tier or score <> draft_score)::int as changed,
  (select count(*) from pair where heat is distinct from draft_heat)::int as heat_changed,
  (select coalesce(jsonb_agg(jsonb_build_object('from', from_tier, 'to', to_tier, 'n', n)), '[]')
    from (select from_tier, to_tier, count(*) as n from pair group by 1, 2) m) as migration,
  (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'from', from_tier, 'to', to_tier, 'score', score, 'draft_score', draft_score)), '[]') from movers) as movers`;
}
