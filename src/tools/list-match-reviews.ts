import { z } from 'zod';
import { REVIEW_REASONS } from '../identity/core/review-value.ts';
import { decisionKind } from '../identity/decision.ts';
import { listMatchReviews, listMatchReviewsInput, type MatchReview, type ReviewSide } from '../identity/list-match-reviews.ts';
import { count, paragraphs, table } from '../kernel/markdown.ts';
import { defineTool } from './define-tool.ts';
import { outsideText, pageCursor, pageOutput, pageSize, responseFormat } from './shared.ts';
import { pageLine } from './text.ts';

const side = z.strictObject({
  id: z.string(),
  compared: z.string().optional().describe('the id whose own values were compared, where it is an alias'),
  name: outsideText.nullable(),
  key: outsideText.nullable().describe('domain or e-mail address'),
});
const evidence = z.strictObject({
  group: z.string(),
  level: z.string(),
  label: z.string(),
  bits: z.number(),
  left: outsideText.optional().describe('with response_format detailed'),
  right: outsideText.optional(),
  tf: z.number().optional(),
  why: z.string().optional(),
});

export const listMatchReviewsTool = defineTool({
  name: 'list_match_reviews',
  title: 'List match reviews',
  toolset: 'identity',
  description: `The pairs of records that may be one, and leads that may be an account's, that are left to a person, most valuable first: by open opportunities, customers, events and doubt. Use it for "what should I look at?"; then decide_match. Not for one record's past (get_match). Example: {"kind":"account","limit":10}`,
  input: listMatchReviewsInput.extend({ limit: pageSize, cursor: pageCursor, response_format: responseFormat }),
  output: z.strictObject({
    reviews: z.array(
      z.strictObject({
        kind: decisionKind,
        left: side,
        right: side,
        value: z.int().describe('highest first: 8 an open opportunity, 16 a customer, 1 a doubling of events, up to 8 for doubt'),
        at_stake: z.strictObject({ open_opportunities: z.int(), customer: z.boolean(), events: z.int() }),
        reason: z.enum(REVIEW_REASONS),
        sentence: z.string(),
        model: z.string(),
        prior: z.number(),
        evidence: z.array(evidence),
        bits: z.number().describe('prior and evidence together'),
        p: z.number(),
        found_at: z.string(),
        changed_since: z.boolean().describe('something was learned of one of the two since'),
      }),
    ),
    ...pageOutput,
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, { response_format, ...input }) {
    const { reviews, ...page } = await listMatchReviews(ctx, input);
    return { reviews: reviews.map((review) => shaped(review, response_format === 'detailed')), ...page };
  },
  text: ({ reviews, total, next_cursor }) =>
    paragraphs(
      `${count(total, 'pair')} for a person to decide.`,
      table(
        ['value', 'kind', 'one', 'the other', 'p', 'at stake', 'what speaks for and against it', 'ids'],
        reviews.map((one) => [
          one.value,
          one.kind,
          named(one.left),
          named(one.right),
          one.p.toFixed(3),
          stakeText(one.at_stake),
          `${one.sentence}${one.changed_since ? ' Something was learned since.' : ''}${valuesText(one.evidence)}`,
          `${one.left.id} ${one.right.id}`,
        ]),
      ),
      total > 0 && 'Call decide_match with the kind and the two ids: match, no_match or, of accounts and leads, related.',
      pageLine(reviews.length, total, next_cursor),
    ),
});

function shaped({ left, right, stake, foundAt, changedSince, evidence, ...review }: MatchReview, isDetailed: boolean) {
  const told = evidence.map(({ left: one, right: other, ...piece }) => ({ ...piece, ...(isDetailed && { left: one, right: other }) }));
  const of = ({ node, ...rest }: ReviewSide) => ({ ...rest, ...(node !== rest.id && { compared: node }) });
  return { ...review, left: of(left), right: of(right), at_stake: stake, evidence: told, found_at: foundAt, changed_since: changedSince };
}

const named = ({ name, key }: { name: string | null; key: string | null }) => [name, key].filter((part) => part !== null).join(' ');

function stakeText({ open_opportunities, customer, events }: { open_opportunities: number; customer: boolean; events: number }): string {
  const open = count(open_opportunities, 'open opportunity', 'open opportunities');
  return [...(open_opportunities > 0 ? [open] : []), ...(customer ? ['a customer'] : []), count(events, 'event')].join(', ');
}

function valuesText(pieces: readonly z.infer<typeof evidence>[]): string {
  const told = pieces.filter(({ left, right }) => left !== undefined && right !== undefined && `${left}${right}` !== '');
  return told.length === 0 ? '' : ` Values: ${told.map(({ group, left, right }) => `${group} ${left} | ${right}`).join('; ')}.`;
}
