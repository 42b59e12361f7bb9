import { z } from 'zod';
import { accountAnswer } from '../accounts/account-answer.ts';
import { getAccount, getAccountInput } from '../accounts/get-account.ts';
import { receipt } from '../scoring/core/receipt.ts';
import { defineTool } from './define-tool.ts';
import { getAccountText } from './get-account-text.ts';
import { answersFor, definitionRefs, outsideText, outsideValue, responseFormat } from './shared.ts';

const probability = z.number().min(0).max(1);
const said = z.strictObject({ value: outsideValue, sources: z.array(outsideText), confidence: probability.optional() });
const fact = z.strictObject({
  field: z.string(),
  label: z.string(),
  value: outsideValue,
  source: outsideText,
  observed_on: z.string(),
  age_days: z.int(),
  confidence: probability.optional().describe('of an enriched value'),
  providers: z.array(z.string()).optional().describe('who gave it'),
  conflicts: z.array(said).optional().describe('contrary values that hold now'),
  other_values: z
    .array(z.strictObject({ value: outsideValue, source: outsideText, observed_on: z.string(), expired: z.boolean() }))
    .optional()
    .describe('the values that lost, with response_format detailed'),
});
const day = z.string().nullable();

const accountOutput = z.strictObject({
  account: z.strictObject({
    id: z.string(),
    answers_for: answersFor,
    aliases: z.array(z.string()).optional().describe('ids merged into it; they answer as it'),
    name: outsideText.nullable(),
    domain: z.string().nullable(),
    domains: z.array(z.string()),
    created_at: z.string(),
    changed_at: z.string(),
  }),
  score: z.strictObject({
    score: z.int(),
    tier: z.string(),
    heat: z.string().nullable(),
    as_of: z.string(),
    coverage_percent: z.int(),
    disqualified_by: z.array(z.string()),
    groups: z.array(z.strictObject({ group: z.string(), sum: z.int(), cap: z.int(), points: z.int() })),
    parts: z.array(z.strictObject({ criterion: z.string(), group: z.string(), points: z.int(), state: z.string() })).optional(),
    unknown_fields: z.array(z.string()).describe('those that could change the tier first'),
    receipt: receipt.optional(),
  }),
  facts_total: z.int(),
  facts: z.array(fact),
  undecided: z
    .array(z.strictObject({ field: z.string(), label: z.string(), values: z.array(said) }))
    .optional()
    .describe('no fact: providers disagree'),
  people: z.strictObject({
    total: z.int(),
    engaged_28_days: z.int(),
    most_engaged: z.array(
      z.strictObject({
        id: z.string(),
        name: outsideText.nullable(),
        email: outsideText.nullable(),
        title: outsideText.nullable(),
        tier: z.string().nullable(),
        score: z.int().nullable(),
        events_90_days: z.int(),
        last_on: day,
      }),
    ),
  }),
  engagement: z.strictObject({
    total: z.int(),
    first_on: day,
    last_on: day,
    weeks: z.array(
      z.strictObject({ from: z.string(), to: z.string(), events: z.int(), people: z.int(), by_type: z.record(z.string(), z.int()) }),
    ),
  }),
  signals: z.strictObject({
    total: z.int(),
    latest: z.array(
      z.strictObject({
        type: z.string(),
        label: z.string(),
        occurred_on: z.string(),
        age_days: z.int(),
        source: outsideText,
        attributes: outsideText.optional().describe('JSON'),
      }),
    ),
  }),
  opportunities: z.strictObject({
    total: z.int(),
    latest: z.array(
      z.strictObject({ id: z.string(), name: outsideText.nullable(), changed_at: z.string(), fields: z.record(z.string(), outsideValue) }),
    ),
  }),
  definitions: definitionRefs,
});
export type AccountOutput = z.output<typeof accountOutput>;

export const getAccountTool = defineTool({
  name: 'get_account',
  title: 'Get account',
  toolset: 'accounts',
  description:
    'The whole view of one account: facts with source, age and conflicts, people, engagement by week, signals, opportunities and score. Use it to prepare for a call or to check a value. For "is it hot?" use get_account_heat instead; without its name or domain, search_records. Example: {"account":"acme.com"}',
  input: z.strictObject({
    account: getAccountInput.shape.account.describe('id, domain or exact name'),
    response_format: responseFormat,
  }),
  output: accountOutput,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, { account, response_format }) {
    const detailed = response_format === 'detailed';
    return accountAnswer(await getAccount(ctx, { account, detailed }), detailed);
  },
  text: getAccountText,
});
