import { z } from 'zod';
import { unlessOvertaken } from '../db/unless-overtaken.ts';
import { audit, deriveInWorkspace, readWorkspace, requireScope } from '../db/workspace.ts';
import type { SubjectKind } from '../definitions/core/rubric.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
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
  const written = await keepScore(ctx, { kind, id: before.subject.id });
  return { written, view: await readWorkspace(ctx, (tx) => scoreView(tx, ctx, kind, before.subject)) };
}

/** Whether the score just computed is the one on file. */
export function isInForce({ stored, rubric, result }: ScoreView): boolean {
  return stored !== null && stored.rubricVersion === rubric.version && canonicalJson(stored.receipt.result) === canonicalJson(result);
}

/**
 * Scores one record as of now and keeps the score, in one statement.
 * @param subject an entity's id
 * @returns whether anything had changed
 */
export function keepScore(ctx: Context, subject: { kind: SubjectKind; id: string }): Promise<boolean> {
  return unlessOvertaken(() => deriveInWorkspace(ctx, (tx) => writeScore(tx, ctx, subject)));
}

/**
 * The same inside a transaction that goes on: for a subject that nobody else can know of yet, since rescoring waits for the workspace with
 * the score held, and so never meets it the other way round.
 */
export async function writeScore(tx: Tx, ctx: Context, { kind, id }: { kind: SubjectKind; id: string }): Promise<boolean> {
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
  // whatever was learned in between is in it
  const [, [counts]] = await Promise.all([tx.query(ONE_PLAN), tx.query(text, params.values, { prepare: true })]);
  const { created, replaced } = countsRow.parse(counts);
  if (created + replaced > 0) await audit(tx, ctx, 'score_record', `${kind} ${id} rubric v${rubric.version}`);
  return created + replaced > 0;
}
