import type { z } from 'zod';
import { reviewHandoffs, reviewHandoffsInput } from '../handoff/review-handoffs.ts';
import { restate } from '../review/restatement.ts';
import { weeklyFigures } from '../review/weekly-figures.ts';
import { defineTool } from './define-tool.ts';
import { shapeRestatement } from './restatement-shape.ts';
import { reviewOutput, shapeReview } from './review-handoffs-shape.ts';
import { reviewText } from './review-handoffs-text.ts';
import { responseFormat } from './shared.ts';

export const reviewHandoffsTool = defineTool({
  name: 'review_handoffs',
  title: 'Review hand-offs',
  toolset: 'review',
  description: `The hand-offs of a week or another period: volumes, acceptance, rejections by code, source, segment and owner, SLA clocks, breaches, ageing, overrides, recycled leads, segment rules, and what changed by more than noise. Use it for the weekly meeting of marketing and sales. Not for what to do next (list_handoffs). Example: {"period":"2026-W47"}`,
  input: reviewHandoffsInput.safeExtend({ response_format: responseFormat }),
  output: reviewOutput,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, { response_format, ...input }) {
    const review = await reviewHandoffs(ctx, input);
    const frozen = await restate(ctx, { kind: 'weekly', period: review.period.name, figures: weeklyFigures(review) });
    const detailed = response_format === 'detailed';
    return { ...shapeReview(review, detailed), frozen: shapeRestatement(frozen, detailed) };
  },
  text: (output: z.output<typeof reviewOutput>) => reviewText(output),
});
