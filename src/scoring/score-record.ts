import { z } from 'zod';
import { audit, deriveInWorkspace, requireScope } from '../db/workspace.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { standpoint } from './compute-scores.ts';
import { persistSql } from './core/persist-sql.ts';
import { findSubject, getScoreInput, ONE_PLAN, type ScoreView, viewFrom } from './get-score.ts';

export const scoreRecordInput = getScoreInput.pick({ kind: true, record: true });

export interface ScoredRecord {
  /** False when the score in force was the same already. */
  written: boolean;
  view: ScoreView;
}

const countsRow = z.object({ created: z.number(), replaced: z.number() });

/**
 * Scores one account or lead as of today and keeps the score with its receipt; the one it replaces goes to the history.
 * @throws SamepageError `not_found`, `ambiguous`, `permission_denied`.
 */
export async function scoreRecord(ctx: Context, given: z.input<typeof scoreRecordInput>): Promise<ScoredRecord> {
  requireScope(ctx, 'write');
  const { kind, record } = scoreRecordInput.parse(given);
  return deriveInWorkspace(ctx, async (tx) => {
    await tx.query(ONE_PLAN);
    const subject = await findSubject(tx, ctx, kind, record);
    const rubric = await currentDefinition(tx, ctx, 'rubric');
    const at = await standpoint(tx, ctx, { kind, id: subject.id });
    const params = new SqlParams();
    const text = persistSql({
      params,
      workspaceId: ctx.workspaceId,
      rubric: rubric.document,
      rubricVersion: rubric.version,
      kind,
      selection: { ids: [subject.id] },
      source: at.source,
      asOfDay: at.asOfDay,
      replacedAt: ctx.now().toISOString(),
    });
    const counts = countsRow.parse((await tx.query(text, params.values, { prepare: true }))[0]);
    const written = counts.created + counts.replaced > 0;
    if (written) await audit(tx, ctx, 'score_record', `${kind} ${subject.id} rubric v${rubric.version}`);
    return { written, view: await viewFrom(tx, ctx, kind, subject, rubric, at) };
  });
}
