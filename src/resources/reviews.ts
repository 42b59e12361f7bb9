import { lastPeriod } from '../handoff/core/review-period.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { EVERY, FORM_OF, periodOfKind, REVIEW_KINDS, type ReviewKind } from '../review/core/period.ts';
import { getReview } from '../review/get-review.ts';
import { listDueDocuments, listFrozenReviews } from '../review/list-reviews.ts';
import { viewData, viewMarkdown } from '../review/view-markdown.ts';
import { defineResource, type ResourceParams } from './define-resource.ts';

const KINDS = REVIEW_KINDS.join(', ');
const completeKind = async (_ctx: Context, typed: string) => REVIEW_KINDS.filter((kind) => kind.startsWith(typed));

/** The frozen periods of a kind, and the last whole one. */
async function completePeriod(ctx: Context, typed: string, { kind: given }: ResourceParams): Promise<string[]> {
  const kinds = REVIEW_KINDS.filter((kind) => given === undefined || kind === given);
  const frozen = await listFrozenReviews(ctx);
  const last = kinds.map((kind) => lastPeriod(EVERY[kind], ctx.now()).name);
  const names = [...last, ...frozen.filter(({ kind }) => kinds.includes(kind)).map(({ period }) => period)];
  return [...new Set(names)].filter((name) => name.startsWith(typed));
}

/** A review as a page. */
export const reviewResource = defineResource({
  name: 'review',
  title: 'Review of a period',
  description: `A review as a document: ${REVIEW_KINDS.map((kind) => `${kind}, ${FORM_OF[kind]}`).join('; ')}. As it was published where it is frozen, with how far today's figures are from that and why.`,
  mimeType: 'text/markdown',
  uriTemplate: 'samepage://reviews/{kind}/{period}',
  async list(ctx) {
    const [due, frozen] = [await listDueDocuments(ctx), await listFrozenReviews(ctx)];
    const latest = frozen.filter((one, i) => frozen.findIndex(({ kind, period }) => kind === one.kind && period === one.period) === i);
    return [
      ...due.filter((one) => one.frozen === null).map(({ kind, period }) => entry(kind, period, `Not frozen: its figures are as of now.`)),
      ...latest.map(({ kind, period, version, frozen_at }) =>
        entry(kind, period, `Version ${version}, frozen ${frozen_at.toISOString()}.`),
      ),
    ];
  },
  complete: { kind: completeKind, period: completePeriod },
  read: async (ctx, { kind = '', period = '' }) => viewMarkdown(await getReview(ctx, named(kind, period))),
});

const entry = (kind: ReviewKind, period: string, description: string) => ({
  uri: `samepage://reviews/${kind}/${period}`,
  name: `review_${kind}_${period}`,
  title: `The ${kind} review of ${period}`,
  description,
});

/** The same as JSON, and what was published before. */
export const reviewDataResource = defineResource({
  name: 'review_data',
  title: 'Data of a review',
  description:
    'A review as JSON: figures with their keys, all of its data, definitions, restatement. `data` is what the page shows; v1, v2 are the frozen versions.',
  mimeType: 'application/json',
  uriTemplate: 'samepage://reviews/{kind}/{period}/{part}',
  complete: {
    kind: completeKind,
    period: completePeriod,
    async part(ctx, typed, { kind, period }) {
      const known = REVIEW_KINDS.find((one) => one === kind);
      const frozen = known === undefined || period === undefined ? [] : await listFrozenReviews(ctx, { kind: known, period });
      return ['data', ...frozen.map(({ version }) => `v${version}`)].filter((part) => part.startsWith(typed));
    },
  },
  async read(ctx, { kind = '', period = '', part = '' }) {
    const version = /^v([1-9]\d{0,5})$/.exec(part)?.[1];
    if (part !== 'data' && version === undefined)
      throw new SamepageError('not_found', `A review has no part ${shown(part)}.`, 'Use data, or a frozen version as in v1.');
    return JSON.stringify(
      viewData(await getReview(ctx, { ...named(kind, period), ...(version !== undefined && { version: Number(version) }) })),
      null,
      2,
    );
  },
});

function named(given: string, period: string): { kind: ReviewKind; period: string } {
  const kind = REVIEW_KINDS.find((one) => one === given);
  if (kind === undefined) throw new SamepageError('not_found', `There is no review of ${shown(given)}.`, `Use one of ${KINDS}.`);
  if (periodOfKind(kind, period) === undefined)
    throw new SamepageError('not_found', `${shown(period)} is no period of a ${kind} review.`, `Name ${FORM_OF[kind]}.`);
  return { kind, period };
}
