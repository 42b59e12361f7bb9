import { z } from 'zod';
import { logFollowUp, logFollowUpInput } from '../handoff/log-follow-up.ts';
import { bullets, paragraphs } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import { clocksOut, clocksText, shapeClock } from './hand-off-shape.ts';
import { definitionRefs, outsideText } from './shared.ts';
import { definitionsLine } from './text.ts';

export const logFollowUpTool = defineTool({
  name: 'log_follow_up',
  title: 'Log a follow-up',
  toolset: 'handoff',
  description: `Logs an attempt to reach a lead that was handed off, a meeting, or a pause of its SLA clocks and its end. Says which attempts are missing before it may be called unable to reach. Use it after each; not for marketing's events (record_engagement). Example: {"handoff":"ann@acme.com","channel":"call","outcome":"no_answer"}`,
  input: logFollowUpInput,
  output: z.strictObject({
    id: z.string(),
    person: z.strictObject({ id: z.string(), name: outsideText.nullable() }),
    logged: z.array(z.strictObject({ type: z.string(), times: z.int() })),
    missing: z.array(z.strictObject({ type: z.string(), at_least: z.int(), logged: z.int() })),
    clocks: clocksOut,
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  async run(ctx, input) {
    const { clocks, ...rest } = await logFollowUp(ctx, input);
    return { ...rest, clocks: clocks.map(shapeClock) };
  },
  text: ({ id, person, logged, missing, clocks, definitions }) =>
    paragraphs(
      `Logged for ${person.name ?? person.id} (hand-off ${id}). Attempts: ${logged.map(({ type, times }) => `${times} ${type}`).join(', ') || 'none'}.`,
      missing.length > 0 &&
        `Before it may be called unable to reach:\n${bullets(missing.map(({ type, at_least, logged: done }) => `${type}: ${done} of ${at_least}`))}`,
      `Clocks:\n${clocksText(clocks)}`,
      definitionsLine(definitions),
    ),
});
