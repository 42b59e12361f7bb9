import { z } from 'zod';
import { type AccountView, getAccount, getAccountInput } from '../accounts/get-account.ts';
import { receipt } from '../scoring/core/receipt.ts';
import { defineTool } from './define-tool.ts';
import { getAccountText } from './get-account-text.ts';
import { definitionRefs, outsideText, outsideValue, responseFormat } from './shared.ts';

const fact = z.strictObject({
  field: z.string(),
  label: z.string(),
  value: outsideValue,
  source: outsideText,
  observed_on: z.string(),
  age_days: z.int(),
  other_values: z
    .array(z.strictObject({ value: outsideValue, source: outsideText, observed_on: z.string(), expired: z.boolean() }))
    .optional()
    .describe('the values that lost, with response_format detailed'),
});
const day = z.string().nullable();

export const accountOutput = z.strictObject({
  account: z.strictObject({
    id: z.string(),
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
    'The whole view of one account: facts with source and age, people, engagement by week, signals, opportunities and score. Use it to prepare for a call or to check a value. Only "is it hot?": get_account_heat. No id or domain: search_records. Example: {"account":"acme.com"}',
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

/** The view as the tool and the resource give it. */
export function accountAnswer(view: AccountView, detailed: boolean): AccountOutput {
  const { result, explanation, unknown, receipt: sealed, definitions } = view.score;
  const cut = (value: unknown) => shortened(value, detailed ? 2000 : 200);
  const observed = ({ observed_at, ...rest }: { observed_at: string; value: unknown; source: string }) => ({
    ...rest,
    value: cut(rest.value),
    observed_on: observed_at.slice(0, 10),
  });
  return accountOutput.parse({
    account: view.account,
    score: {
      score: result.score,
      tier: result.tier,
      heat: result.heat,
      as_of: sealed.as_of,
      coverage_percent: explanation.coverage.percent,
      disqualified_by: explanation.disqualifiedBy,
      groups: explanation.groups
        .filter(({ group }) => explanation.parts.some((part) => part.group === group))
        .map(({ adjustment: _, ...group }) => group),
      unknown_fields: unknown.map((one) => one.field),
      ...(detailed ? { parts: explanation.parts, receipt: sealed } : {}),
    },
    facts_total: view.facts.total,
    facts: view.facts.shown.map(({ other_values, field, label, age_days, ...said }) => ({
      field,
      label,
      age_days,
      ...observed(said),
      ...(detailed ? { other_values: other_values.map(({ expired, ...other }) => ({ expired, ...observed(other) })) } : {}),
    })),
    people: {
      total: view.people.total,
      engaged_28_days: view.people.engaged,
      most_engaged: view.people.top.map(({ events, ...person }) => ({ ...person, events_90_days: events })),
    },
    engagement: view.engagement,
    signals: {
      total: view.signals.total,
      latest: view.signals.latest.map(({ attributes, ...signal }) =>
        detailed && attributes !== null ? { ...signal, attributes: JSON.stringify(cut(attributes)) } : signal,
      ),
    },
    opportunities: {
      total: view.opportunities.total,
      latest: view.opportunities.latest.map((one) => ({ ...one, fields: cut(one.fields) })),
    },
    definitions,
  });
}

const MOST_ENTRIES = 40;

/** A value whose texts and lists are cut to a length at which they can be read. */
function shortened(value: unknown, length: number): unknown {
  if (typeof value === 'string') return value.length > length ? `${value.slice(0, length)}…` : value;
  if (Array.isArray(value)) {
    const kept = value.slice(0, MOST_ENTRIES).map((item) => shortened(item, length));
    return value.length > MOST_ENTRIES ? [...kept, `… ${value.length - MOST_ENTRIES} more`] : kept;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MOST_ENTRIES)
      .map(([key, member]) => [key, shortened(member, length)]),
  );
}
