import { z } from 'zod';
import { definePrompt } from './define-prompt.ts';

export const quarterlyIcpRefresh = definePrompt({
  name: 'quarterly_icp_refresh',
  title: 'Quarterly ICP refresh',
  description:
    'The working session on who wins and why: evidence line by line, a decision on each, and a draft that both teams sign or leave.',
  calls: ['analyze_icp_refresh', 'get_definition', 'propose_definition'],
  arguments: z.strictObject({
    period: z.string().trim().min(1).max(30).optional().describe('a quarter as in 2026-Q3; left out: the last whole one'),
  }),
  messages: ({ period }) => [
    {
      role: 'user',
      text: `Lead the quarterly ICP refresh of marketing, sales and revenue operations. You run the analysis; we make the call.

Prepare
1. Call get_definition for kind "rubric" and for kind "icp", then analyze_icp_refresh with ${JSON.stringify({ ...(period !== undefined && { period }), response_format: 'detailed' })}.
2. Before any finding, say what was read: how many deals, how many won, from which day each was looked at, what was left out and why, and whether the times of imported values had to be believed. If no field was known of most deals, stop there and say what to import.

Look at the evidence
3. Say how many levels were compared and how many hold after correction. If none does, say that nothing is proposed, go to 8, and do not look for a trend.
4. Take the findings one at a time: field and level, deals and won, win rate with interval against the base rate, q, stability, and what the rubric would change. With each, say what speaks against it: a leak, a reversal within strata, drift, few deals. Ask what we know of these deals that the data does not.

Decide
5. After each finding ask: accept, decline, or look again next quarter? Note the answer and who gave it. Accept nothing for us.
6. Then the whole: difference, backtest against the rubric in force with its interval, who moves tier, how many records each tier would hold. If the interval of the difference includes zero, say that the draft is not shown to be better.

Propose
7. Only when we say so, call propose_definition for each accepted change, the ICP first, with the changes as the tool gives them; leave out what we declined. Say who must sign. If something is proposed already, ask first whether it is to be signed or withdrawn.

What next
8. What could not be tested and how many more deals it takes; what data to collect; what to watch until the next quarter (fields that drift, findings that were put off); at most five actions, each with an owner and a day.

Use the tool's figures as they are. Only leads that were worked have outcomes: say so once.`,
    },
  ],
});
