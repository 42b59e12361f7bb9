import { z } from 'zod';
import { type IntakenLead, intakeLead, intakeLeadInput } from '../intake/intake-lead.ts';
import { bullets, count, paragraphs } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import { dollars, micros } from './money.ts';
import { definitionRefs, leadMatch, leadMatchText, outsideText, outsideValue, placedAccount, shapeLeadMatch } from './shared.ts';
import { definitionsLine, percent } from './text.ts';

const MET = { yes: 'met', no: 'not met', unknown: 'not known' } as const;

const enriched = z.strictObject({
  run: z.string(),
  partial: z.boolean().describe('more may come, and is recorded by itself'),
  asked: z.int(),
  usd: z.number(),
  fields: z.array(
    z.strictObject({
      field: z.string(),
      value: outsideValue,
      confidence: z.number().min(0).max(1),
      written: z.boolean().describe('false: not sure enough'),
      providers: z.array(z.string()),
    }),
  ),
  problem: outsideText.optional(),
});
type Enriched = z.output<typeof enriched>;

export const intakeLeadTool = defineTool({
  name: 'intake_lead',
  title: 'Take in a lead',
  toolset: 'identity',
  description: `Takes a new lead in: records it, makes it one with a person who is there, matches its account, enriches and scores it, and says whether it is ready to hand off, or why not. The same source and external_id again change nothing. Use it for a lead that has just come in; for a file use import_records instead, only to look match_lead. Example: {"source":"web","external_id":"form-812","email":"ann@acme.com","name":"Ann Lee","company":"Acme Inc"}`,
  input: intakeLeadInput,
  output: z.strictObject({
    outcome: z.enum(['created', 'updated', 'unchanged']),
    person: z.strictObject({ id: z.string(), name: outsideText.nullable(), email: outsideText.nullable() }),
    merge: z.strictObject({ decision: z.string(), why: z.string() }).nullable().describe('that made it one with a person who was there'),
    account: placedAccount.nullable(),
    match: leadMatch,
    enriched: enriched.nullable().describe('null: nobody to ask'),
    score: z.strictObject({
      score: z.int(),
      max: z.int(),
      tier: z.string(),
      coverage_percent: z.int(),
      receipt: z.string().describe('its digest'),
    }),
    ready: z.boolean(),
    reasons: z.array(z.string()).describe('why it is not ready'),
    requirements: z.array(z.strictObject({ requirement: z.string(), met: z.enum(['yes', 'no', 'unknown']) })),
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  run: async (ctx, input) => shaped(await intakeLead(ctx, input)),
  text: ({ outcome, person, merge, account, match, enriched, score, ready, reasons, requirements, definitions }) =>
    paragraphs(
      `The lead was ${outcome === 'unchanged' ? 'here already, the same' : outcome}: ${person.name ?? 'without a name'} (${person.id}), ${person.email ?? 'without an e-mail address'}.`,
      merge !== null && `It was made one with a person who was there, by the decision ${merge.decision}. ${merge.why}`,
      account === null
        ? 'It belongs to no account yet.'
        : `Account: ${account.name ?? 'without a name'} (${account.id}) since ${account.since}: ${account.why}.`,
      leadMatchText(match),
      enriched !== null && enrichedText(enriched),
      `Score ${score.score} of ${score.max}, tier ${score.tier}, ${score.coverage_percent} % of the criteria decided; receipt ${score.receipt}.`,
      ready ? 'Ready to hand off.' : `Not ready to hand off:\n${bullets(reasons)}`,
      `The MQL rule:\n${bullets(requirements.map(({ requirement, met }) => `${MET[met]}: ${requirement}`))}`,
      definitionsLine(definitions),
    ),
  changes({ outcome, account, enriched }) {
    const isEnriched = enriched?.fields.some(({ written }) => written) === true;
    return account === null || (outcome === 'unchanged' && !isEnriched) ? [] : [`samepage://accounts/${account.id}`];
  },
});

function enrichedText({ asked, usd, fields, partial, problem }: Enriched): string {
  const found = fields.map(({ field, value, confidence, written, providers }) => {
    const sure = `${percent(confidence)}${written ? '' : ', not written'}`;
    return `${field}: ${typeof value === 'string' ? value : JSON.stringify(value)} (${sure}, ${providers.join(', ')})`;
  });
  return paragraphs(
    `Enriched: ${count(asked, 'provider')} asked for ${dollars(usd)}, ${count(found.length, 'field')} found.${partial ? ' More may come, and is recorded by itself.' : ''}`,
    found.length > 0 && bullets(found),
    problem !== undefined && `Not enriched: ${problem}`,
  );
}

function shapedEnrichment({ run, isPartial, asked, costMicros, fields, problem }: NonNullable<IntakenLead['enrichment']>): Enriched {
  return {
    run,
    partial: isPartial,
    asked,
    usd: micros(costMicros),
    fields: fields.map(({ field, value, confidence, written, providers }) => {
      return { field, value, confidence: Number(confidence.toFixed(3)), written, providers: [...providers] };
    }),
    ...(problem === undefined ? {} : { problem }),
  };
}

function shaped({ outcome, person, merge, account, match, enrichment, score, readiness, definitions }: IntakenLead) {
  return {
    outcome,
    person,
    merge: merge && { decision: merge.decision, why: merge.sentence },
    account,
    match: shapeLeadMatch(match),
    enriched: enrichment && shapedEnrichment(enrichment),
    score: {
      score: score.result.score,
      max: score.explanation.max,
      tier: score.result.tier,
      coverage_percent: score.explanation.coverage.percent,
      receipt: score.receipt.digest,
    },
    ...readiness,
    definitions,
  };
}
