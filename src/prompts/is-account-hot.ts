import { z } from 'zod';
import { completeAccount } from '../accounts/complete-account.ts';
import { definePrompt } from './define-prompt.ts';

export const isAccountHot = definePrompt({
  name: 'is_account_hot',
  title: 'Is this account hot?',
  description: 'Hot, warm or cold by the shared rubric, with the reasons, what changed since last week, and what is unknown.',
  calls: ['get_account_heat', 'get_account'],
  arguments: z.strictObject({
    account: z.string().trim().min(1).max(300).describe('domain, id or exact name of the account'),
  }),
  complete: { account: (ctx, typed) => completeAccount(ctx, { typed }) },
  messages: ({ account }) => [
    {
      role: 'user',
      text: `Is the account ${JSON.stringify(account)} hot?

1. Call get_account_heat with that account. If several accounts answer to the name, list them and ask me which one I mean.
2. Answer in one line first: hot, warm or cold, with the score and the tier.
3. Then, briefly: why; what changed since last week; what is unknown and could change the tier.
4. If it is hot or warm, call get_account and name the people to talk to, the most engaged first.
5. Say which rubric version the answer rests on, and that it is a draft if it is one.

Use the tools' figures as they are; do not estimate a score or a heat of your own.`,
    },
  ],
});
