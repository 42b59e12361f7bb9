import type { SqlParams } from '../../kernel/sql-params.ts';
import { type Believed, entityJoin } from './belief-sql.ts';

export interface GoldenScope {
  params: SqlParams;
  workspaceId: string;
  /** A condition on `o.entity_id`, as in `o.entity_id = any($2::uuid[])`. */
  entities: string;
  /** Best source first; a source that is not listed comes after all that are. */
  sources: readonly string[];
  /** SQL of the instant up to which facts count as known; left out, all are. */
  knownAt?: string;
  /** SQL of the day number from which the values are looked at: facts observed later or expired by then do not count. */
  asOfDay: string;
  /** Takes the facts of all nodes that counted as one entity together, under its id; left out, each node has its own. */
  grouped?: { kind: 'account' | 'person'; believed: Believed };
}

/** The place of a source among those of the taxonomy; one that is not listed comes after all that are. */
export function sourceRankSql(params: SqlParams, sources: readonly string[], source: string): string {
  return `coalesce(array_position(${params.texts(sources)}, ${source}), 2147483647)`;
}

/** The order of observations of one rank and time: what more of them say, then what was learned later. */
export const AMONG_TIED = 'agreeing desc, recorded_at desc, ordinal desc, node_id';

/**
 * A SELECT of (entity_id, fields, stale_day): the golden value of each field by source rank, then recency, then agreement, then the
 * order in which it was learned. Of observations of one rank and time the value wins that most sources and nodes say; each has one
 * voice, its last word. The one statement behind the projection, receipts and backtests.
 */
export function goldenFieldsSql(scope: GoldenScope): string {
  const { params, grouped } = scope;
  const ws = params.add(scope.workspaceId);
  const join = grouped === undefined ? '' : entityJoin('im', grouped.kind, 'o.entity_id', { ws, believed: grouped.believed });
  const entity = grouped === undefined ? 'o.entity_id' : 'coalesce(im.entity_id, o.entity_id)';
  const known = scope.knownAt === undefined ? '' : `and o.recorded_at <= ${scope.knownAt}`;
  return `select golden.entity_id, jsonb_object_agg(golden.field, golden.value) as fields, min(golden.expires_day) as stale_day
from (
  select distinct on (entity_id, field) entity_id, field, value, expires_day
  from (
    select last_said.*, count(*) over (partition by entity_id, field, value) as agreeing
    from (
      select distinct on (entity_id, field, source, node_id) *
      from (
        select said.*, rank() over (partition by entity_id, field order by source_rank, observed_at desc) as place
        from (
          select ${entity} as entity_id, v.key as field, v.value, o.expires_day, o.source, o.entity_id as node_id,
            ${sourceRankSql(params, scope.sources, 'o.source')} as source_rank, o.observed_at, o.recorded_at, o.ordinal
          from observation o ${join} cross join lateral jsonb_each(o."values") as v(key, value)
          where o.workspace_id = ${ws} and ${scope.entities} ${known}
            and o.observed_day <= ${scope.asOfDay} and (o.expires_day is null or o.expires_day > ${scope.asOfDay})
        ) said
      ) placed
      where place = 1
      order by entity_id, field, source, node_id, recorded_at desc, ordinal desc
    ) last_said
  ) tied
  order by entity_id, field, ${AMONG_TIED}
) golden
group by golden.entity_id`;
}
