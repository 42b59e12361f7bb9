import { z } from 'zod';
import { getMatch, getMatchInput } from '../identity/get-match.ts';
import { decisionSentence, isInForce, reasonOf } from '../identity/tell-decision.ts';
import { bullets, paragraphs, table } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import {
  answersFor,
  leadMatch,
  leadMatchText,
  outsideText,
  outsideValue,
  placedAccount,
  responseFormat,
  shapeLeadMatch,
} from './shared.ts';
import { aliasLine } from './text.ts';

const LIMITS = { concise: { nodes: 10, decisions: 10, records: 5 }, detailed: { nodes: 100, decisions: 100, records: 50 } };

const decision = z.strictObject({
  id: z.string(),
  verb: z.string(),
  at: z.string(),
  by: z.enum(['person', 'model']),
  actor: outsideText,
  model: z.string().nullable(),
  in_force: z.boolean().describe('of a merge: for some of its records at least'),
  split: z
    .strictObject({ by: z.array(z.string()).describe('decisions'), still_one: z.array(z.array(z.string())) })
    .optional()
    .describe('of a merge that was split: what it holds together still'),
  said: z.string(),
  why: outsideText.nullable(),
  records: z.array(z.array(z.string())).describe('by side'),
  evidence: outsideValue.optional().describe('with response_format detailed'),
});

export const getMatchTool = defineTool({
  name: 'get_match',
  title: 'Get who a record is',
  toolset: 'identity',
  description: `Who a record is: the ids and source records that count as it, since when and by which decisions, with their evidence; for a person also the account and why. Use it for "why are these one?" and before unmerge_record. Not for a lead that is not stored. Example: {"record":"ann@acme.com"}`,
  input: getMatchInput.extend({ response_format: responseFormat }),
  output: z.strictObject({
    kind: z.string(),
    id: z.string(),
    answers_for: answersFor,
    name: outsideText.nullable(),
    sentence: z.string(),
    account: placedAccount.nullable().describe("a person's"),
    lead_match: leadMatch
      .extend({ evidence: outsideValue.optional().describe('with response_format detailed: the whole decision') })
      .nullable()
      .describe('of a person taken in as a lead'),
    suppressed: z
      .array(
        z.strictObject({
          kind: z.string(),
          value: outsideText,
          decision: z.string(),
          by: z.string(),
          at: z.string(),
          why: outsideText.nullable(),
        }),
      )
      .describe('its identifiers that tell nobody apart'),
    nodes_total: z.int(),
    nodes: z.array(
      z.strictObject({
        id: z.string(),
        since: z.string(),
        member_since: z.string(),
        sources: z.array(z.strictObject({ source: outsideText, external_id: outsideText })),
      }),
    ),
    counted_before: z
      .array(z.strictObject({ id: z.string(), as: z.string(), from: z.string(), to: z.string() }))
      .describe('beliefs given up'),
    decisions_total: z.int(),
    decisions: z.array(decision).describe('latest first'),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, { response_format, ...input }) {
    const { kind, identity, account, leadMatch: match, suppressed, sentence } = await getMatch(ctx, input);
    const limits = LIMITS[response_format];
    const ended = identity.beliefs.flatMap(({ node, entity, from, to }) => (to === null ? [] : [{ id: node, as: entity, from, to }]));
    return {
      kind,
      id: identity.entity,
      ...(identity.answers_for !== undefined && { answers_for: identity.answers_for }),
      name: identity.name,
      sentence,
      account,
      lead_match: match && { ...shapeLeadMatch(match), ...(response_format === 'detailed' && { evidence: match.evidence }) },
      suppressed: suppressed.map(({ decidedBy, recordedAt, reason, ...one }) => ({
        ...one,
        by: decidedBy,
        at: recordedAt.toISOString(),
        why: reason,
      })),
      nodes_total: identity.nodes.length,
      nodes: identity.nodes.slice(0, limits.nodes).map(({ id, since, memberSince, sources }) => ({
        id,
        since,
        member_since: memberSince,
        sources: sources.slice(0, limits.records).map(({ source, externalId }) => ({ source, external_id: externalId })),
      })),
      counted_before: ended.slice(-limits.nodes),
      decisions_total: identity.decisions.length,
      decisions: identity.decisions
        .slice(-limits.decisions)
        .reverse()
        .map((one) => ({ one, hold: identity.held.get(one.id) }))
        .map(({ one, hold }) => ({
          id: one.id,
          verb: one.verb,
          at: one.recordedAt.toISOString(),
          by: one.decidedBy,
          actor: one.actor,
          model: one.model,
          in_force: isInForce(one, hold),
          ...(one.verb === 'merged' &&
            hold !== undefined &&
            hold.splitBy.length > 0 && {
              split: { by: hold.splitBy, still_one: hold.groups.slice(0, limits.records).map((group) => group.slice(0, limits.records)) },
            }),
          said: decisionSentence(one, hold),
          why: reasonOf(one),
          records: one.sides.filter((side) => side.length > 0).map((side) => side.slice(0, limits.records)),
          ...(response_format === 'detailed' && one.evidence !== null && { evidence: one.evidence }),
        })),
    };
  },
  text: (output) =>
    paragraphs(
      output.answers_for !== undefined && aliasLine(output.answers_for, output.id),
      `${output.name ?? 'Without a name'} (${output.kind} ${output.id}). ${output.sentence}`,
      output.kind === 'person' &&
        (output.account === null
          ? 'Belongs to no account yet.'
          : `Account: ${output.account.name ?? 'without a name'} (${output.account.id}, ${output.account.domain ?? 'no domain'}) since ${output.account.since}, because ${output.account.why}.`),
      output.lead_match !== null && leadMatchText(output.lead_match),
      output.lead_match?.evidence !== undefined && `Its evidence: ${JSON.stringify(output.lead_match.evidence)}`,
      output.suppressed.length > 0 &&
        `Tells nobody apart:\n${bullets(
          output.suppressed.map(
            ({ kind, value, by, at, why, decision: id }) =>
              `${kind} ${value}, as a ${by} said on ${at.slice(0, 10)} (decision ${id})${why === null ? '' : `: ${why}`}`,
          ),
        )}`,
      `Counts as it (${output.nodes.length} of ${output.nodes_total}):\n${table(
        ['id', 'first seen', 'member since', 'records of sources'],
        output.nodes.map((node) => [
          node.id,
          node.since,
          node.member_since,
          node.sources.map(({ source, external_id }) => `${source} ${external_id}`).join(', '),
        ]),
      )}`,
      output.counted_before.length > 0 &&
        `Before:\n${bullets(output.counted_before.map(({ id, as, from, to }) => `${id} counted as ${as} from ${from} to ${to}`))}`,
      `Decisions (${output.decisions.length} of ${output.decisions_total}, latest first):\n${bullets(
        output.decisions.map(
          (one) =>
            `${one.id}: ${one.said}${splitText(one.split)}, through ${one.actor}, about ${one.records.map((side) => side.join(' ')).join(' | ') || 'an identifier'}${
              one.why === null ? '' : `: ${one.why}`
            }${one.evidence === undefined ? '' : `. Evidence: ${JSON.stringify(one.evidence)}`}`,
        ),
      )}`,
    ),
});

function splitText(split: z.output<typeof decision>['split']): string {
  if (split === undefined) return '';
  const rest = split.still_one.map((group) => group.join(' ')).join(' | ');
  return ` (by ${split.by.join(', ')}${rest === '' ? '' : `; it holds ${rest} still`})`;
}
