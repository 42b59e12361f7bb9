import { z } from 'zod';
import { definePrompt } from './define-prompt.ts';

export const monthlyPerformanceReview = definePrompt({
  name: 'monthly_performance_review',
  title: 'Monthly performance review',
  description:
    'Where pipeline came from, how leads moved, whether tier A wins more, and what changed since the month before by more than noise.',
  calls: ['review_performance'],
  arguments: z.strictObject({
    period: z.string().trim().min(1).max(30).optional().describe('a month as in 2026-11; left out: the last whole month'),
  }),
  messages: ({ period }) => [
    {
      role: 'user',
      text: `Lead the monthly performance review of marketing and sales.

1. Call review_performance with ${JSON.stringify({ ...(period !== undefined && { period }), response_format: 'detailed' })}.
2. Say which attribution the figures rest on, and whether it is signed. If it is a draft, say whose signature is missing before anything else.
3. What changed since the month before by more than noise; if nothing did, say so and name no trend.
4. Pipeline created and won by source, each currency by itself; how much no touch led to.
5. The funnel: cohorts first, with the latest mature one where this month's is immature; then snapshots. Never put the two into one sentence or one rate.
6. Where leads and deals stay longest (median and p90), and velocity.
7. Does tier A win more? Give the verdict with its interval, and what was won outside tier A.
8. Speed to lead against outcome, as what goes together and not as cause. Rejections, and by which source.
9. Deals that lack a required role; tiers that shifted.
10. What the records do not tell, and who could mend it.
11. Where the month is frozen and figures are otherwise today: which, and why. Where it is not, say that its figures are of today, and ask who publishes it.
12. At most five actions, each with an owner and a day.

Use the tool's figures as they are, with n and interval.`,
    },
  ],
});
