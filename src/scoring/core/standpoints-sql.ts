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

/**
 * `scoreSql` of accounts from the logs, each from its own standpoint, all of them together. A SELECT of its columns, in which `id` is the
 * standpoint's place among those given, and of what was read (`kept_fields`, `kept_events`).
 * @param scoring.keep fields that are kept beside those that the rubric reads
 */
export function standpointsSql(
  params: SqlParams,
  workspaceId: string,
  { rubric, policy, keep }: { rubric: Rubric; policy: MergePolicy; keep: readonly string[] },
  asked: readonly Standpoint[],
): string {
  const given = params.rows('given', columnsOf(asked));
  return scoreSql({ params, workspaceId, rubric, kind: 'account', source: { mode: 'standpoints', given, policy, keep } });
}

/** The same from what an earlier statement read. */
export function keptSql(
  params: SqlParams,
  workspaceId: string,
  rubric: Rubric,
  asked: readonly { standpoint: Standpoint; kept: Kept }[],
): string {
  const given = params.rows('given', {
    ...columnsOf(asked.map(({ standpoint }) => standpoint)),
    fields: ['jsonb', asked.map(({ kept }) => kept.fields)],
    events: ['jsonb', asked.map(({ kept }) => kept.events)],
  });
  return scoreSql({ params, workspaceId, rubric, kind: 'account', source: { mode: 'kept', given } });
}

const columnsOf = (asked: readonly Standpoint[]) =>
  ({
    asked: ['int', asked.map((_, place) => String(place))],
    entity: ['uuid', asked.map(({ entity }) => entity)],
    known_at: ['timestamptz', asked.map(({ knownAt }) => new Date(knownAt).toISOString())],
    day: ['int', asked.map(({ day }) => String(day))],
  }) as const;
