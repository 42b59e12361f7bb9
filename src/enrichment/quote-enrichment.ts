import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { dayOf } from '../kernel/dates.ts';
import { cancelled } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { type Forecast, forecast } from './core/forecast.ts';
import type { Waterfall } from './core/waterfall.ts';
import { ceilingsOf, enrichmentInput, limitsOf, prepareTask, type WantedSubject } from './enrichment-input.ts';
import { hearKept } from './hear-kept.ts';
import { learned } from './learned.ts';
import { openHouse, type ProviderHouse } from './provider-house.ts';
import { type SpendReport, spendReport } from './spend-report.ts';

/** What `quoteEnrichment` takes. */
export const quoteEnrichmentInput = enrichmentInput.extend({
  spend_days: z.number().int().min(1).max(366).default(30).describe('days of the spend report'),
});

export interface Quote {
  records: (Forecast & WantedSubject & { savedMicros: number })[];
  expectedMicros: number;
  /** What the call cannot pass, whatever happens. */
  worstMicros: number;
  /** What today's and the workspace's ceilings still leave; null: there is none. */
  leftMicros: { day: number | null; workspace: number | null };
  spend: SpendReport;
}

/**
 * Says what enriching records would ask, in which order, and what it would cost, expected and at worst. Asks nobody and spends nothing.
 * @throws SamepageError `not_found`, `ambiguous`, `invalid_input`
 */
export async function quoteEnrichment(ctx: Context, given: z.input<typeof quoteEnrichmentInput>): Promise<Quote> {
  requireScope(ctx, 'read');
  return quoteWith(ctx, await openHouse(ctx), given);
}

/** The same with the providers of a house. */
export async function quoteWith(
  ctx: Context,
  house: Pick<ProviderHouse, 'offers'>,
  given: z.input<typeof quoteEnrichmentInput>,
): Promise<Quote> {
  requireScope(ctx, 'read');
  const input = parseInput(quoteEnrichmentInput, given, 'quote_enrichment');
  const { market, subjects } = await prepareTask(ctx, input, house.offers);
  const statistics = await learned(ctx);
  const spend = await readWorkspace(ctx, (tx) => spendReport(tx, ctx, input.spend_days));
  const limits = limitsOf(input);
  const records: Quote['records'] = [];
  const alike = new Map<string, Forecast>();
  for (const one of subjects) {
    const { inputs, segment } = one.subject;
    // without kept answers only what is known of a record tells its forecast from another's, not the values
    const key = one.kept.size > 0 ? undefined : JSON.stringify([segment, one.wanted, Object.keys(inputs).sort()]);
    let savedMicros = 0;
    let drawn = key === undefined ? undefined : alike.get(key);
    if (drawn === undefined) {
      // others are served between two forecasts: each takes some milliseconds
      await nextTurn();
      if (ctx.signal.aborted) throw cancelled();
      const prepare = (waterfall: Waterfall) => {
        savedMicros = hearKept(waterfall, market, one.kept, one.wanted);
      };
      drawn = forecast(market, statistics.expect(market, segment), limits, {
        inputs,
        wanted: one.wanted,
        today: dayOf(ctx.now()),
        prepare,
      });
    }
    if (key !== undefined) alike.set(key, drawn);
    records.push({ ...drawn, ...one, savedMicros });
  }
  const ceilings = ceilingsOf(ctx, input);
  const left = (ceiling: number | undefined, spent: { chargedMicros: number; heldMicros: number }) =>
    ceiling === undefined ? null : Math.max(0, ceiling - spent.chargedMicros - spent.heldMicros);
  const leftMicros = { day: left(ceilings.day, spend.today), workspace: left(ceilings.workspace, spend.ever) };
  const worst = records.reduce((sum, record) => sum + record.worstMicros, 0);
  const caps = [worst, ceilings.run, leftMicros.day, leftMicros.workspace].filter((cap) => typeof cap === 'number');
  return {
    records,
    expectedMicros: Math.min(
      ...caps,
      records.reduce((sum, record) => sum + record.expectedMicros, 0),
    ),
    worstMicros: Math.min(...caps),
    leftMicros,
    spend,
  };
}
