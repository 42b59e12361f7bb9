import { z } from 'zod';
import { quoteEnrichment, quoteEnrichmentInput } from '../enrichment/quote-enrichment.ts';
import { count, paragraphs, table } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import { dollars, micros } from './money.ts';
import { outsideText } from './shared.ts';

const n = z.int().min(0);

export const quoteEnrichmentTool = defineTool({
  name: 'quote_enrichment',
  title: 'Quote an enrichment',
  toolset: 'enrichment',
  description: `Says what enrich_record would ask for the same input, in which order, the expected and the worst cost, what the ceilings leave, and what providers cost and brought so far. Asks nobody, spends nothing. Use it before money is spent. Example: {"records":["acme.com"]}`,
  input: quoteEnrichmentInput,
  output: z.strictObject({
    expected_usd: z.number(),
    worst_usd: z.number().describe('never passed'),
    left_usd: z.strictObject({ day: z.number().nullable(), workspace: z.number().nullable() }).describe('below ceilings; null: none'),
    records: z.array(
      z.strictObject({
        id: z.string(),
        name: outsideText.nullable(),
        expected_usd: z.number(),
        worst_usd: z.number(),
        saved_usd: z.number().describe('by answers kept'),
        expected_ms: n,
        wanted: z.array(z.strictObject({ field: z.string(), found: z.number().describe('probability') })),
        known: z.array(z.string()),
        calls: z.array(
          z.strictObject({
            provider: z.string(),
            asked: z.number().describe('in this share of cases'),
            at_ms: n,
            expected_usd: z.number(),
            worst_usd: z.number(),
          }),
        ),
      }),
    ),
    spend: z.strictObject({
      days: n,
      saved_usd: z.number(),
      providers: z.array(
        z.strictObject({
          provider: z.string(),
          calls: n,
          hits: n,
          usable_values: n,
          usd: z.number(),
          held_usd: z.number().describe('may have been billed'),
          unknown_calls: n.describe('billed or not: `samepage-mcp providers settle`'),
          usd_per_usable_value: z.number().nullable(),
        }),
      ),
    }),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, input) {
    const quote = await quoteEnrichment(ctx, input);
    const left = (value: number | null) => (value === null ? null : micros(value));
    return {
      expected_usd: micros(quote.expectedMicros),
      worst_usd: micros(quote.worstMicros),
      left_usd: { day: left(quote.leftMicros.day), workspace: left(quote.leftMicros.workspace) },
      records: quote.records.map((record) => ({
        id: record.subject.id,
        name: record.subject.name,
        expected_usd: micros(record.expectedMicros),
        worst_usd: micros(record.worstMicros),
        saved_usd: micros(record.savedMicros),
        expected_ms: record.expectedMs,
        wanted: record.wanted.map((field) => ({ field, found: Number((record.found[field] ?? 0).toFixed(2)) })),
        known: record.known,
        calls: record.calls.map((call) => ({
          provider: call.provider,
          asked: Number(call.share.toFixed(2)),
          at_ms: call.startMs,
          expected_usd: micros(call.expectedMicros),
          worst_usd: micros(call.worstMicros),
        })),
      })),
      spend: {
        days: quote.spend.days,
        saved_usd: micros(quote.spend.savedMicros),
        providers: quote.spend.providers.map((spent) => ({
          provider: spent.provider,
          calls: spent.calls,
          hits: spent.hits,
          usable_values: spent.usable,
          usd: micros(spent.chargedMicros),
          held_usd: micros(spent.heldMicros),
          unknown_calls: spent.unknownCalls,
          usd_per_usable_value: left(spent.microsPerUsable),
        })),
      },
    };
  },
  text: (output) =>
    paragraphs(
      `${count(output.records.length, 'record')}: about ${dollars(output.expected_usd)}, at most ${dollars(output.worst_usd)}. ${leftText(output.left_usd)}`,
      ...output.records.map((record) =>
        paragraphs(
          `${record.name ?? record.id} (${record.id}): about ${dollars(record.expected_usd)}, at most ${dollars(record.worst_usd)}, ${record.expected_ms} ms; ${dollars(record.saved_usd)} saved by answers kept.`,
          record.wanted.length === 0
            ? 'Nothing that is unknown is offered.'
            : `Wanted: ${record.wanted.map(({ field, found }) => `${field} (${Math.round(found * 100)} %)`).join(', ')}.`,
          record.known.length > 0 && `Known before: ${record.known.join(', ')}.`,
          record.calls.length > 0 &&
            table(
              ['would ask', 'in', 'at ms', 'about', 'at most'],
              record.calls.map((call) => [
                call.provider,
                `${Math.round(call.asked * 100)} %`,
                call.at_ms,
                dollars(call.expected_usd),
                dollars(call.worst_usd),
              ]),
            ),
        ),
      ),
      output.spend.providers.length > 0 &&
        paragraphs(
          `Spent in ${count(output.spend.days, 'day')}; ${dollars(output.spend.saved_usd)} saved by answers kept so far.`,
          table(
            ['provider', 'calls', 'hits', 'usable values', 'cost', 'held', 'unknown', 'per usable value'],
            output.spend.providers.map((spent) => [
              spent.provider,
              spent.calls,
              spent.hits,
              spent.usable_values,
              dollars(spent.usd),
              dollars(spent.held_usd),
              spent.unknown_calls,
              spent.usd_per_usable_value === null ? null : dollars(spent.usd_per_usable_value),
            ]),
          ),
        ),
    ),
});

function leftText({ day, workspace }: { day: number | null; workspace: number | null }): string {
  const left = [
    day === null ? '' : `${dollars(day)} of today's ceiling`,
    workspace === null ? '' : `${dollars(workspace)} of the workspace's`,
  ];
  const said = left.filter((text) => text !== '').join(' and ');
  return said === '' ? '' : `${said} left.`;
}
