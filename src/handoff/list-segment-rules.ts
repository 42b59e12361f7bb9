import { unlessWritten } from '../db/unless-written.ts';
import { requireScope } from '../db/workspace.ts';
import type { DefinitionRef } from '../definitions/core/definition.ts';
import { labelsOf, predicateSentence } from '../definitions/core/sentence.ts';
import { currentDefinition, refOf } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import type { ActiveRule } from './core/segments.ts';
import { activeRules, readSegmentRules, type SegmentRule } from './segment-rule.ts';

export interface ActiveSegment extends ActiveRule {
  /** `when` in words. */
  sentence: string;
}

export interface SegmentRules {
  /** What hand-offs go by: the taxonomy's own segments, then the rules in force. */
  active: ActiveSegment[];
  /** Proposed, in force, and what became of the others, latest change first. */
  rules: SegmentRule[];
  definitions: DefinitionRef[];
}

/** The segments that hand-offs go by, and all segment rules that there are. */
export async function listSegmentRules(ctx: Context): Promise<SegmentRules> {
  requireScope(ctx, 'read');
  return unlessWritten(ctx, ['segment_rules'], (tx) => rulesIn(tx, ctx));
}

async function rulesIn(tx: Tx, ctx: Context): Promise<SegmentRules> {
  const taxonomy = await currentDefinition(tx, ctx, 'taxonomy');
  const labels = labelsOf(taxonomy.document);
  const active = await activeRules(tx, ctx, taxonomy.document);
  return {
    active: active.map((one) => ({ ...one, sentence: predicateSentence(one.when, labels) })),
    rules: await readSegmentRules(tx, ctx),
    definitions: [refOf(taxonomy)],
  };
}
