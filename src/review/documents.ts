import type { ReviewPeriod } from '../handoff/core/review-period.ts';
import type { Context } from '../kernel/context.ts';
import type { JustMade } from './core/figures.ts';
import type { ReviewKind } from './core/period.ts';
import { monthlyReview } from './monthly-review.ts';
import { quarterlyReview } from './quarterly-review.ts';
import { weeklyReview } from './weekly-review.ts';

/** How each kind of review is made. */
export const DOCUMENTS: Readonly<Record<ReviewKind, (ctx: Context, period: ReviewPeriod) => Promise<JustMade>>> = {
  weekly: weeklyReview,
  monthly: monthlyReview,
  quarterly: quarterlyReview,
};
