import { z } from 'zod';
import { unlessOvertaken } from '../db/unless-overtaken.ts';
import { audit, deriveInWorkspace, readWorkspace, requireScope } from '../db/workspace.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Context } from '../kernel/context.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { standpoint } from './compute-scores.ts';
import { persistSql } from './core/persist-sql.ts';
import { findSubject, getScoreInput, ONE_PLAN, type ScoreView, scoreView } from './get-score.ts';

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
  const before = await readWorkspace(ctx, async (tx) => scoreView(tx, ctx, kind, await findSubject(tx, ctx, kind, record)));
  if (isInForce(before)) return { written: false, view: before };
  const written = await unlessOvertaken(() => keepScore(ctx, before));
  return { written, view: await readWorkspace(ctx, (tx) => scoreView(tx, ctx, kind, before.subject)) };
}

/** Whether the score just computed is the one on file. */
function isInForce({ stored, rubric, result }: ScoreView): boolean {
  return stored !== null && stored.rubricVersion === rubric.version && canonicalJson(stored.receipt.result) === canonicalJson(result);
}

/** Scores again and writes, in one statement: whatever was learned in between is in it. @returns whether anything had changed */
function keepScore(ctx: Context, { kind, subject: { id } }: ScoreView): Promise<boolean> {
  return deriveInWorkspace(ctx, async (tx) => {
    const [rubric, at] = await Promise.all([currentDefinition(tx, ctx, 'rubric'), standpoint(tx, ctx, { kind, id })]);
    const params = new SqlParams();
    const text = persistSql({
      params,
      workspaceId: ctx.workspaceId,
      rubric: rubric.document,
      rubricVersion: rubric.version,
      kind,
      selection: { ids: [id] },
      source: at.source,
      asOfDay: at.asOfDay,
      replacedAt: ctx.now().toISOString(),
    });
    const [, [counts]] = await Promise.all([tx.query(ONE_PLAN), tx.query(text, params.values, { prepare: true })]);
    const { created, replaced } = countsRow.parse(counts);
    if (created + replaced > 0) await audit(tx, ctx, 'score_record', `${kind} ${id} rubric v${rubric.version}`);
    return created + replaced > 0;
  });
}
