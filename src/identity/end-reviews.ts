import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { type DecisionKind, type DecisionVerb, sideKinds } from './decision.ts';
import { loadNodes } from './load-nodes.ts';
import { decisionsAbout } from './read-decisions.ts';

const ABOUT_TWO = ['must_link', 'cannot_link', 'related'] as const;
const isAboutTwo = (verb: DecisionVerb): boolean => ABOUT_TWO.some((one) => one === verb);

interface Decided {
  id: string;
  verb: DecisionVerb;
  sides: readonly [readonly string[], readonly string[]];
}

/**
 * Ends the reviews between whom the two sides of a decision count as, for as long as the decision is in force; where one is taken back, for as
 * long as another is that says something of the two. Of a merge nothing has to be noted: two that are one are no review, and are again when
 * it is taken back.
 */
export async function endReviews(tx: Tx, ctx: Context, kind: DecisionKind, decisions: readonly Decided[]): Promise<void> {
  for (const { id, verb, sides } of decisions) {
    if (!isAboutTwo(verb) && (verb !== 'withdrawn' || sides.some((side) => side.length === 0))) continue;
    const groups = await Promise.all(
      sideKinds(kind).map(async (of, i) => (await loadNodes(tx, ctx, of, sides[i] ?? [])).map((node) => node.id)),
    );
    // of two that are one already it says nothing of the others that count as the same
    const isOne = kind !== 'lead' && groups[0]?.includes(sides[1][0] ?? '') === true;
    const [left = [], right = []] = isOne ? sides : groups;
    const ending = verb === 'withdrawn' ? await stillSaid(tx, ctx, kind, [left, right]) : id;
    if (ending === undefined) continue;
    const params = new SqlParams();
    const [these, those] = [params.uuids(left), params.uuids(right)];
    await tx.query(
      `update match_review set decision = ${params.add(ending)}::uuid where workspace_id = ${params.add(ctx.workspaceId)} and kind = ${params.add(kind)}
         and ((left_id = any(${these}) and right_id = any(${those})) or (left_id = any(${those}) and right_id = any(${these})))`,
      params.values,
    );
  }
}

/** The latest decision in force about two groups. */
async function stillSaid(
  tx: Tx,
  ctx: Context,
  kind: DecisionKind,
  [left, right]: readonly [readonly string[], readonly string[]],
): Promise<string | undefined> {
  const meets = (side: readonly string[], group: readonly string[]) => side.some((id) => group.includes(id));
  const about = await decisionsAbout(tx, ctx, kind, left, ABOUT_TWO);
  const inForce = about.filter(
    ({ undoneBy, sides: [a, b] }) => undoneBy === null && ((meets(a, left) && meets(b, right)) || (meets(a, right) && meets(b, left))),
  );
  return inForce.at(-1)?.id;
}
