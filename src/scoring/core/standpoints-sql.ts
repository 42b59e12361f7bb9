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

/** What a rubric reads of an account from a standpoint, as JSON text: what another rubric that reads no more of it is computed from. */
export interface Kept {
  fields: string;
  /** [type, age in days] of each. */
  events: string;
}

const BESIDE = { kind: 'account', selection: { id: { sql: 'standpoint.entity' } }, asOfDay: { sql: 'standpoint.day' } } as const;

/**
 * `scoreSql` of accounts from the logs, each from its own standpoint: the statement is planned once and carried out for each. A SELECT of its
 * columns, `place`, the standpoint's among those given, and what was read (`kept_fields`, `kept_events`).
 * @param scoring.keep fields that are kept beside those that the rubric reads
 */
export function standpointsSql(
  params: SqlParams,
  workspaceId: string,
  { rubric, policy, keep }: { rubric: Rubric; policy: MergePolicy; keep: readonly string[] },
  asked: readonly Standpoint[],
): string {
  const given = params.rows('standpoint', {
    ...columnsOf(asked),
    known_at: ['timestamptz', asked.map(({ knownAt }) => new Date(knownAt).toISOString())],
  });
  const source = { mode: 'history', knownAt: { sql: 'standpoint.known_at' }, policy, keep } as const;
  return beside(given, scoreSql({ params, workspaceId, rubric, ...BESIDE, source }));
}

/** The same from what an earlier statement read. */
export function keptSql(
  params: SqlParams,
  workspaceId: string,
  rubric: Rubric,
  asked: readonly { standpoint: Standpoint; kept: Kept }[],
): string {
  const given = params.rows('standpoint', {
    ...columnsOf(asked.map(({ standpoint }) => standpoint)),
    fields: ['jsonb', asked.map(({ kept }) => kept.fields)],
    events: ['jsonb', asked.map(({ kept }) => kept.events)],
  });
  const source = { mode: 'kept', fields: { sql: 'standpoint.fields' }, events: { sql: 'standpoint.events' } } as const;
  return beside(given, scoreSql({ params, workspaceId, rubric, ...BESIDE, source }));
}

const columnsOf = (asked: readonly Standpoint[]) =>
  ({
    place: ['int', asked.map((_, place) => String(place))],
    entity: ['uuid', asked.map(({ entity }) => entity)],
    day: ['int', asked.map(({ day }) => String(day))],
  }) as const;

const beside = (given: string, one: string) =>
  `select standpoint.place, scored.* from ${given} cross join lateral (${one} offset 0) scored`;
