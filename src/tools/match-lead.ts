import { z } from 'zod';
import { matchLead, matchLeadInput } from '../identity/match-lead.ts';
import { bullets, paragraphs } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import { outsideText, placedAccount } from './shared.ts';

const evidence = z.strictObject({
  group: z.string(),
  level: z.string(),
  left: outsideText,
  right: outsideText,
  bits: z.number().describe('a bit doubles the odds, one against halves them'),
  tf: z.number().optional(),
  why: z.string().optional(),
});
const decision = {
  decision: z.enum(['match', 'review', 'none']),
  id: z.string().nullable().describe('of a review: which it would be'),
  name: outsideText.nullable(),
  rule: z.string(),
  p: z.number(),
  prior: z.number(),
  bits: z.number().describe('prior and evidence together'),
  evidence: z.array(evidence),
  runner_up: z.strictObject({ id: z.string(), bits: z.number() }).nullable(),
  margin: z.number().nullable().describe('bits before the runner-up'),
  candidates: z.int(),
  model: z.string(),
};

export const matchLeadTool = defineTool({
  name: 'match_lead',
  title: 'Match a lead',
  toolset: 'identity',
  description: `Says which person a lead is and to which account it belongs, with evidence, runner-up and margin; writes nothing. Use it for a lead that is not stored yet, or to see why it would not match. Not for records that are stored (get_match). Example: {"email":"ann@acme.com","company":"Acme Inc"}`,
  input: matchLeadInput,
  output: z.strictObject({
    person: z.strictObject({ ...decision, sentence: z.string() }),
    account: z.strictObject({
      ...decision,
      tie_break: z.string().nullable(),
      guards: z.array(z.string()),
      counterfactual: z.string(),
      sentence: outsideText,
    }),
    person_account: placedAccount.nullable().describe('the account that the person belongs to already'),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, input) {
    const { person, account, belongsTo } = await matchLead(ctx, input);
    const { entity: personId, runner_up: otherPerson, evidence: ofPerson, ...aboutPerson } = person;
    const { entity: accountId, node: _, runner_up: otherAccount, ...aboutAccount } = account;
    const runnerUp = (other: { entity: string; bits: number } | null) => other && { id: other.entity, bits: other.bits };
    const labelled = ofPerson.map(({ label, ...one }) => ({ ...one, level: label }));
    return {
      person: { ...aboutPerson, id: personId, runner_up: runnerUp(otherPerson), evidence: labelled },
      account: { ...aboutAccount, id: accountId, runner_up: runnerUp(otherAccount) },
      person_account: belongsTo,
    };
  },
  text: ({ person, account, person_account }) =>
    paragraphs(
      `Person: ${said(person)} ${person.sentence}`,
      evidenceLines(person.evidence),
      `Account: ${said(account)} ${account.sentence} ${account.counterfactual}`.trim(),
      person_account !== null &&
        `The person belongs to ${person_account.name ?? 'an account without a name'} (${person_account.id}) since ${person_account.since}: ${person_account.why}.`,
      'Nothing was written.',
    ),
});

interface Said {
  decision: string;
  id: string | null;
  name: string | null;
  p: number;
  rule: string;
  margin: number | null;
  runner_up: { id: string; bits: number } | null;
  candidates: number;
}

function said({ decision, id, name, p, rule, margin, runner_up, candidates }: Said): string {
  const which = id === null ? '' : ` ${name ?? 'without a name'} (${id})`;
  const next = runner_up === null ? 'no runner-up' : `runner-up ${runner_up.id} at ${runner_up.bits} bits, margin ${margin ?? 0}`;
  return `${decision}${which}, p ${p.toFixed(4)}, by ${rule}; ${candidates} looked at, ${next}.`;
}

function evidenceLines(list: readonly z.output<typeof evidence>[]): string {
  if (list.length === 0) return '';
  return bullets(
    list.map(({ group, level, left, right, bits }) => `${group}: ${level} (${left} | ${right}) ${bits > 0 ? '+' : ''}${bits}`),
  );
}
