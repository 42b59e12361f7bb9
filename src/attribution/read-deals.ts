import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayFromIso, isIsoDate, isoFromDay } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { Conversion } from './core/credited-row.ts';
import type { Deal } from './core/deal.ts';
import { dealsSql, type PastScope } from './core/deal-sql.ts';

const text = z.string().nullable();
const rows = z.array(
  z.object({
    id: z.string(),
    name: text,
    account_id: text,
    created: text,
    closed: text,
    won: z.boolean().nullable(),
    amount: text,
    currency: text,
  }),
);
/** A larger amount is a mistake, and sums of many would not be exact. */
const LARGEST_CENTS = 1e14;

interface DealsAsked {
  conversion: Conversion;
  /** Days from 1970-01-01; `to` is the day after the last. */
  from: number;
  to: number;
  /** Those that were lost in the period as well, of the conversion closed_won. */
  lost: boolean;
  past: PastScope | undefined;
}

/** A deal as it is stored, and whether its amount is beyond what can be shared out. */
export type StoredDeal = Deal & { isTooLarge: boolean };

/** The opportunities that were converted in a period, those of one account together. */
export async function readDeals(tx: Tx, ctx: Context, { conversion, from, to, lost, past }: DealsAsked): Promise<StoredDeal[]> {
  const params = new SqlParams();
  const day = conversion === 'closed_won' ? 'closed' : 'created';
  const deals = dealsSql({ params, workspaceId: ctx.workspaceId, past });
  const ended = conversion === 'closed_won' ? `and x.won ${lost ? 'is not null' : ''}` : '';
  const found = rows.parse(
    await tx.query(
      `select x.* from (${deals}) x where x.${day} collate "C" >= ${params.add(isoFromDay(from))} and x.${day} collate "C" < ${params.add(isoFromDay(to))} ${ended}`,
      params.values,
    ),
  );
  return found.map(dealOf).sort((a, b) => order(a.accountId ?? '', b.accountId ?? '') || order(a.id, b.id));
}

/** One opportunity; undefined where there is none of that id. */
export async function readDeal(tx: Tx, ctx: Context, id: string, past: PastScope | undefined): Promise<StoredDeal | undefined> {
  const params = new SqlParams();
  const deals = dealsSql({ params, workspaceId: ctx.workspaceId, past });
  const [found] = rows.parse(await tx.query(`select x.* from (${deals} where o.id = ${params.add(id)}::uuid) x`, params.values));
  return found === undefined ? undefined : dealOf(found);
}

const undatedRow = z.tuple([z.object({ n: z.coerce.number() })]);

/** Opportunities of which nothing says when they were converted: they are of no period. */
export async function countUndated(tx: Tx, ctx: Context, conversion: Conversion, past: PastScope | undefined): Promise<number> {
  const params = new SqlParams();
  const deals = dealsSql({ params, workspaceId: ctx.workspaceId, past });
  const undated = conversion === 'closed_won' ? 'x.won and x.closed is null' : 'x.created is null';
  return undatedRow.parse(await tx.query(`select count(*) as n from (${deals}) x where ${undated}`, params.values))[0].n;
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const dayOrNull = (date: string | null) => (date === null || !isIsoDate(date) ? null : dayFromIso(date));

function dealOf({ account_id, amount, created, closed, ...row }: z.output<typeof rows>[number]): StoredDeal {
  const cents = amount === null ? null : Number(amount);
  const isTooLarge = cents !== null && Math.abs(cents) > LARGEST_CENTS;
  return {
    ...row,
    accountId: account_id,
    created: dayOrNull(created),
    closed: dayOrNull(closed),
    cents: isTooLarge ? null : cents,
    isTooLarge,
  };
}
