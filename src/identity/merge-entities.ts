import { z } from 'zod';
import { audit, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { decider, identityKind, recordId } from './decision.ts';
import { mergeNodes } from './merge-nodes.ts';

export const mergeEntitiesInput = z.strictObject({
  kind: identityKind,
  nodes: z.array(recordId).min(2).max(1000).describe('ids of entities, or of aliases, that are one'),
  decision: decider,
});

export interface MergedEntities {
  /** Who the nodes count as from now on: the oldest of them. */
  entity: string;
  /** The decision, by which the merge can be taken back. */
  decision: string;
}

/**
 * Notes that nodes are one and lets them count as one. The oldest stands for all; the others become aliases that answer as it. What was
 * said of each stays with it, so that `unmergeEntities` brings back what was.
 * @throws SamepageError `not_found`; `conflict` when it was decided that they are not one, and it is no person who says so now.
 */
export async function mergeEntities(ctx: Context, given: z.input<typeof mergeEntitiesInput>): Promise<MergedEntities> {
  requireScope(ctx, 'write');
  const { kind, nodes, decision: why } = parseInput(mergeEntitiesInput, given, 'merge_entities');
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    const [outcome] = await mergeNodes(tx, ctx, kind, [{ nodes, decider: why }], recordedAt);
    if (outcome === undefined || outcome.entity === null || outcome.decision === null) {
      throw new SamepageError(
        'conflict',
        `The decision ${outcome?.forbiddenBy ?? ''} says that these are not one ${kind}.`,
        'Leave them apart, or have a person decide.',
      );
    }
    await audit(tx, ctx, 'merge_entities', `${kind} ${outcome.entity} of ${nodes.length} nodes, decision ${outcome.decision}`);
    return { entity: outcome.entity, decision: outcome.decision };
  });
}
