import { fieldPolicies, type MergePolicy } from '../../definitions/core/merge-policy.ts';
import type { SqlParams } from '../../kernel/sql-params.ts';
import { type Believed, entityJoin } from './belief-sql.ts';
import type { Entity } from './targets.ts';

export interface GoldenScope {
  params: SqlParams;
  workspaceId: string;
  /** What the entities are: a field of each may have a policy of its own. */
  entity: Entity;
  /** A condition on `o.entity_id`, as in `o.entity_id = any($2::uuid[])`. */
  entities: string;
  policy: MergePolicy;
  /** SQL of the instant up to which facts count as known; left out, all are. */
  knownAt?: string;
  /** SQL of the day number from which the values are looked at: facts observed later or expired by then do not count. */
  asOfDay: string;
  /** Takes the facts of all nodes that counted as one entity together, under its id; left out, each node has its own. */
  grouped?: { kind: 'account' | 'person'; believed: Believed };
  /**
   * Asks for the values of many standpoints at once: SQL of rows (id, node_id, known_at, day), each node of what is asked about once. The
   * values stand under `id`; they are what was known of its nodes at its `known_at` and held on its `day`. There is no `stale_day` then.
   */
  standpoints?: string;
  /** The fields that are wanted; all, when left out. */
  fields?: readonly string[];
}

/** SQL by which what is said of a field is ordered before agreement decides. */
export interface FieldOrder {
  /** Columns that the rest reads, of an observation `o` and its field `v.key`. */
  columns: string;
  /** Sort keys. What is equal in them is told apart by agreement. */
  before: string;
  /** Whether it is not the same for all fields of an observation. */
  isOfFields: boolean;
  /** The same of `observed_at` alone, and of both, to group by: null where the rule does not look at it. */
  time: string;
  equal: string;
}

/** The order of a policy. Its fields and sources are parameters: the statement is one, whatever a team decides. */
export function fieldOrder(params: SqlParams, policy: MergePolicy, entity: Entity): FieldOrder {
  const rank = `array_position(${params.texts(policy.sources)}, o.source)`;
  const last = 2147483647;
  const own = fieldPolicies(policy, entity);
  if (Object.keys(own).length === 0) {
    const before = 'source_rank, observed_at desc';
    return {
      columns: `coalesce(${rank}, ${last}) as source_rank`,
      before,
      isOfFields: false,
      time: 'observed_at',
      equal: 'source_rank, observed_at',
    };
  }
  // a subquery of its own, so that the document is read once and not for every value
  const of = `(select ${params.json(own)}) -> v.key`;
  const unless = (rule: string, what: string) => `case when rule <> '${rule}' then ${what} end`;
  const time = unless('agreement', 'observed_at');
  return {
    columns: `coalesce((${of} -> 'ranks' ->> o.source)::int, ${rank}, ${last}) as source_rank, coalesce(${of} ->> 'rule', 'rank') as rule`,
    isOfFields: true,
    before: `case when rule = 'rank' then source_rank end, ${time} desc, ${unless('agreement', 'source_rank')}`,
    time,
    equal: `${unless('agreement', 'source_rank')}, ${time}`,
  };
}

/** The order of what most say: by rank and time, where the rule has not looked at them yet, then by what was learned later. */
export const AMONG_AGREEING = 'source_rank, observed_at desc, recorded_at desc, ordinal desc, node_id';

/**
 * A SELECT of (entity_id, fields, stale_day): the golden value of each field by source rank, then recency, then agreement, then the
 * order in which it was learned; by recency before rank, or by agreement before both, where the policy says so of the field. Of
 * observations that are equal until then the value wins that most sources and nodes say; each has one voice, its last word. The one
 * statement behind the projection, receipts and backtests.
 */
