import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { isoFromDay } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';

export interface EngagementWeek {
  /** First and last day; the last of the first week is today. */
  from: string;
  to: string;
  events: number;
  /** Known people with an event in the week. */
  people: number;
  by_type: Record<string, number>;
}

export interface Engagement {
  /** Events ever, up to today. */
  total: number;
  first_on: string | null;
  last_on: string | null;
  /** Newest first; weeks without an event are there too. */
  weeks: EngagementWeek[];
}

const totalsSchema = z.array(z.object({ total: z.coerce.number(), first_day: z.number().nullable(), last_day: z.number().nullable() }));
const weekSchema = z.array(
  // a week without a type is the week's sum
  z.object({ week: z.number(), type: z.string().nullable(), events: z.coerce.number(), people: z.coerce.number() }),
);

/** An account's engagement by week and type, counted in weeks back from today as heat counts them. */
export async function readEngagement(
  tx: Tx,
  ctx: Context,
  accountId: string,
  today: number,
  types: readonly string[],
  weeks: number,
): Promise<Engagement> {
  const params = new SqlParams();
  const of = `from event e where e.workspace_id = ${params.add(ctx.workspaceId)} and e.account_id = ${params.add(accountId)}::uuid
    and e.superseded_at is null and e.type = any(${params.texts(types)}) and e.occurred_day <= ${today}`;
  const [totals] = totalsSchema.parse(
    await tx.query(`select count(*) as total, min(e.occurred_day) as first_day, max(e.occurred_day) as last_day ${of}`, params.values),
  );
  const rows = weekSchema.parse(
    await tx.query(
      `select (${today} - e.occurred_day) / 7 as week, e.type, count(*) as events, count(distinct e.person_id) as people
       ${of} and e.occurred_day > ${today - weeks * 7}
       group by grouping sets ((1), (1, e.type)) order by 1, 3 desc, 2`,
      params.values,
    ),
  );
  const day = (value: number | null | undefined) => (value === null || value === undefined ? null : isoFromDay(value));
  return {
    total: totals?.total ?? 0,
    first_on: day(totals?.first_day),
    last_on: day(totals?.last_day),
    weeks: Array.from({ length: weeks }, (_, week) => {
      const here = rows.filter((row) => row.week === week);
      const sum = here.find((row) => row.type === null);
      return {
        from: isoFromDay(today - week * 7 - 6),
        to: isoFromDay(today - week * 7),
        events: sum?.events ?? 0,
        people: sum?.people ?? 0,
        by_type: Object.fromEntries(here.flatMap((row) => (row.type === null ? [] : [[row.type, row.events]]))),
      };
    }),
  };
}
