import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import type { MatchedAccount } from './match-account.ts';
import { noteReviews } from './note-reviews.ts';

/**
 * Keeps the account that a lead may be of for `list_match_reviews`, and ends what was found of the lead before.
 * @param person the node that came in
 */
export async function noteLeadReview(tx: Tx, ctx: Context, person: string, matched: MatchedAccount, recordedAt: Date): Promise<void> {
  await tx.query(`delete from match_review where workspace_id = $1 and kind = 'lead' and left_id = $2::uuid`, [ctx.workspaceId, person]);
  const { decision, entity, model, prior, bits, p, guards, sentence } = matched;
  if (decision !== 'review' || entity === null) return;
  const evidence = matched.evidence.map((one) => ({ ...one, label: one.level }));
  const reason = guards.length > 0 ? 'guarded' : 'uncertain';
  const explained = { decision, model, prior, evidence, bits, p };
  await noteReviews(tx, ctx, 'lead', [{ left: person, right: entity, reason, explained, sentence }], recordedAt);
}
