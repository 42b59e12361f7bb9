import type { z } from 'zod';
import { getAttribution, getAttributionInput } from '../attribution/get-attribution.ts';
import { paragraphs } from '../kernel/markdown.ts';
import { attributionFigures } from '../review/core/pipeline-figures.ts';
import { restatementText } from '../review/core/restatement-text.ts';
import { restate } from '../review/restatement.ts';
import { defineTool } from './define-tool.ts';
import { attributionOutput, shapeAttribution } from './get-attribution-shape.ts';
import { attributionText } from './get-attribution-text.ts';
import { restatementOut, shapeRestatement } from './restatement-shape.ts';
import { pageCursor, pageSize, responseFormat } from './shared.ts';

const output = attributionOutput.safeExtend({ frozen: restatementOut });

export const getAttributionTool = defineTool({
  name: 'get_attribution',
  title: 'Get attribution',
  toolset: 'review',
  description: `Which channels, sources, campaigns or months earned the opportunities of a period, by the attribution in force, with amounts that add up exactly; other models beside it, or the touches of one opportunity. Use it for "what did webinars bring?". Never add up currencies. Example: {"period":"2026-11","by":"source","compare":["linear"]}`,
  input: getAttributionInput.extend({ limit: pageSize, cursor: pageCursor, response_format: responseFormat }),
  output,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, { response_format, ...input }) {
    const report = await getAttribution(ctx, input);
    const detailed = response_format === 'detailed';
    // what was published is held against the month as it is today, and not as it was
    const isToday = report.deal === null && input.as_of === undefined && input.known_at === undefined;
    const frozen = isToday ? await restate(ctx, { kind: 'monthly', period: report.period.name, ...attributionFigures(report) }) : null;
    return { ...shapeAttribution(report, detailed), frozen: shapeRestatement(frozen, detailed) };
  },
  text: ({ frozen, ...attribution }: z.output<typeof output>) =>
    paragraphs(attributionText(attribution), frozen !== null && restatementText(frozen)),
});
