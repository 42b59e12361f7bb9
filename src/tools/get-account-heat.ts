import { z } from 'zod';
import { getAccountHeat, getAccountHeatInput } from '../accounts/get-account-heat.ts';
import { bullets, paragraphs } from '../kernel/markdown.ts';
import { receipt } from '../scoring/core/receipt.ts';
import { defineTool } from './define-tool.ts';
import { answersFor, definitionRefs, outsideText, responseFormat } from './shared.ts';
import { aliasLine, definitionsLine } from './text.ts';

const CONCISE_CHANGES = 5;
const CONCISE_UNKNOWN = 3;

const heat = z.enum(['hot', 'warm', 'cold']);
const threshold = z.strictObject({ needs: z.int(), met: z.boolean() }).nullable();

export const getAccountHeatTool = defineTool({
  name: 'get_account_heat',
  title: 'Is this account hot?',
  toolset: 'accounts',
  description:
    'Answers "is this account hot?": hot, warm or cold by the shared rubric, why, what changed since last week, and what is unknown. Use it before you call an account hot, and do not judge from the events yourself. For facts and people use get_account. Example: {"account":"acme.com"}',
  input: getAccountHeatInput.extend({
    account: getAccountHeatInput.shape.account.describe('id, domain or exact name'),
    as_of: getAccountHeatInput.shape.as_of.describe('YYYY-MM-DD; default today'),
    response_format: responseFormat,
  }),
  output: z.strictObject({
    account: z.strictObject({ id: z.string(), answers_for: answersFor, name: outsideText.nullable(), domain: z.string().nullable() }),
    as_of: z.string(),
    heat,
    score: z.int(),
    tier: z.string(),
    why: z.array(z.string()),
    tests: z.array(
      z.strictObject({
        test: z.enum(['points', 'people', 'momentum_percent']),
        value: z.int().nullable().describe('null: no earlier week to compare with'),
        hot: threshold,
        warm: threshold,
      }),
    ),
    events_this_week: z.int(),
    events_three_weeks_before: z.int(),
    act_now: z.array(z.strictObject({ type: z.string(), label: z.string(), occurred_on: z.string(), age_days: z.int() })),
    since_last_week: z.strictObject({
      as_of: z.string(),
      heat,
      score: z.int(),
      tier: z.string(),
      changes: z.array(z.string()),
      changes_total: z.int(),
    }),
    undecided: z.array(z.string()).describe('criteria that could not be decided'),
    unknown: z.array(z.strictObject({ field: z.string(), label: z.string(), could_change_tier: z.boolean(), effect: z.string() })),
    unknown_total: z.int(),
    coverage_percent: z.int().describe('criteria decided, of those that need fields'),
    receipt: receipt.optional().describe('with response_format detailed; verify_score takes it'),
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, { response_format, ...input }) {
    const { receipt: sealed, ...found } = await getAccountHeat(ctx, input);
    const { changes } = found.since_last_week;
    const whole = {
      ...found,
      since_last_week: { ...found.since_last_week, changes_total: changes.length },
      unknown_total: found.unknown.length,
    };
    if (response_format === 'detailed') return { ...whole, receipt: sealed };
    return {
      ...whole,
      since_last_week: { ...whole.since_last_week, changes: changes.slice(0, CONCISE_CHANGES) },
      unknown: found.unknown.slice(0, CONCISE_UNKNOWN),
    };
  },
  text(output) {
    const { account, since_last_week: week } = output;
    const more = (shown: number, total: number) => (total > shown ? `\n(${total - shown} more with response_format detailed)` : '');
    const unknown =
      output.unknown.length > 0
        ? bullets(output.unknown.map((one) => `${one.effect}${one.could_change_tier ? ' It could change the tier.' : ''}`))
        : output.undecided.length > 0
          ? bullets(output.undecided)
          : 'Nothing that the rubric needs.';
    return paragraphs(
      `${account.name ?? account.domain ?? account.id} is ${output.heat.toUpperCase()} as of ${output.as_of}: score ${output.score}, ${tierText(output.tier)}. Account id ${account.id}.`,
      account.answers_for !== undefined && aliasLine(account.answers_for, account.id),
      `Why:\n${bullets(output.why)}`,
      `Since last week (${week.as_of}: ${week.heat}, score ${week.score}, ${tierText(week.tier)}):\n${bullets(week.changes)}${more(week.changes.length, week.changes_total)}`,
      `Unknown (coverage ${output.coverage_percent} %):\n${unknown}${more(output.unknown.length, output.unknown_total)}`,
      output.receipt && `Receipt: ${JSON.stringify(output.receipt)}`,
      definitionsLine(output.definitions),
    );
  },
});

function tierText(tier: string): string {
  return tier === 'disqualified' ? tier : `tier ${tier}`;
}
