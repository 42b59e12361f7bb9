import { z } from 'zod';
import { bullets, count, paragraphs } from '../kernel/markdown.ts';
import { REVIEW_KINDS } from '../review/core/period.ts';
import { restatementText } from '../review/core/restatement-text.ts';
import { freezeReview, freezeReviewInput } from '../review/freeze-review.ts';
import { defineTool } from './define-tool.ts';
import { restatementOut, shapeRestatement } from './restatement-shape.ts';
import { definitionRefs, reviewUris } from './shared.ts';
import { definitionsLine } from './text.ts';

export const freezeReviewTool = defineTool({
  name: 'freeze_review',
  title: 'Freeze a review',
  toolset: 'review',
  description: `Publishes the weekly, monthly or quarterly review of a period that is over: its figures are kept as they are, with their definitions, and later answers show the difference and why. Use it when the meeting has agreed to publish. Not to look (samepage://reviews/{kind}/{period}). Again only with a reason; the version before stays. Example: {"kind":"weekly","period":"2026-W47"}`,
  input: freezeReviewInput,
  output: z.strictObject({
    kind: z.enum(REVIEW_KINDS),
    period: z.string(),
    from: z.string(),
    to: z.string(),
    outcome: z.enum(['frozen', 'corrected', 'unchanged']).describe('unchanged: it was frozen so before'),
    version: z.int(),
    frozen_at: z.string(),
    sha256: z.string(),
    figures: z.int(),
    not_settled: z.array(z.string()).describe('what may still change these figures'),
    corrects: restatementOut.describe('what differs from the version before'),
    uri: z.string(),
    definitions: definitionRefs,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async run(ctx, input) {
    const { document, version, outcome, frozen_at, sha256, restatement } = await freezeReview(ctx, input);
    const { kind, period, from, to, figures, immature, definitions } = document;
    return {
      ...{ kind, period, from, to, outcome, version, frozen_at: frozen_at.toISOString(), sha256 },
      figures: figures.length,
      not_settled: immature,
      corrects: shapeRestatement(restatement, false),
      uri: `samepage://reviews/${kind}/${period}`,
      definitions,
    };
  },
  text: ({ kind, period, from, to, outcome, version, frozen_at, sha256, figures, not_settled, corrects, uri, definitions }) =>
    paragraphs(
      outcome === 'unchanged'
        ? `The ${kind} review of ${period} (${from} to ${to}) was frozen already, ${frozen_at}, with these figures: version ${version}. Nothing was written.`
        : `The ${kind} review of ${period} (${from} to ${to}) is frozen: version ${version}, ${count(figures, 'figure')}, ${frozen_at}.`,
      `sha256 ${sha256}. Read it: ${uri}`,
      not_settled.length > 0 && `Not settled yet, so that later answers may differ:\n${bullets(not_settled)}`,
      corrects !== null && `The version before stays. ${restatementText(corrects)}`,
      definitionsLine(definitions),
    ),
  changes: ({ kind, period }) => reviewUris(`${kind}/${period}`),
  changesList: ({ outcome }) => outcome === 'frozen',
});
