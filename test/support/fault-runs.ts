import { setMaxListeners } from 'node:events';
import { z } from 'zod';
import { readWorkspace } from '../../src/db/workspace.ts';
import { Statistics } from '../../src/enrichment/core/expectations.ts';
import { marketOf } from '../../src/enrichment/core/market.ts';
import { Waterfall } from '../../src/enrichment/core/waterfall.ts';
import { WaterfallRun } from '../../src/enrichment/run-waterfall.ts';
import { chanceFrom } from '../../src/kernel/chance.ts';
import type { Database } from '../../src/kernel/database.ts';
import { dayOf } from '../../src/kernel/dates.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { testContext } from './context.ts';
import { FaultMarket } from './fault-market.ts';

export interface FaultReport {
  runs: number;
  calls: number;
  faults: Record<string, number>;
  /** Questions that a vendor billed more than once. */
  doublePayments: number;
  /** Days, runs, records and workspaces of which more was billed, or held and charged, than their ceiling. */
  ceilingBreaches: number;
  /** Micros by which books and ledger differ: 0. */
  unaccounted: number;
}

const CEILINGS = { record: 60_000, run: 60_000, day: 0, workspace: 0 };
const sumRow = z.tuple([
  z.object({ calls: z.coerce.number(), held: z.coerce.number(), charged: z.coerce.number(), settled: z.coerce.number() }),
]);
const spendingRows = z.array(z.object({ scope: z.string(), name: z.string(), held: z.coerce.number(), charged: z.coerce.number() }));

/**
 * Runs the engine many times over vendors that fail, on the real database code, with a clock that jumps both ways and records
 * that recur, several runs at once. Then compares what the vendors billed with what the ledger says.
 */
export async function faultRuns(
  db: Database,
  { runs, seed, atOnce }: { runs: number; seed: number; atOnce: number },
): Promise<FaultReport> {
  const ctx = testContext(db, { workspaceId: `faults-${seed}` });
  const random = chanceFrom(seed);
  setMaxListeners(0, ctx.signal);
  const vendors = new FaultMarket({ random, day: () => dayOf(ctx.now()), share: 0.45 });
  const market = marketOf(vendors.offers);
  const expected = new Statistics().expect(market, '');
  // tight enough that they are met
  const ceilings = { ...CEILINGS, day: runs * 4_000, workspace: runs * 9_000 };
  let begun = 0;
  const worker = async () => {
    while (begun < runs) {
      const i = begun;
      begun += 1;
      if (random() < 0.02) ctx.advance((random() < 0.3 ? -1 : 1) * random() * 3 * 3_600_000);
      const domain = `company-${Math.floor(random() * runs * 0.4)}.example`;
      const limits = { budgetMicros: CEILINGS.record, deadlineMs: 80, atOnce: 8, worthMicros: 2_000_000 };
      const wanted = [...market.fields];
      const waterfall = new Waterfall(market, expected, limits, { inputs: { 'account.domain': domain }, wanted, today: dayOf(ctx.now()) });
      const subject = {
        runId: derivedId('run', String(seed), String(i)),
        kind: 'account',
        entityId: derivedId('account', domain),
      } as const;
      const run = new WaterfallRun(ctx, { port: vendors, market, waterfall, subject, ceilings });
      await run.finish(ctx.signal);
      // some wait for what is late, others are gone; a crashed call never comes
      if (random() < 0.5) await Promise.race([run.late(), new Promise((resolve) => setTimeout(resolve, 20))]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  // what is late has its time-out behind it by then
  await new Promise((resolve) => setTimeout(resolve, 250));
  return report(ctx, vendors, ceilings, runs);
}

async function report(
  ctx: ReturnType<typeof testContext>,
  vendors: FaultMarket,
  ceilings: typeof CEILINGS,
  runs: number,
): Promise<FaultReport> {
  const { sums, spending } = await readWorkspace(ctx, async (tx) => ({
    sums: sumRow.parse(
      await tx.query(
        `select count(*) as calls, coalesce(sum(reserved_micros) filter (where state <> 'settled'), 0) as held, coalesce(sum(charged_micros), 0) as charged,
           count(*) filter (where state = 'settled') as settled from provider_call where workspace_id = $1`,
        [ctx.workspaceId],
      ),
    )[0],
    spending: spendingRows.parse(
      await tx.query('select scope, name, held_micros as held, charged_micros as charged from spending where workspace_id = $1', [
        ctx.workspaceId,
      ]),
    ),
  }));
  const billed = new Map<string, number>();
  for (const { key } of vendors.bills) billed.set(key, (billed.get(key) ?? 0) + 1);
  const of = (scope: string) => spending.filter((row) => row.scope === scope);
  const total = (scope: string) => of(scope).reduce((sum, row) => sum + row.held + row.charged, 0);
  const breaches = (['record', 'run', 'day', 'workspace'] as const).flatMap((scope) =>
    of(scope).filter((row) => row.held + row.charged > ceilings[scope]),
  );
  const books = vendors.bills.reduce((sum, { micros }) => sum + micros, 0);
  const scopes = ['record', 'run', 'day', 'workspace'].reduce((sum, scope) => sum + Math.abs(total(scope) - sums.held - sums.charged), 0);
  return {
    runs,
    calls: sums.calls,
    faults: Object.fromEntries(vendors.faults),
    doublePayments: [...billed.values()].filter((count) => count > 1).length,
    ceilingBreaches: breaches.length + (books > ceilings.workspace ? 1 : 0),
    // charged is certain, held is at most: the vendors' books lie between
    unaccounted: scopes + Math.max(0, sums.charged - books) + Math.max(0, books - sums.charged - sums.held),
  };
}
