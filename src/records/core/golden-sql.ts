import type { SqlParams } from '../../kernel/sql-params.ts';

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
}

/**
 * A SELECT of (entity_id, fields, stale_day): the golden value of each field by source rank, then recency, then the order
 * in which it was learned. The one statement behind the projection, receipts and backtests.
 */
export function goldenFieldsSql(scope: GoldenScope): string {
  const { params } = scope;
  const known = scope.knownAt === undefined ? '' : `and o.recorded_at <= ${scope.knownAt}`;
  return `select golden.entity_id, jsonb_object_agg(golden.field, golden.value) as fields, min(golden.expires_day) as stale_day
from (
  select distinct on (o.entity_id, v.key) o.entity_id, v.key as field, v.value, o.expires_day
  from observation o cross join lateral jsonb_each(o."values") as v(key, value)
  where o.workspace_id = ${params.add(scope.workspaceId)} and ${scope.entities} ${known}
    and o.observed_day <= ${scope.asOfDay} and (o.expires_day is null or o.expires_day > ${scope.asOfDay})
  order by o.entity_id, v.key, coalesce(array_position(${params.texts(scope.sources)}, o.source), 2147483647),
    o.observed_at desc, o.recorded_at desc, o.ordinal desc
) golden
group by golden.entity_id`;
}
