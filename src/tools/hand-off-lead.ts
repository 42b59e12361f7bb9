import { z } from 'zod';
import { handOffLead, handOffLeadInput } from '../handoff/hand-off-lead.ts';
import { paragraphs } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import { clocksOut, clocksText, shapeClock } from './hand-off-shape.ts';
import { definitionRefs, outsideText } from './shared.ts';
import { definitionsLine } from './text.ts';

const WAYS = { account_owner: 'owner of the account', territory: 'by territory', round_robin: 'in turn' } as const;

export const handOffLeadTool = defineTool({
  name: 'hand_off_lead',
  title: 'Hand off a lead',
  toolset: 'handoff',
  description: `Hands a lead from marketing to sales: checks the MQL rule, assigns an owner and starts the SLA clocks. Refused with what is missing, unless a person gives a reason, which is reported. Use it when a lead is ready; for a new one intake_lead first. Example: {"person":"ann@acme.com"}`,
  input: handOffLeadInput,
  output: z.strictObject({
    id: z.string(),
    person: z.strictObject({ id: z.string(), name: outsideText.nullable() }),
    owner: outsideText.nullable().describe('null: nobody has room, and it waits in the pool'),
    routed_by: z.enum(['account_owner', 'territory', 'round_robin']).nullable(),
    pool: z.string().nullable(),
    passed: z.array(outsideText).describe('why each way before found nobody'),
    overridden: z.boolean().describe('something spoke against it'),
    clocks: clocksOut,
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run(ctx, input) {
    const { routed, clocks, ...rest } = await handOffLead(ctx, input);
    const { owner, by, pool, passed } = routed;
    return { ...rest, owner, routed_by: by, pool, passed, clocks: clocks.map(shapeClock) };
  },
  text: ({ id, person, owner, routed_by, pool, passed, overridden, clocks, definitions }) =>
    paragraphs(
      `${person.name ?? person.id} was handed off as ${id}${overridden ? ', against what spoke against it' : ''}.`,
      owner === null
        ? `Nobody has room, so it waits in the pool ${pool ?? 'of nobody'}: ${passed.join('; ')}.`
        : `Owner: ${owner}${routed_by === null ? '' : ` (${WAYS[routed_by]})`}.`,
      `Clocks:\n${clocksText(clocks)}`,
      definitionsLine(definitions),
    ),
});
