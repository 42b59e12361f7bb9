import type { MergePolicy } from '../../definitions/core/merge-policy.ts';
import type { Rubric } from '../../definitions/core/rubric.ts';
import type { SqlParams } from '../../kernel/sql-params.ts';
import { scoreSql } from './score-sql.ts';

/** An account to be scored as of a day, with what was known at an instant (milliseconds since 1970). */
export interface Standpoint {
  entity: string;
  knownAt: number;
  day: number;
}

/**
 * `scoreSql` of accounts from the logs, each from its own standpoint: the statement is planned once and carried out for each. A SELECT of its
 * columns and `place`, the standpoint's among those given.
 */
export function standpointsSql(
  params: SqlParams,
  workspaceId: string,
  { rubric, policy }: { rubric: Rubric; policy: MergePolicy },
  asked: readonly Standpoint[],
): string {
  const given = params.rows('standpoint', {
    place: ['int', asked.map((_, place) => String(place))],
    entity: ['uuid', asked.map(({ entity }) => entity)],
    known_at: ['timestamptz', asked.map(({ knownAt }) => new Date(knownAt).toISOString())],
    day: ['int', asked.map(({ day }) => String(day))],
  });
  const one = scoreSql({
    params,
    workspaceId,
    rubric,
    kind: 'account',
    selection: { id: { sql: 'standpoint.entity' } },
    source: { mode: 'history', knownAt: { sql: 'standpoint.known_at' }, policy },
    asOfDay: { sql: 'standpoint.day' },
  });
  return `select standpoint.place, scored.* from ${given} cross join lateral (${one} offset 0) scored`;
}
