import { z } from 'zod';
import type { Measured } from '../attribution/core/credit-lines.ts';
import type { CurrencyTotal } from '../attribution/core/credited-row.ts';
import type { DealTouches } from '../attribution/deal-touches.ts';
import type { AttributionReport } from '../attribution/get-attribution.ts';
import { definitionRefs, outsideText, pageOutput } from './shared.ts';

const outside = outsideText.nullable();
/** In whole units of the currency, with its hundredths. */
const credited = {
  opportunities: z.number().describe('a credit may be a part of one'),
  amount: z.number(),
};
const beside = z.strictObject({ model: z.string(), ...credited });

const touch = z.strictObject({
  at: z.string(),
  type: z.string(),
  channel: z.string().nullable(),
  source: outside.optional(),
  campaign: outside.optional(),
  person: z.strictObject({ id: z.string(), name: outside }).nullable().optional(),
  marks: z.array(z.string()).describe('its places in the path'),
  credits: z.array(
    z
      .strictObject({ model: z.string(), percent: z.number().nullable(), amount: z.number().nullable() })
      .describe('null: of all paths, not of one'),
  ),
});

export const attributionOutput = z.strictObject({
  period: z.strictObject({ name: z.string(), from: z.string(), to: z.string() }),
  as_of: z.string(),
  known_at: z.string(),
  by: z.string(),
  conversion: z.string(),
  measure: z.string().describe('what share_percent is of'),
  lookback_days: z.int(),
  models: z.array(z.strictObject({ id: z.string(), label: z.string(), sentence: z.string() })).describe('the first one counts'),
  totals: z.array(
    z.strictObject({
      currency: outside,
      opportunities: z.int(),
      amount: z.number(),
      untouched_opportunities: z.int(),
      untouched_amount: z.number(),
    }),
  ),
  touches: z.int(),
  credits: z.array(
    z.strictObject({
      value: outside,
      label: z.string().nullable(),
      untouched: z.boolean().describe('opportunities without a touch'),
      currency: outside,
      ...credited,
      share_percent: z.number().nullable(),
      compare: z.array(beside),
    }),
  ),
  opportunity: z
    .strictObject({
      id: z.string(),
      name: outside,
      currency: outside,
      amount: z.number().nullable(),
      created: z.string().nullable(),
      closed: z.string().nullable(),
      won: z.boolean().nullable(),
      touches: z.array(touch),
    })
    .nullable(),
  ...pageOutput,
  notes: z.array(z.string()),
  definitions: definitionRefs,
});

type Output = z.input<typeof attributionOutput>;

export function shapeAttribution(report: AttributionReport, detailed: boolean): Output {
  const { credits: _, lines, deal, models, totals, ...rest } = report;
  const ids = models.map(({ id }) => id);
  return {
    ...rest,
    models: models.map(({ id, label, sentence }) => ({ id, label, sentence })),
    totals: totals.map(shapeTotal),
    credits: lines.map(({ millionths, cents, share, beside: others, ...line }) => ({
      ...line,
      ...shapeCredit({ millionths, cents }),
      share_percent: share === null ? null : share / 100,
      compare: others.map((other, i) => ({ model: ids[i + 1] ?? '', ...shapeCredit(other) })),
    })),
    opportunity: deal === null ? null : shapeDeal(deal, ids, detailed),
  };
}

const shapeCredit = ({ millionths, cents }: Measured) => ({ opportunities: millionths / 1_000_000, amount: cents / 100 });

function shapeTotal({ currency, deals, cents, untouched }: CurrencyTotal): Output['totals'][number] {
  return {
    currency,
    opportunities: deals,
    amount: cents / 100,
    untouched_opportunities: untouched.deals,
    untouched_amount: untouched.cents / 100,
  };
}

function shapeDeal({ touches, cents, ...deal }: DealTouches, models: readonly string[], detailed: boolean): Output['opportunity'] {
  return {
    ...deal,
    amount: cents === null ? null : cents / 100,
    touches: touches.map(({ source, campaign, person, credits, ...one }) => ({
      ...one,
      ...(detailed && { source, campaign, person }),
      credits: credits.map((credit, i) => ({
        model: models[i] ?? '',
        percent: credit === null ? null : credit.millionths / 10_000,
        amount: credit === null || cents === null ? null : credit.cents / 100,
      })),
    })),
  };
}
