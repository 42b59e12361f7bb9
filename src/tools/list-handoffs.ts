import { z } from 'zod';
import { type ListedHandOff, listHandoffs, listHandoffsInput } from '../handoff/list-handoffs.ts';
import { count, paragraphs, table } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import { clockOut, clocksOut, clockText, shapeClock, stageOut } from './hand-off-shape.ts';
import { outsideText, pageCursor, pageOutput, pageSize, responseFormat } from './shared.ts';
import { pageLine } from './text.ts';

export const listHandoffsTool = defineTool({
  name: 'list_handoffs',
  title: 'List hand-offs',
  toolset: 'handoff',
  description: `The leads that were handed to sales, those first whose SLA clock is due first, with true totals; also recycled leads by the day they come back. Use it for "what is overdue?" or "what should I do next?"; then dispose_mql or log_follow_up. Example: {"owner":"ana","breached":true}`,
  input: listHandoffsInput.extend({ limit: pageSize, cursor: pageCursor, response_format: responseFormat }),
  output: z.strictObject({
    as_of: z.string(),
    handoffs: z.array(
      z.strictObject({
        id: z.string(),
        person: z.strictObject({ id: z.string(), name: outsideText.nullable(), email: outsideText.nullable() }),
        account: z.strictObject({ id: z.string(), name: outsideText.nullable() }).nullable(),
        stage: stageOut,
        owner: outsideText.nullable(),
        pool: z.string().nullable(),
        waits_for: z.string().nullable(),
        returns_on: z.string().nullable(),
        source: outsideText.nullable(),
        tier: z.string().nullable(),
        code: z.string().nullable().describe('of the last rejection'),
        handed_at: z.string(),
        override: outsideText.nullable().describe('why it was handed off against what spoke against it'),
        next: clockOut.nullable().describe('the clock that is due first'),
        clocks: clocksOut.optional().describe('with response_format detailed'),
      }),
    ),
    ...pageOutput,
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, { response_format, ...input }) {
    const { handoffs, as_of, ...page } = await listHandoffs(ctx, input);
    return { as_of: as_of.toISOString(), handoffs: handoffs.map((one) => shaped(one, response_format === 'detailed')), ...page };
  },
  text: ({ as_of, handoffs, total, next_cursor }) =>
    paragraphs(
      `${count(total, 'hand-off')} as of ${as_of}, most urgent first.`,
      table(
        ['lead', 'account', 'stage', 'owner', 'next', 'handed off', 'source', 'code', 'id'],
        handoffs.map((one) => [
          one.person.name ?? one.person.email ?? one.person.id,
          one.account?.name,
          one.waits_for === null ? one.stage : `${one.stage}, waits for ${one.waits_for}`,
          one.owner ?? (one.pool === null || one.waits_for !== 'assignment' ? null : `pool ${one.pool}`),
          nextText(one),
          one.handed_at,
          one.source,
          one.code,
          one.id,
        ]),
      ),
      pageLine(handoffs.length, total, next_cursor),
    ),
});

interface Next {
  next: z.output<typeof clockOut> | null;
  clocks?: z.output<typeof clocksOut> | undefined;
  returns_on: string | null;
}

function nextText({ next, clocks, returns_on }: Next): string | null {
  if (clocks !== undefined) return clocks.map((one) => `${one.clock} ${clockText(one)}`).join('; ');
  if (next !== null) return `${next.clock} ${clockText(next)}`;
  return returns_on === null ? null : `comes back on ${returns_on}`;
}

function shaped({ handOff, projection, clocks }: ListedHandOff, isDetailed: boolean) {
  const { id, person, account_id, account_name, lead, pool, override } = handOff;
  const { stage, owner, waits_for, returns_on } = projection.state;
  const owed = clocks.filter(({ state, due }) => (state === 'running' || state === 'paused') && due !== null);
  const [next] = owed.sort((a, b) => (a.due ?? 0) - (b.due ?? 0));
  return {
    id,
    person,
    account: account_id === null ? null : { id: account_id, name: account_name },
    stage,
    owner,
    pool,
    waits_for,
    returns_on,
    source: lead.source,
    tier: lead.tier,
    code: projection.code,
    handed_at: new Date(handOff.handed_at).toISOString(),
    override,
    next: next === undefined ? null : shapeClock(next),
    ...(isDetailed && { clocks: clocks.map(shapeClock) }),
  };
}
