import { z } from 'zod';
import { enrichRecord, enrichRecordInput } from '../enrichment/enrich-record.ts';
import { count, paragraphs, table } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import { dollars, micros } from './money.ts';
import { outsideText, outsideValue } from './shared.ts';
import { percent } from './text.ts';

const p = z.number().min(0).max(1);
const found = z.strictObject({
  field: z.string(),
  value: outsideValue,
  confidence: p,
  written: z.boolean().describe('false: not sure enough'),
  providers: z.array(z.string()).describe('who says so'),
  observed_on: z.string(),
  usd: z.number(),
  other_values: z.array(z.strictObject({ value: outsideValue, confidence: p, providers: z.array(z.string()) })).describe('what lost'),
});
const call = z.strictObject({
  provider: z.string(),
  outcome: z.string(),
  usd: z.number(),
  ms: z.int().nullable(),
  reason: outsideText.optional(),
});

export const enrichRecordTool = defineTool({
  name: 'enrich_record',
  title: 'Enrich records',
  toolset: 'enrichment',
  description: `Finds unknown fields of accounts or people: asks the providers that are worth it, within budget and deadline, and records what is sure enough. Use it when fields are missing; it may cost money, so call quote_enrichment first. Not for values you have (import_records). Example: {"records":["acme.com"],"fields":["account.employees"],"budget_usd":0.2}`,
  input: enrichRecordInput,
  output: z.strictObject({
    run: z.string(),
    partial: z.boolean().describe('answers are still to come: call again with `resume`'),
    usd: z.number(),
    saved_usd: z.number().describe('by answers kept'),
    records: z.array(
      z.strictObject({
        id: z.string(),
        name: outsideText.nullable(),
        fields: z.array(found),
        missing: z.array(z.string()),
        known: z.array(z.string()).describe('asked for, and known before'),
        calls: z.array(call),
        usd: z.number(),
        ms: z.int(),
      }),
    ),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  async run(ctx, input) {
    const result = await enrichRecord(ctx, input);
    return {
      run: result.run,
      partial: result.isPartial,
      usd: micros(result.costMicros),
      saved_usd: micros(result.savedMicros),
      records: result.records.map((record) => ({
        id: record.subject.id,
        name: record.subject.name,
        fields: record.fields.map((field) => ({
          field: field.field,
          value: field.value,
          confidence: rounded(field.confidence),
          written: !record.missing.includes(field.field),
          providers: [...field.providers],
          observed_on: field.observedAt.slice(0, 10),
          usd: micros(field.costMicros),
          other_values: field.otherValues.map(({ value, confidence, providers }) => ({
            value,
            confidence: rounded(confidence),
            providers: [...providers],
          })),
        })),
        missing: record.missing,
        known: record.known,
        calls: record.calls.map(({ provider, outcome, costMicros, latencyMs, reason }) => ({
          provider,
          outcome,
          usd: micros(costMicros),
          ms: latencyMs,
          ...(reason === undefined ? {} : { reason }),
        })),
        usd: micros(record.costMicros),
        ms: record.elapsedMs,
      })),
    };
  },
  text: (output) =>
    paragraphs(
      `Run ${output.run}: ${count(output.records.length, 'record')}, ${dollars(output.usd)} spent, ${dollars(output.saved_usd)} saved by answers kept.`,
      output.partial && `Answers are still to come: call again with "resume": "${output.run}".`,
      ...output.records.map((record) =>
        paragraphs(
          `${record.name ?? record.id} (${record.id}): ${count(record.fields.filter((field) => field.written).length, 'value')} in ${record.ms} ms for ${dollars(record.usd)}.`,
          record.fields.length > 0 &&
            table(
              ['field', 'value', 'sure', 'by', 'of', 'cost', 'lost'],
              record.fields.map((field) => [
                field.field,
                String(field.value),
                `${percent(field.confidence)}${field.written ? '' : ', not written'}`,
                field.providers.join(', '),
                field.observed_on,
                dollars(field.usd),
                field.other_values.map((other) => `${String(other.value)} (${other.providers.join(', ')})`).join('; '),
              ]),
            ),
          record.missing.length > 0 && `Not found: ${record.missing.join(', ')}.`,
          record.known.length > 0 && `Known before: ${record.known.join(', ')}.`,
          record.calls.length > 0 &&
            table(
              ['asked', 'answer', 'cost', 'ms', 'why'],
              record.calls.map((one) => [one.provider, one.outcome, dollars(one.usd), one.ms, one.reason]),
            ),
        ),
      ),
    ),
  changes: ({ records }) =>
    records
      .filter(({ fields }) => fields.some(({ field, written }) => written && field.startsWith('account.')))
      .map(({ id }) => `samepage://accounts/${id}`),
});

const rounded = (value: number) => Number(value.toFixed(3));
