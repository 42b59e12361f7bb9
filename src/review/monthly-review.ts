import type { ReviewPeriod } from '../handoff/core/review-period.ts';
import type { Context } from '../kernel/context.ts';
import { quoteOutside } from '../kernel/quote-outside.ts';
import type { MadeReview } from './core/figures.ts';
import { outside } from './core/markdown.ts';
import { performanceFigures } from './core/performance-figures.ts';
import { performanceMarkdown } from './core/performance-markdown.ts';
import { reviewPerformance } from './review-performance.ts';

/** The performance of a month as a document. */
export async function monthlyReview(ctx: Context, period: ReviewPeriod): Promise<MadeReview> {
  const review = await reviewPerformance(ctx, { period: period.name });
  return {
    definitions: review.definitions,
    figures: performanceFigures(review),
    immature: review.immature,
    data: JSON.parse(JSON.stringify(review)),
    // what is not settled stands at the head of every document, and the definitions at its end
    markdown: performanceMarkdown({ ...review, immature: [], definitions: [] }, (text) => quoteOutside(outside(text))),
  };
}
