import type { z } from 'zod';
import { paragraphs } from '../kernel/markdown.ts';
import { performanceFigures } from '../review/core/performance-figures.ts';
import { performanceMarkdown } from '../review/core/performance-markdown.ts';
import { restatementText } from '../review/core/restatement-text.ts';
import { restate } from '../review/restatement.ts';
import { reviewPerformance, reviewPerformanceInput } from '../review/review-performance.ts';
import { defineTool } from './define-tool.ts';
import { restatementOut, shapeRestatement } from './restatement-shape.ts';
import { performanceOutput, shapePerformance } from './review-performance-shape.ts';
import { responseFormat } from './shared.ts';

const output = performanceOutput.safeExtend({ frozen: restatementOut });

export const reviewPerformanceTool = defineTool({
  name: 'review_performance',
  title: 'Review performance',
  toolset: 'review',
  description: `A month of marketing and sales: pipeline by source, funnel as cohorts and snapshots, stage times, velocity, win rate by tier, speed to lead, buying roles, tier drift, rejections, and what changed by more than noise. Use it for the monthly meeting. Not for one week's hand-offs (review_handoffs). Example: {"period":"2026-10"}`,
  input: reviewPerformanceInput.safeExtend({ response_format: responseFormat }),
  output,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, { response_format, ...input }) {
    const review = await reviewPerformance(ctx, input);
    const frozen = await restate(ctx, { kind: 'monthly', period: review.period.name, figures: performanceFigures(review) });
    const detailed = response_format === 'detailed';
    return { ...shapePerformance(review, detailed), frozen: shapeRestatement(frozen, detailed) };
  },
  // what came from outside stands in its marks already
  text: ({ frozen, ...review }: z.output<typeof output>) =>
    paragraphs(
      performanceMarkdown(review, (text) => text),
      frozen !== null && restatementText(frozen),
    ),
});
