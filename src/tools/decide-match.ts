import { z } from 'zod';
import { decideMatch, decideMatchInput } from '../identity/decide-match.ts';
import { type DecisionKind, decisionKind } from '../identity/decision.ts';
import { paragraphs } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import { definitionRefs, outsideText } from './shared.ts';
import { definitionsLine } from './text.ts';

const SAID = {
  match: 'are one',
  no_match: 'are not one, whatever a model finds',
  related: 'are related, and stay two',
  suppress_identifier: 'tells nobody apart: no later match rests on it. What was merged stays',
  allow_identifier: 'counts again',
  withdraw: 'was taken back',
} as const;

const SAID_OF_LEAD: Readonly<Partial<Record<keyof typeof SAID, string>>> = {
  match: 'belong together, whatever a model finds',
  no_match: 'do not belong together, whatever a model finds',
  related: 'do not belong together: the companies are related',
};
const NAMED: Readonly<Record<DecisionKind, string>> = { person: 'People', account: 'Accounts', lead: 'Lead and account' };

export const decideMatchTool = defineTool({
  name: 'decide_match',
  title: 'Decide a match',
  toolset: 'identity',
  description: `Notes what a person decided: two records are one (merges them), are not, or are related companies; a lead is of an account or not; or an identifier tells nobody apart. It outranks every model. Use it when a person says so, never on a guess of your own. Not to split what was merged (unmerge_record). Example: {"verdict":"match","records":["ann@acme.com","ann.able@acme.io"]}`,
  input: decideMatchInput,
  output: z.strictObject({
    kind: decisionKind,
    verdict: z.string(),
    decision: z.string().describe('that says so'),
    withdrew: z.array(z.string()).describe('decisions that it took back'),
    records: z.array(z.string()),
    entity: z.string().nullable().describe('of a match: whom both count as; of a lead, its account'),
    merge: z.string().nullable().describe('of a match of two: the merge that unmerge_record takes back'),
    identifier: z.strictObject({ kind: z.string(), value: outsideText }).nullable().describe('as it is compared'),
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (ctx, input) => decideMatch(ctx, input),
  text({ kind, decision, withdrew, records, entity, merge, identifier, definitions }, input) {
    const about =
      identifier !== null
        ? `The ${identifier.kind} ${identifier.value}`
        : records.length === 0
          ? `The decision ${input.decision ?? ''}`
          : `${NAMED[kind]} ${records.join(' and ')}`;
    const isLead = kind === 'lead' && records.length > 0;
    return paragraphs(
      `${about} ${(isLead ? SAID_OF_LEAD[input.verdict] : undefined) ?? SAID[input.verdict]}. Decision ${decision}.`,
      entity !== null &&
        (isLead
          ? `The lead counts for ${entity} now; withdraw takes it back. Call rescore_records for the scores.`
          : `Both count as ${entity} now; unmerge_record takes back the merge ${merge}. Call rescore_records for the scores.`),
      withdrew.length > 0 && `It took back ${withdrew.join(', ')}.`,
      definitions.length > 0 && definitionsLine(definitions),
    );
  },
  changes: ({ kind, records, entity, identifier }) =>
    kind === 'lead' || identifier?.kind === 'device' || identifier?.kind === 'domain'
      ? ['samepage://accounts/*']
      : entity === null
        ? []
        : kind === 'person'
          ? ['samepage://accounts/*']
          : [...new Set([entity, ...records])].map((id) => `samepage://accounts/${id}`),
  changesList: ({ kind, entity }) => kind === 'account' && entity !== null,
});
