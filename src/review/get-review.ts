import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import type { ReviewDocument } from './core/figures.ts';
import { REVIEW_KINDS } from './core/period.ts';
import type { Restatement } from './core/restatement.ts';
import { type FrozenHead, listFrozen, readFrozen } from './read-frozen.ts';
import { restate } from './restatement.ts';
import { lookAt, namedPeriod, reviewDocument } from './review-document.ts';

const getReviewInput = z.strictObject({
  kind: z.enum(REVIEW_KINDS),
  period: z.string().max(100).optional(),
  /** Of the frozen ones. */
  version: z.int().min(1).optional(),
});

export interface ReviewView {
  /** As it was frozen, or as its figures stand now where it is not. */
  document: ReviewDocument;
  /** The version that the document is; null: it is not frozen. */
  frozen: FrozenHead | null;
  /** Every frozen version, the latest first. */
  versions: FrozenHead[];
  /** Of the latest version: how far today's figures are from it. Null of an earlier one, and where nothing is frozen. */
  restatement: Restatement | null;
}

/**
 * A review as a document: as it was published where it is frozen, with how far today's figures are from that.
 * @throws SamepageError `invalid_input`; `not_found` for a version that there is none of.
 */
export async function getReview(ctx: Context, given: z.input<typeof getReviewInput>): Promise<ReviewView> {
  requireScope(ctx, 'read');
  const { kind, version, ...named } = parseInput(getReviewInput, given, 'samepage-mcp review');
  const period = namedPeriod(ctx, kind, named.period);
  return lookAt(ctx, kind, async (snapshot) => {
    const { versions, frozen } = await readWorkspace(snapshot, async (tx) => ({
      versions: (await listFrozen(tx, snapshot, { kind, period: period.name })).sort((a, b) => b.version - a.version),
      frozen: await readFrozen(tx, snapshot, { kind, period: period.name, ...(version !== undefined && { version }) }),
    }));
    if (version !== undefined && frozen === undefined)
      throw new SamepageError(
        'not_found',
        `The ${kind} review of ${period.name} has no version ${version}.`,
        versions.length === 0 ? 'It is not frozen: leave the version out.' : `Use one of ${versions.map((one) => one.version).join(', ')}.`,
      );
    const head = versions.find((one) => one.version === frozen?.version) ?? null;
    if (frozen !== undefined && frozen.version !== versions[0]?.version)
      return { document: frozen.document, frozen: head, versions, restatement: null };
    const { document: today } = await reviewDocument(snapshot, kind, period);
    const change = await restate(snapshot, { kind, period: period.name, figures: today.figures });
    return { document: frozen?.document ?? today, frozen: head, versions, restatement: change };
  });
}
