import { z } from 'zod';
import type { Taxonomy } from '../definitions/core/taxonomy.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { AMONG_AGREEING, fieldOrder } from '../records/core/golden-sql.ts';

export interface OtherValue {
  value: unknown;
  source: string;
  observed_at: string;
  /** True when it held once and does no longer. */
  expired: boolean;
}

export interface Fact {
  field: string;
  label: string;
  value: unknown;
  source: string;
  observed_at: string;
  age_days: number;
  /** What other sources say, or said, newest first. */
  other_values: OtherValue[];
}

const OTHERS = 5;

const rowSchema = z.array(
  z.object({
    field: z.string(),
    value: z.unknown(),
    source: z.string(),
    observed_at: z.coerce.date(),
    holds: z.boolean(),
    place: z.coerce.number(),
  }),
);

/**
 * The golden facts of one entity, of all its nodes, those that the taxonomy declares first and in its order, each with the values that lost.
 * The ranking is that of records/core/golden-sql.ts.
 */
export async function readFacts(
  tx: Tx,
  ctx: Context,
  entity: { kind: 'account' | 'person' | 'opportunity'; nodes: readonly string[] },
  taxonomy: Taxonomy,
  today: number,
): Promise<Fact[]> {
  const params = new SqlParams();
  const order = fieldOrder(params, taxonomy, entity.kind);
  const holds = `(o.observed_day <= ${today} and (o.expires_day is null or o.expires_day > ${today}))`;
  const rows = rowSchema.parse(
    await tx.query(
      `select field, value, source, observed_at, holds, place from (
         select weighed.*, row_number() over (partition by field order by holds desc, ${order.before}, agreeing desc, last_word desc, ${AMONG_AGREEING}) as place
         from (
           select heard.*, count(*) filter (where last_word) over (partition by field, holds, ${order.equal}, value) as agreeing
           from (
             select said.*, row_number() over (
               partition by field, source, node_id, ${order.time}, holds order by observed_at desc, recorded_at desc, ordinal desc) = 1 as last_word
             from (
               select v.key as field, v.value, o.source, o.observed_at, o.recorded_at, o.ordinal, o.entity_id as node_id,
                 ${holds} as holds, ${order.columns}
               from observation o cross join lateral jsonb_each(o."values") as v(key, value)
               where o.workspace_id = ${params.add(ctx.workspaceId)} and o.entity_id = any(${params.uuids(entity.nodes)})
             ) said
           ) heard
         ) weighed
       ) ranked
       where place <= ${OTHERS * 4} order by field, place`,
      params.values,
    ),
  );
  const declared = new Map(taxonomy.fields.map((field, i) => [field.name, { label: field.label, place: i }]));
  const facts: Fact[] = [];
  for (const row of rows) {
    const field = `${entity.kind}.${row.field}`;
    if (row.place === 1 && row.holds) {
      facts.push({
        field,
        label: declared.get(field)?.label ?? field,
        value: row.value,
        source: row.source,
        observed_at: row.observed_at.toISOString(),
        age_days: today - dayOf(row.observed_at),
        other_values: [],
      });
      continue;
    }
    const fact = facts.at(-1);
    if (fact?.field === field) addOther(fact, row);
  }
  const place = (fact: Fact) => declared.get(fact.field)?.place ?? declared.size;
  return facts.sort((a, b) => place(a) - place(b) || (a.field < b.field ? -1 : 1));
}

/** A source that repeats itself is heard once. */
function addOther(fact: Fact, row: z.infer<typeof rowSchema>[number]): void {
  const said = JSON.stringify([row.source, row.value]);
  const heard = [fact, ...fact.other_values].some((other) => JSON.stringify([other.source, other.value]) === said);
  if (heard || fact.other_values.length === OTHERS) return;
  fact.other_values.push({ value: row.value, source: row.source, observed_at: row.observed_at.toISOString(), expired: !row.holds });
}
