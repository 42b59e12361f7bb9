import { z } from 'zod';
import { engagementInput, recordEngagement } from '../engagement/record-engagement.ts';
import { count, paragraphs, table } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import { definitionRefs, outsideText } from './shared.ts';
import { definitionsLine } from './text.ts';

const OUTCOMES = { created: 'created', updated: 'corrected', unchanged: 'duplicate' } as const;
const n = z.int().min(0);

export const recordEngagementTool = defineTool({
  name: 'record_engagement',
  title: 'Record engagement',
  toolset: 'accounts',
  description: `Records engagement events and intent signals, one or many, all or none. An unknown e-mail makes a person. Use it when something happened now (a visit, a form, a meeting, a funding round); for files use import_records instead. Example: {"events":[{"event_id":"web-812","type":"pricing_page","occurred_at":"2026-03-02T08:30:00Z","email":"ada@acme.com"}]}`,
  input: engagementInput,
  output: z.strictObject({
    source: outsideText,
    created: n,
    corrected: n,
    duplicates: n,
    events: z.array(
      z.strictObject({
        event_id: outsideText,
        outcome: z.enum(['created', 'corrected', 'duplicate']),
        person_id: z.string().nullable(),
        account_id: z.string().nullable().describe('the account it counts for today; null: none yet'),
      }),
    ),
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, input) {
    const { events, ...rest } = await recordEngagement(ctx, input);
    return {
      ...rest,
      events: events.map((event) => ({
        event_id: event.eventId,
        outcome: OUTCOMES[event.outcome],
        person_id: event.personId,
        account_id: event.accountId,
      })),
    };
  },
  text: (output) =>
    paragraphs(
      `${count(output.events.length, 'event')} from ${output.source}: ${output.created} created, ${output.corrected} corrected, ${count(output.duplicates, 'duplicate')}.`,
      table(
        ['event', 'outcome', 'person', 'account'],
        output.events.map((event) => [event.event_id, event.outcome, event.person_id, event.account_id]),
      ),
      definitionsLine(output.definitions),
    ),
  changes: ({ events }) => events.flatMap((event) => (event.account_id === null ? [] : [`samepage://accounts/${event.account_id}`])),
});
