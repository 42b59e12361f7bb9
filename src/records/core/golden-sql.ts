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

/**
 * A SELECT of (entity_id, fields, stale_day): the golden value of each field by source rank, then recency, then the order
 * in which it was learned. The one statement behind the projection, receipts and backtests.
 */
export function goldenFieldsSql(scope: GoldenScope): string {
  const { params, grouped } = scope;
  const ws = params.add(scope.workspaceId);
  const join = grouped === undefined ? '' : entityJoin('im', grouped.kind, 'o.entity_id', { ws, believed: grouped.believed });
  const entity = grouped === undefined ? 'o.entity_id' : 'coalesce(im.entity_id, o.entity_id)';
  const known = scope.knownAt === undefined ? '' : `and o.recorded_at <= ${scope.knownAt}`;
  return `select golden.entity_id, jsonb_object_agg(golden.field, golden.value) as fields, min(golden.expires_day) as stale_day
from (
  select distinct on (${entity}, v.key) ${entity} as entity_id, v.key as field, v.value, o.expires_day
  from observation o ${join} cross join lateral jsonb_each(o."values") as v(key, value)
  where o.workspace_id = ${ws} and ${scope.entities} ${known}
    and o.observed_day <= ${scope.asOfDay} and (o.expires_day is null or o.expires_day > ${scope.asOfDay})
  order by ${entity}, v.key, coalesce(array_position(${params.texts(scope.sources)}, o.source), 2147483647),
    o.observed_at desc, o.recorded_at desc, o.ordinal desc, o.entity_id
) golden
group by golden.entity_id`;
}
