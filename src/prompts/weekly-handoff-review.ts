import { z } from 'zod';
import { definePrompt } from './define-prompt.ts';

export const weeklyHandoffReview = definePrompt({
  name: 'weekly_handoff_review',
  title: 'Weekly hand-off review',
  description: 'What was handed off last week, what became of it, which promises were missed, and which segment rules wait for a decision.',
  calls: ['review_handoffs', 'decide_segment_rule', 'freeze_review'],
  arguments: z.strictObject({
    period: z.string().trim().min(1).max(30).optional().describe('a week as in 2026-W47; left out: the last whole week'),
  }),
  messages: ({ period }) => [
    {
      role: 'user',
      text: `Lead the weekly hand-off review of marketing and sales.

1. Call review_handoffs with ${JSON.stringify({ ...(period !== undefined && { period }), response_format: 'detailed' })}.
2. In one line: how many were handed off, and the acceptance, against the period before.
3. What changed by more than noise; if nothing did, say so and name no trend.
4. The rejection codes that were given most, who fixes each, and the source or segment they come from.
5. The promises that were missed, with names, and the oldest that is still open.
6. Overrides and their reasons; recycled leads whose day has come.
7. Each segment rule that waits for a decision: the evidence in a line, what it would have kept from sales in a quarter, and the won deals it would have cost. Ask us to accept or decline each, and call decide_segment_rule only with our answer.
8. At most five actions, each with an owner and a day.
9. Where the week is frozen and figures are otherwise today: which, and why. Where it is not, ask whether we publish it, and call freeze_review only when we say so.

Use the tool's figures as they are.`,
    },
  ],
});
