import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { type DecisionKind, type DecisionVerb, sideKinds } from './decision.ts';
import { loadNodes } from './load-nodes.ts';

const ABOUT_TWO: ReadonlySet<DecisionVerb> = new Set(['must_link', 'cannot_link', 'related']);

interface Decided {
  id: string;
  verb: DecisionVerb;
  sides: readonly [readonly string[], readonly string[]];
}

/**
 * Ends the reviews between whom the two sides of a decision count as, for as long as the decision is in force. Of a merge nothing has
 * to be noted: two that are one are no review, and are again when it is taken back.
 */
export async function endReviews(tx: Tx, ctx: Context, kind: DecisionKind, decisions: readonly Decided[]): Promise<void> {
  for (const { id, verb, sides } of decisions) {
    if (!ABOUT_TWO.has(verb)) continue;
    const groups = await Promise.all(
      sideKinds(kind).map(async (of, i) => (await loadNodes(tx, ctx, of, sides[i] ?? [])).map(({ id }) => id)),
    );
    // of two that are one already it says nothing of the others that count as the same
    const isOne = kind !== 'lead' && groups[0]?.includes(sides[1][0] ?? '') === true;
    const [left = [], right = []] = isOne ? sides : groups;
    const params = new SqlParams();
    const [these, those] = [params.uuids(left), params.uuids(right)];
    await tx.query(
      `update match_review set decision = ${params.add(id)}::uuid where workspace_id = ${params.add(ctx.workspaceId)} and kind = ${params.add(kind)}
         and ((left_id = any(${these}) and right_id = any(${those})) or (left_id = any(${those}) and right_id = any(${these})))`,
      params.values,
    );
  }
}
