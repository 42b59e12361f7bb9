import { z } from 'zod';
import { disposeMql, disposeMqlInput } from '../handoff/dispose-mql.ts';
import { paragraphs } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import { clocksOut, clocksText, shapeClock, stageOut } from './hand-off-shape.ts';
import { definitionRefs, outsideText } from './shared.ts';
import { definitionsLine } from './text.ts';

export const disposeMqlTool = defineTool({
  name: 'dispose_mql',
  title: 'Dispose of an MQL',
  toolset: 'handoff',
  description: `Notes sales' decision on a lead that was handed off: accept, or reject with a code, which tells marketing what to fix and when the lead comes back; later qualify, open_opportunity, win, lose. Refused with all that is missing. Use it when a person decided, never on a guess. Example: {"handoff":"ann@acme.com","decision":"reject","code":"ENG-02"}`,
  input: disposeMqlInput,
  output: z.strictObject({
    id: z.string(),
    person: z.strictObject({ id: z.string(), name: outsideText.nullable() }),
    stage: stageOut,
    owner: outsideText.nullable(),
    waits_for: z.string().nullable(),
    returns_on: z.string().nullable(),
    feedback: z
      .strictObject({
        code: z.string(),
        reason: z.string(),
        sub_reason: z.string().nullable(),
        fixer: z.string().describe('the team that fixes the cause'),
        fix: z.string().nullable(),
        action: z.string().describe('what happens to the lead'),
        quality: z.boolean().describe('false: the lead was good'),
      })
      .nullable(),
    reversible_until: z.string().nullable().describe('take_back works until then'),
    clocks: clocksOut,
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run(ctx, input) {
    const { clocks, ...rest } = await disposeMql(ctx, input);
    return { ...rest, clocks: clocks.map(shapeClock) };
  },
  text: ({ id, person, stage, owner, waits_for, returns_on, feedback, reversible_until, clocks, definitions }) =>
    paragraphs(
      `${person.name ?? person.id} (hand-off ${id}) is ${stage}${owner === null ? '' : `, owner ${owner}`}${waits_for === null ? '' : `, waits for ${waits_for}`}${returns_on === null ? '' : `, comes back on ${returns_on}`}.`,
      feedback !== null &&
        `${feedback.code} ${feedback.reason}${feedback.sub_reason === null ? '' : ` (${feedback.sub_reason})`}: ${feedback.fixer} fixes ${feedback.fix ?? 'the cause'}; the lead: ${feedback.action}.`,
      reversible_until !== null && `It can be taken back until ${reversible_until}.`,
      clocks.length > 0 && `Clocks:\n${clocksText(clocks)}`,
      definitionsLine(definitions),
    ),
});
