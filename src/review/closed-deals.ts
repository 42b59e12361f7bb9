import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { isoFromDay } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { CLOSED, WON } from '../playbook/core/plays-sql.ts';
import { boundsOf, partsFor } from '../scoring/core/rescore-plan.ts';
import { selected } from '../scoring/core/selection-sql.ts';
import type { ClosedDeal } from './core/deal-outcomes.ts';

/** Deals that one statement reads. */
const PART = 20_000;

const dealRows = z.array(
  z
    .object({
      id: z.string(),
      account: z.string().nullable(),
      won: z.boolean().nullable(),
      created: z.string().nullable(),
      closed: z.string().nullable(),
      first_day: z.number().nullable(),
      first_closed_day: z.number().nullable(),
      account_known_at: z.coerce.date().nullable(),
      is_negative: z.boolean(),
    })
    .transform(({ first_day, first_closed_day, account_known_at, is_negative, ...deal }) => ({
      isNegative: is_negative,
      deal: { ...deal, firstDay: first_day, firstClosedDay: first_closed_day, accountKnownAt: account_known_at?.getTime() ?? null },
    })),
);
const countRow = z.object({ known_at: z.coerce.date(), all: z.coerce.number(), closed: z.coerce.number() });

export interface ClosedDeals {
  /** The knowledge clock when they were read. */
  knownAt: Date;
  deals: ClosedDeal[];
  /** Deals of the workspace that are closed, whenever, and those that are open. */
  all: { closed: number; open: number };
  /** Of those read: with an amount below zero. */
  negative: number;
}

const DATE = `'^\\d{4}-\\d{2}-\\d{2}$'`;
const dateOf = (key: string) => `case when o.fields ->> '${key}' ~ ${DATE} then o.fields ->> '${key}' end`;

/**
 * The closed deals whose close falls into `from` up to, not including, `to` (days from 1970-01-01), those that close later than today, and
 * those without a date that were first heard of as closed in that time; in the order of their ids.
 * @param ctx of one snapshot, where what follows has to agree with them
 */
export async function closedDeals(ctx: Context, { from, to, today }: { from: number; to: number; today: number }): Promise<ClosedDeals> {
  const count = countRow.parse(
    (
      await readWorkspace(ctx, (tx) =>
        tx.query(
          `select w.known_at, count(o.id) as all, count(o.id) filter (where ${CLOSED}) as closed
           from workspace w left join opportunity o on o.workspace_id = w.workspace_id where w.workspace_id = $1 group by w.known_at`,
          [ctx.workspaceId],
        ),
      )
    )[0],
  );
  const all = { closed: count.closed, open: count.all - count.closed };
  const result: ClosedDeals = { knownAt: count.known_at, deals: [], all, negative: 0 };
  const parts = partsFor(count.all, PART);
  for (let part = 0; part < parts; part += 1) {
    ctx.signal.throwIfAborted();
    const params = new SqlParams();
    const text = partSql(params, ctx.workspaceId, { from, to, today, bounds: boundsOf(part, parts) });
    const rows = dealRows.parse(await readWorkspace(ctx, (tx) => tx.query(text, params.values), { planning: 'sets' }));
    for (const { deal, isNegative } of rows) {
      result.deals.push(deal);
      if (isNegative) result.negative += 1;
    }
  }
  return result;
}

function partSql(
  params: SqlParams,
  workspaceId: string,
  { from, to, today, bounds }: { from: number; to: number; today: number; bounds: ReturnType<typeof boundsOf> },
): string {
  const ws = params.add(workspaceId);
  const [first, end, now] = [from, to, today].map((day) => `${params.add(isoFromDay(day))}::text collate "C"`);
  const days = [from, to].map((day) => `${params.add(day)}::int`);
  // what was heard of a deal and when is asked only where its record leaves a date out
  return `select d.id, d.account, d.won, d.created, d.closed, h.first_day, h.first_closed_day, a.created_at as account_known_at, d.is_negative
    from (
      select o.id, coalesce(o.named_account_id, o.account_id) as account, ${WON} as won, ${dateOf('created_date')} as created,
        ${dateOf('close_date')} as closed, coalesce(jsonb_typeof(o.fields -> 'amount') = 'number' and o.fields ->> 'amount' like '-%', false) as is_negative
      from opportunity o where o.workspace_id = ${ws} and ${CLOSED} and ${selected('o.id', { params, selection: bounds })} offset 0) d
    left join account a on a.workspace_id = ${ws} and a.id = d.account
    left join lateral (
      select min(o.observed_day) as first_day, min(o.observed_day) filter (where
        o."values" ->> 'stage' in ('closed_won', 'closed_lost') or o."values" -> 'is_closed' = 'true'::jsonb) as first_closed_day
      from observation o where o.workspace_id = ${ws} and o.entity_id = d.id and (d.created is null or d.closed is null)) h on true
    where (d.closed >= ${first} and d.closed < ${end}) or d.closed > ${now}
      or (d.closed is null and (h.first_closed_day is null or (h.first_closed_day >= ${days[0]} and h.first_closed_day < ${days[1]})))
    order by d.id`;
}