export function goldenFieldsSql(scope: GoldenScope): string {
  const { params, grouped, standpoints } = scope;
  const ws = params.add(scope.workspaceId);
  const known = scope.knownAt === undefined ? '' : `and o.recorded_at <= ${scope.knownAt}`;
  const where = `o.workspace_id = ${ws} and ${scope.entities} ${known}
            and o.observed_day <= ${scope.asOfDay} and (o.expires_day is null or o.expires_day > ${scope.asOfDay})`;
  const wanted = scope.fields === undefined ? '' : `and v.key = any(${params.texts(scope.fields)})`;
  const order = fieldOrder(params, scope.policy, scope.entity);
  if (standpoints === undefined) {
    const join = grouped === undefined ? '' : entityJoin('im', grouped.kind, 'o.entity_id', { ws, believed: grouped.believed });
    const entity = grouped === undefined ? 'o.entity_id' : 'coalesce(im.entity_id, o.entity_id)';
    return weighedSql({ entity, from: `observation o ${join}`, where, wanted, order });
  }
  // each node's facts by their key: joined, the planner may read those of the whole workspace
  const from = `(${standpoints}) k cross join lateral (
            select * from observation n where n.workspace_id = ${ws} and n.entity_id = k.node_id offset 0) o`;
  const weighed = (of: { from: string; where: string; entity: string }) =>
    `select entity_id, fields from (${weighedSql({ ...of, wanted, order })}) weighed`;
  return order.isOfFields ? weighed({ entity: 'k.id', from, where }) : toldSql({ from, where, wanted, order }, weighed);
}

/**
 * The same of many standpoints, without weighing each value of each: where no two observations stand equal, or those that do say the very same,
 * the values of a field follow from the order of the observations. Only where such two differ is there anything to weigh.
 */
function toldSql(
  { from, where, wanted, order }: { from: string; where: string; wanted: string; order: FieldOrder },
  weighed: (of: { from: string; where: string; entity: string }) => string,
): string {
  return `with told as materialized (
    select t.*, t.is_equal and t."values" = t.before as repeats, t.is_equal and t."values" <> t.before as differs
    from (
      select s.*, lag(s."values") over told as before,
        coalesce(s.source_rank = lag(s.source_rank) over told and s.observed_at = lag(s.observed_at) over told, false) as is_equal
      from (
        select k.id, o.entity_id, o.source, o."values", o.expires_day, o.observed_at, o.recorded_at, o.ordinal, ${order.columns}
        from ${from} where ${where}) s
      window told as (partition by s.id order by s.source_rank, s.observed_at desc)) t),
  contested as materialized (select distinct t.id from told t where t.differs)
  select t.id as entity_id, jsonb_object_agg(v.key, v.value order by t.source_rank desc, t.observed_at) as fields
  from told t left join contested c on c.id = t.id cross join lateral jsonb_each(t."values") as v(key, value)
  where c.id is null and not t.repeats ${wanted}
  group by t.id
  union all
  ${weighed({ entity: 'o.id', from: 'told o join contested c on c.id = o.id', where: 'true' })}`;
}

interface Weighed {
  /** SQL of whose values they are, of an observation `o` among those that stand in `from` and `where`. */
  entity: string;
  from: string;
  where: string;
  wanted: string;
  order: FieldOrder;
}

function weighedSql({ entity, from, where, wanted, order }: Weighed): string {
  return `select golden.entity_id, jsonb_object_agg(golden.field, golden.value) as fields, min(golden.expires_day) as stale_day
from (
  select distinct on (entity_id, field) entity_id, field, value, expires_day
  from (
    select last_said.*, count(*) over (partition by entity_id, field, value) as agreeing
    from (
      select distinct on (entity_id, field, source, node_id) *
      from (
        select said.*, rank() over (partition by entity_id, field order by ${order.before}) as place
        from (
          select ${entity} as entity_id, v.key as field, v.value, o.expires_day, o.source, o.entity_id as node_id,
            ${order.columns}, o.observed_at, o.recorded_at, o.ordinal
          from ${from} cross join lateral jsonb_each(o."values") as v(key, value)
          where ${where} ${wanted}
        ) said
      ) placed
      where place = 1
      order by entity_id, field, source, node_id, observed_at desc, recorded_at desc, ordinal desc
    ) last_said
  ) tied
  order by entity_id, field, agreeing desc, ${AMONG_AGREEING}
) golden
group by golden.entity_id`;
}
