import { readWorkspace, requireScope } from '../db/workspace.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import { readDue } from '../definitions/read-due.ts';
import { lastPeriod } from '../handoff/core/review-period.ts';
import type { Context } from '../kernel/context.ts';
import { isoFromDay } from '../kernel/dates.ts';
import type { DueDocument } from './core/due-document.ts';
import { EVERY, REVIEW_KINDS, type ReviewKind } from './core/period.ts';
import { meetingOf } from './core/title.ts';
import { freezableFrom } from './freeze-review.ts';
import { type FrozenHead, listFrozen } from './read-frozen.ts';

/** The frozen reviews without their content, the last frozen first; 100 at most. */
export function listFrozenReviews(ctx: Context, given: { kind?: ReviewKind; period?: string } = {}): Promise<FrozenHead[]> {
  requireScope(ctx, 'read');
  return readWorkspace(ctx, (tx) => listFrozen(tx, ctx, given));
}

/** What there is to publish: of each kind of review the last whole period, whether it is frozen, and when its meeting is due. */
export function listDueDocuments(ctx: Context): Promise<DueDocument[]> {
  requireScope(ctx, 'read');
  return readWorkspace(ctx, async (tx) => {
    const cadence = await currentDefinition(tx, ctx, 'cadence');
    const meetings = await readDue(tx, ctx);
    const due: DueDocument[] = [];
    for (const kind of REVIEW_KINDS) {
      const period = lastPeriod(EVERY[kind], ctx.now());
      const [frozen = null] = await listFrozen(tx, ctx, { kind, period: period.name });
      const held = meetingOf(cadence.document, kind);
      const meeting = meetings.find(({ id }) => id === held?.id) ?? null;
      due.push({ kind, period: period.name, frozen, freezable_from: isoFromDay(await freezableFrom(tx, ctx, kind, period)), meeting });
    }
    return due;
  });
}
