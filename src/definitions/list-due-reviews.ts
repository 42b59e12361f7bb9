import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { DueReview } from './core/due.ts';
import { readDue } from './read-due.ts';

/** The reviews of the cadence in use, in its order: when each is due next, and what is overdue. */
export function listDueReviews(ctx: Context): Promise<DueReview[]> {
  requireScope(ctx, 'read');
  return readWorkspace(ctx, (tx) => readDue(tx, ctx));
}
