import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Definition, DefinitionRef } from '../definitions/core/definition.ts';
import type { MergePolicy } from '../definitions/core/merge-policy.ts';
import { currentDefinition, refOf } from '../definitions/current-definition.ts';
import { definitionByHash } from '../definitions/definition-by-hash.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayFromIso } from '../kernel/dates.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { computeScores } from './compute-scores.ts';
import { isSealed, type Receipt, receipt, type ScoreResult } from './core/receipt.ts';

export const verifyScoreInput = z.strictObject({ receipt });

const latestRow = z.object({ known_at: z.coerce.date() });

export interface Difference {
  /** `score`, `points.industry`, `digest`, … */
  what: string;
  receipt: string;
  recomputed: string;
}

export interface Verification {
  outcome: 'reproduced' | 'different';
  differences: Difference[];
  /** What the statement gives today for the receipt's rubric, as_of and known_at; null when the subject was not known then. */
  recomputed: ScoreResult | null;
  definitions: DefinitionRef[];
}

/**
 * Recomputes a score from the logs, as they stood at the receipt's `known_at`, under the receipt's own rubric.
 * @throws SamepageError `not_found` when the workspace never had the rubric of the receipt.
 */
export async function verifyScore(ctx: Context, given: { receipt: unknown }): Promise<Verification> {
  requireScope(ctx, 'read');
  const { receipt: claimed } = parseInput(verifyScoreInput, given, 'verify_score');
  return readWorkspace(ctx, async (tx) => {
    const rubric = await definitionByHash(tx, ctx, 'rubric', claimed.rubric);
    const taxonomy = await currentDefinition(tx, ctx, 'taxonomy', new Date(claimed.known_at));
    const recomputed = await recompute(tx, ctx, claimed, rubric, taxonomy.document);
    const differences = compare(claimed, recomputed, rubric, taxonomy.hash);
    const { known_at: latest } = latestRow.parse(
      (await tx.query('select known_at from workspace where workspace_id = $1', [ctx.workspaceId]))[0],
    );
    if (new Date(claimed.known_at) > latest)
      differences.push({ what: 'known_at', receipt: claimed.known_at, recomputed: `nothing is recorded after ${latest.toISOString()}` });
    return {
      outcome: differences.length === 0 ? 'reproduced' : 'different',
      differences,
      recomputed,
      definitions: [refOf(rubric), refOf(taxonomy)],
    };
  });
}

async function recompute(
  tx: Tx,
  ctx: Context,
  claimed: Receipt,
  rubric: Definition<'rubric'>,
  policy: MergePolicy,
): Promise<ScoreResult | null> {
  const [computed] = await computeScores(tx, ctx, {
    rubric,
    kind: claimed.kind,
    ids: [claimed.subject_id],
    asOfDay: dayFromIso(claimed.as_of),
    source: { mode: 'history', knownAt: claimed.known_at, policy },
  });
  return computed?.result ?? null;
}

function compare(claimed: Receipt, recomputed: ScoreResult | null, rubric: Definition<'rubric'>, taxonomyHash: string): Difference[] {
  const differences: Difference[] = [];
  const check = (what: string, of: unknown, now: unknown) => {
    if (of !== now) differences.push({ what, receipt: String(of), recomputed: String(now) });
  };
  if (!isSealed(claimed))
    differences.push({ what: 'digest', receipt: claimed.digest, recomputed: 'the receipt was changed after it was given out' });
  check('taxonomy', claimed.taxonomy, taxonomyHash);
  if (recomputed === null) {
    differences.push({ what: 'subject', receipt: claimed.subject_id, recomputed: `not known at ${claimed.known_at}` });
    return differences;
  }
  const was = claimed.result;
  check('score', was.score, recomputed.score);
  check('tier', was.tier, recomputed.tier);
  check('heat', was.heat, recomputed.heat);
  check('criteria', was.points.length, recomputed.points.length);
  // where there are fewer or more, nothing tells which is whose
  if (was.points.length === recomputed.points.length)
    rubric.document.criteria.forEach((criterion, i) => {
      check(`points.${criterion.id}`, was.points[i], recomputed.points[i]);
    });
  check('unknown', was.unknown, recomputed.unknown);
  check('disqualified', was.disqualified, recomputed.disqualified);
  return differences;
}
