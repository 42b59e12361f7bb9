import { z } from 'zod';
import { audit, recordInWorkspace, requireScope } from '../db/workspace.ts';
import { currentDefinition, type DefinitionRef, refOf } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { decider, identityKind, recordId } from './decision.ts';
import { type UnmergeOutcome, unmergeNodes } from './unmerge-nodes.ts';

export const unmergeEntitiesInput = z
  .strictObject({
    kind: identityKind,
    merge: recordId.optional().describe('the decision of the merge to take back'),
    nodes: z.array(recordId).min(1).max(1000).optional().describe('nodes that leave their entity, together'),
    decision: decider,
    keep_apart: z.boolean().default(true).describe('no model may merge them again'),
  })
  .refine((input) => (input.merge === undefined) !== (input.nodes === undefined), {
    error: 'give merge or nodes, one of the two',
    path: ['merge'],
  });

export interface UnmergedEntities extends UnmergeOutcome {
  definitions: DefinitionRef[];
}

/**
 * Takes back a merge, or splits nodes off their entity. Facts, events, memberships and golden values are then as they would be without
 * it; all that changed has a new `changed_at`, so that the next rescore brings the scores of both sides back too.
 * @throws SamepageError `not_found`; `conflict` when there is nothing to take back
 */
export async function unmergeEntities(ctx: Context, given: z.input<typeof unmergeEntitiesInput>): Promise<UnmergedEntities> {
  requireScope(ctx, 'write');
  const input = parseInput(unmergeEntitiesInput, given, 'unmerge_entities');
  const what = input.merge === undefined ? { nodes: input.nodes ?? [] } : { decision: input.merge };
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    const options = { decider: input.decision, recordedAt, keepApart: input.keep_apart };
    const outcome = await unmergeNodes(tx, ctx, input.kind, what, options);
    await audit(tx, ctx, 'unmerge_entities', `${input.kind} into ${outcome.groups.length}, decision ${outcome.decision}`);
    // its merge policy decided the golden values
    return { ...outcome, definitions: [refOf(await currentDefinition(tx, ctx, 'taxonomy'))] };
  });
}
