import { z } from 'zod';
import { audit, deriveInWorkspace, readWorkspace, requireScope } from '../db/workspace.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { ReviewPeriod } from '../handoff/core/review-period.ts';
import { canonicalJson, documentHash, sha256 } from '../kernel/canonical-json.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf, isoFromDay } from '../kernel/dates.ts';
import { SamepageError } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { packageVersion } from '../kernel/version.ts';
import type { ReviewDocument } from './core/figures.ts';
import { REVIEW_KINDS, type ReviewKind } from './core/period.ts';
import type { Restatement } from './core/restatement.ts';
import { type FrozenReview, readFrozen } from './read-frozen.ts';
import { restatement } from './restatement.ts';
import { lookAt, namedPeriod, reviewDocument } from './review-document.ts';

export const freezeReviewInput = z.strictObject({
  kind: z.enum(REVIEW_KINDS),
  period: z.string().trim().min(1).max(30).optional().describe('2026-W47, 2026-11 or 2026-Q4 by kind; left out: the last whole one'),
  reason: z.string().trim().min(1).max(500).optional().describe('why again, where it is frozen and the figures changed'),
});

interface Frozen {
  document: ReviewDocument;
  version: number;
  /** `unchanged`: it was frozen already, with these figures, and nothing was written. */
  outcome: 'frozen' | 'corrected' | 'unchanged';
  frozen_at: Date;
  frozen_by: string;
  sha256: string;
  /** Of a correction: what it changes in the version before. */
  restatement: Restatement | null;
}

/**
 * Publishes a review: its figures, with the definitions they rest on, are kept as they are now. A period that is frozen already keeps that
 * version, and where its figures are others today gets a second one, with a reason.
 * @throws SamepageError `invalid_input` for a period that may not be frozen yet, or a missing reason; `not_found`; `conflict` where another
 * call froze it meanwhile with other figures.
 */
export async function freezeReview(ctx: Context, given: z.input<typeof freezeReviewInput>): Promise<Frozen> {
  requireScope(ctx, 'write');
  const { kind, reason, ...named } = parseInput(freezeReviewInput, given, 'freeze_review');
  const period = namedPeriod(ctx, kind, named.period);
  const looked = await lookAt(ctx, kind, async (snapshot) => {
    const before = await readWorkspace(snapshot, async (tx) => {
      const frozen = await readFrozen(tx, snapshot, { kind, period: period.name });
      // what is published already may be corrected, though late records are now waited for longer
      if (frozen === undefined) await refuseEarly(tx, snapshot, kind, period);
      return frozen;
    });
    const { document, knownAt } = await reviewDocument(snapshot, kind, period);
    const change =
      before === undefined ? null : await readWorkspace(snapshot, (tx) => restatement(tx, snapshot, kind, period.name, document.figures));
    return { before, document, change, knownAt: knownAt.toISOString() };
  });
  const { before, document, change, knownAt } = looked;
  if (before !== undefined && isSame(before.document, document)) return { ...before, outcome: 'unchanged', restatement: null };
  if (before !== undefined && reason === undefined) throw withoutReason(before, document, change);
  const text = canonicalJson(document);
  const frozen = {
    document,
    version: (before?.version ?? 0) + 1,
    frozen_at: ctx.now(),
    frozen_by: ctx.actor.id,
    sha256: sha256(text),
  };
  const isWritten = await deriveInWorkspace(ctx, async (tx) => {
    const rows = await tx.query(
      `insert into frozen_review (workspace_id, kind, period, version, frozen_at, frozen_by, reason, known_at, program, sha256, document)
       values ($1, $2, $3, $4::int, $5::timestamptz, $6, $7, $8::timestamptz, $9, $10, $11) on conflict do nothing returning version`,
      [
        ...[ctx.workspaceId, kind, period.name, frozen.version, frozen.frozen_at.toISOString(), frozen.frozen_by],
        ...[before === undefined ? null : (reason ?? null), knownAt, packageVersion(), frozen.sha256, text],
      ],
    );
    if (rows.length > 0) await audit(tx, ctx, 'freeze_review', `${kind} ${period.name} version ${frozen.version} ${frozen.sha256}`);
    return rows.length > 0;
  });
  if (!isWritten) {
    const other = await readWorkspace(ctx, (tx) => readFrozen(tx, ctx, { kind, period: period.name }));
    if (other !== undefined && isSame(other.document, document)) return { ...other, outcome: 'unchanged', restatement: null };
    throw new SamepageError(
      'conflict',
      `The ${kind} review of ${period.name} was frozen by another call meanwhile, with other figures.`,
      'Read it before you freeze it again.',
    );
  }
  return { ...frozen, outcome: before === undefined ? 'frozen' : 'corrected', restatement: change };
}

/** The day from which a period may be frozen: a week's once it is over, a month's and quarter's so many days later as the attribution says. */
export async function freezableFrom(tx: Tx, ctx: Context, kind: ReviewKind, { to }: Pick<ReviewPeriod, 'to'>): Promise<number> {
  if (kind === 'weekly') return to;
  const { document } = await currentDefinition(tx, ctx, 'attribution');
  return to + (document.freeze?.days_after_period ?? 0);
}

async function refuseEarly(tx: Tx, ctx: Context, kind: ReviewKind, period: ReviewPeriod): Promise<void> {
  const from = await freezableFrom(tx, ctx, kind, period);
  if (dayOf(ctx.now()) >= from) return;
  const over = dayOf(ctx.now()) >= period.to ? 'is over, but late records are waited for' : 'is not over';
  throw new SamepageError(
    'invalid_input',
    `period ${period.name} ${over}: it may be frozen from ${isoFromDay(from)}.`,
    'Freeze an earlier period, or wait for that day.',
    {
      problems: [{ path: 'period', value: period.name, reason: `may be frozen from ${isoFromDay(from)}` }],
    },
  );
}

/** What was published of two documents is the same: a meeting that moved, or what stands open today, is no other publication. */
function isSame(before: ReviewDocument, now: ReviewDocument): boolean {
  // a figure is told by its key: another version of the program may call it otherwise
  const published = ({ figures }: ReviewDocument) => documentHash(figures.map(({ label: _, ...figure }) => figure));
  return published(before) === published(now) && hashesOf(before) === hashesOf(now);
}

const hashesOf = ({ definitions }: ReviewDocument) => definitions.map(({ hash }) => hash).join();

function withoutReason(
  { kind, period, version, frozen_at, document }: FrozenReview,
  now: ReviewDocument,
  change: Restatement | null,
): SamepageError {
  const others = change?.changed.filter(({ before, now: today }) => before !== today).length ?? 0;
  const differ =
    others > 0
      ? `${others} of its figures are others`
      : hashesOf(document) !== hashesOf(now)
        ? 'its definitions are others'
        : 'its figures are the same, but counted of others';
  return new SamepageError(
    'invalid_input',
    `reason is missing: the ${kind} review of ${period} was frozen on ${frozen_at.toISOString().slice(0, 10)} (version ${version}), and ${differ} today.`,
    'Say why a corrected version is published; the one before stays.',
    { problems: [{ path: 'reason', reason: 'is missing: say why it is published again' }] },
  );
}
