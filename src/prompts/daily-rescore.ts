import { z } from 'zod';
import { definePrompt } from './define-prompt.ts';

export const dailyRescore = definePrompt({
  name: 'daily_rescore',
  title: 'Daily rescore',
  description: 'Scores what may have changed since yesterday and reports who moved, why, and which accounts are hot.',
  calls: ['rescore_records', 'search_records', 'get_account_heat'],
  arguments: z.strictObject({}),
  messages: () => [
    {
      role: 'user',
      text: `Run the daily rescore and report it.

1. Call rescore_records with {"scope": "changed"}.
2. Report how many records were scored and how many changed, for accounts and leads apart.
3. Report the tier moves with what moved them: up first, then down. Say so if nothing moved.
4. Call search_records with {"kind": "account", "heat": "hot"}. Give the true total, and a table of the first page.
5. For at most five of them, those with the highest score, call get_account_heat and say in a line each what changed since last week.
6. Name what is unknown and could change a tier, so that it can be looked up.
7. Say which rubric version was used, and that it is a draft if it is one.

If a run is cut off, call rescore_records again with the id that the error names as "resume". Use the tools' figures as they are.`,
    },
  ],
});
