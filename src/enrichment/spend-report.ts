import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { accountKey, readBalances } from './balances.ts';
import { unwrittenSaved } from './savings.ts';
import { unknownSql } from './unsettled-calls.ts';

/** What a provider was asked for in a span of days, and what it brought. */
export interface ProviderSpend {
  provider: string;
  calls: number;
  hits: number;
  /** Values that were taken as the best there is. */
  usable: number;
  chargedMicros: number;
  /** Of calls that are out or may have been billed. */
  heldMicros: number;
  /** Calls of which nobody knows whether they were billed: `samepage-mcp providers unsettled` lists them. */
  unknownCalls: number;
  /** Null while it has no usable value. */
  microsPerUsable: number | null;
}

export interface SpendReport {
  days: number;
  providers: ProviderSpend[];
  /** What kept answers would have cost again, since the beginning. */
  savedMicros: number;
  today: { chargedMicros: number; heldMicros: number };
  ever: { chargedMicros: number; heldMicros: number };
}

const rowSchema = z.array(
  z.object({
    provider: z.string(),
    calls: z.coerce.number(),
    hits: z.coerce.number(),
    usable: z.coerce.number(),
    charged: z.coerce.number(),
    held: z.coerce.number(),
    unknown: z.coerce.number(),
  }),
);
const NOTHING = { chargedMicros: 0, heldMicros: 0 };

/** Where the money for enrichment went in the last days, today among them: by provider, the dearest first. */
export async function spendReport(tx: Tx, ctx: Context, days: number): Promise<SpendReport> {
  const today = dayOf(ctx.now());
  const rows = rowSchema.parse(
    await tx.query(
      `select provider, count(*) as calls, count(*) filter (where outcome = 'hit') as hits, sum(usable) as usable,
         coalesce(sum(charged_micros), 0) as charged, coalesce(sum(reserved_micros) filter (where state <> 'settled'), 0) as held,
         count(*) filter (where ${unknownSql('$3::timestamptz')}) as unknown
       from provider_call where workspace_id = $1 and day > $2::int group by provider order by charged desc, calls desc, provider`,
      [ctx.workspaceId, today - days, ctx.now().toISOString()],
    ),
  );
  const accounts = [
    ['day', String(today)],
    ['workspace', ''],
    ['saved', ''],
  ] as const;
  const balances = await readBalances(tx, ctx, accounts);
  const of = (i: 0 | 1 | 2) => balances.get(accountKey(accounts[i])) ?? NOTHING;
  return {
    days,
    providers: rows.map(({ provider, calls, hits, usable, charged, held, unknown }) => ({
      provider,
      calls,
      hits,
      usable,
      chargedMicros: charged,
      heldMicros: held,
      unknownCalls: unknown,
      microsPerUsable: usable === 0 ? null : Math.round(charged / usable),
    })),
    savedMicros: of(2).chargedMicros + unwrittenSaved(ctx),
    today: of(0),
    ever: of(1),
  };
}
