import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { isoFromDay } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';

/** Days back in which a person counts as engaged, and in which engagement ranks people. */
const ENGAGED_DAYS = 28;
const RANKED_DAYS = 90;

export interface EngagedPerson {
  id: string;
  name: string | null;
  email: string | null;
  title: string | null;
  tier: string | null;
  score: number | null;
  /** Events of the last 90 days. */
  events: number;
  last_on: string | null;
}

export interface People {
  total: number;
  /** With an event of the last 28 days. */
  engaged: number;
  top: EngagedPerson[];
}

const rowSchema = z.array(
  z.object({
    id: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    title: z.string().nullable(),
    tier: z.string().nullable(),
    score: z.number().nullable(),
    events: z.coerce.number(),
    last_day: z.number().nullable(),
    total: z.coerce.number(),
    engaged: z.coerce.number(),
  }),
);

/** The people of an account, most engaged first. `types` are the event types that are engagement. */
export async function readPeople(
  tx: Tx,
  ctx: Context,
  accountId: string,
  today: number,
  types: readonly string[],
  limit: number,
): Promise<People> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const account = `${params.add(accountId)}::uuid`;
  const rows = rowSchema.parse(
    await tx.query(
      `with engagement as (
         select e.person_id, count(*) as events, max(e.occurred_day) as last_day
         from event e
         where e.workspace_id = ${ws} and e.account_id = ${account} and e.person_id is not null and e.superseded_at is null
           and e.type = any(${params.texts(types)}) and e.occurred_day between ${today - RANKED_DAYS + 1} and ${today}
         group by e.person_id
       ), ranked as (
         select p.id, p.name, p.email, p.fields ->> 'title' as title, coalesce(g.events, 0) as events, g.last_day,
           count(*) over () as total, count(*) filter (where g.last_day > ${today - ENGAGED_DAYS}) over () as engaged
         from person p left join engagement g on g.person_id = p.id
         where p.workspace_id = ${ws} and p.account_id = ${account} and p.merged_into is null
         order by events desc, g.last_day desc nulls last, p.id limit ${limit}
       )
       select r.*, s.tier, s.score from ranked r
       left join score s on s.workspace_id = ${ws} and s.kind = 'lead' and s.subject_id = r.id
       order by r.events desc, r.last_day desc nulls last, r.id`,
      params.values,
    ),
  );
  return {
    total: rows[0]?.total ?? 0,
    engaged: rows[0]?.engaged ?? 0,
    top: rows.map(({ last_day, total: _, engaged: __, ...person }) => ({
      ...person,
      last_on: last_day === null ? null : isoFromDay(last_day),
    })),
  };
}
