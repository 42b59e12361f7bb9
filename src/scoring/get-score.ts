import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Definition, definitionRef } from '../definitions/core/definition.ts';
import type { SubjectKind } from '../definitions/core/rubric.ts';
import { currentDefinition, refOf } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayFromIso, ISO_DATE, isIsoDate, isoFromDay } from '../kernel/dates.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { utcInstantText } from '../kernel/instant-text.ts';
import { accountName, findAccount } from '../records/find-account.ts';
import { findPerson } from '../records/find-person.ts';
import { type Computed, computeScores, type Standpoint, standpoint } from './compute-scores.ts';
import { type Explanation, explain } from './core/explain.ts';
import type { HeatCounts } from './core/heat-counts.ts';
import { meaningsOf } from './core/meanings.ts';
import { type Receipt, type ScoreResult, sealReceipt } from './core/receipt.ts';
import { type StoredScore, scoreHistory, storedScore } from './stored-score.ts';
import { knownFields, type Trials, tryUnknownFields, type UnknownField, unknownFields } from './unknown-fields.ts';

export const subjectKind = z.enum(['account', 'lead']);

export const getScoreInput = z.strictObject({
  kind: subjectKind.default('account'),
  record: accountName.describe('id, domain or exact name of an account; id, e-mail address or exact name of a lead'),
  as_of: z.string().refine(isIsoDate, ISO_DATE).optional().describe('UTC day to score from; today when left out'),
  known_at: utcInstantText.optional().describe('score with what was known then; with what is known now when left out'),
});

export interface ScoreView {
  kind: SubjectKind;
  subject: { id: string; name: string | null; key: string | null; answers_for?: string };
  result: ScoreResult;
  explanation: Explanation;
  heatCounts: HeatCounts | null;
  /** What each criterion and disqualifier means, by id. */
  meanings: Record<string, string>;
  /** Of today's score alone. */
  unknown: UnknownField[];
  receipt: Receipt;
  /** The score that the last rescore wrote, when there is one. */
  stored: StoredScore | null;
  /** Newest first; every score that was ever written. */
  history: StoredScore[];
  rubric: Definition<'rubric'>;
  taxonomy: Definition<'taxonomy'>;
  definitions: z.infer<typeof definitionRef>[];
}

/**
 * The score of an account or a lead, computed now from what is known, with everything that made it and a receipt.
 * Nothing is written: `score_record` and `rescore_records` write.
 * @throws SamepageError `not_found`, `ambiguous`, `invalid_input`.
 */
export async function getScore(ctx: Context, given: z.input<typeof getScoreInput>): Promise<ScoreView> {
  requireScope(ctx, 'read');
  const input = getScoreInput.parse(given);
  return readWorkspace(ctx, async (tx) => {
    const subject = await findSubject(tx, ctx, input.kind, input.record);
    return scoreView(tx, ctx, input.kind, subject, {
      asOfDay: input.as_of === undefined ? undefined : dayFromIso(input.as_of),
      knownAt: input.known_at === undefined ? undefined : new Date(input.known_at),
    });
  });
}

export async function findSubject(tx: Tx, ctx: Context, kind: SubjectKind, named: string): Promise<ScoreView['subject']> {
  if (kind === 'account') {
    const { domain, ...found } = await findAccount(tx, ctx, named);
    return { ...found, key: domain };
  }
  const { email, ...found } = await findPerson(tx, ctx, named);
  return { ...found, key: email };
}

/** The view of one subject inside a transaction. What does not wait for each other is asked together. */
export async function scoreView(
  tx: Tx,
  ctx: Context,
  kind: SubjectKind,
  subject: ScoreView['subject'],
  given: { asOfDay?: number | undefined; knownAt?: Date | undefined } = {},
): Promise<ScoreView> {
  const { id } = subject;
  const [, rubric, at, stored, history, known] = await Promise.all([
    tx.query(ONE_PLAN),
    currentDefinition(tx, ctx, 'rubric'),
    standpoint(tx, ctx, { kind, id }, given),
    storedScore(tx, ctx, kind, id),
    scoreHistory(tx, ctx, kind, id),
    knownFields(tx, ctx, kind, id),
  ]);
  const [computed, trials] = await Promise.all([
    computeOne(tx, ctx, rubric, kind, subject, at),
    at.source.mode === 'today' && known !== undefined
      ? tryUnknownFields(tx, ctx, known, { rubric, kind, id, asOfDay: at.asOfDay })
      : NOT_TRIED,
  ]);
  return {
    kind,
    subject,
    result: computed.result,
    explanation: explain(rubric.document, kind, computed.result),
    heatCounts: computed.heatCounts,
    meanings: meaningsOf(rubric.document, at.taxonomy.document),
    unknown: unknownFields(trials, computed.result),
    receipt: receiptOf(kind, computed, rubric, at),
    stored,
    history,
    rubric,
    taxonomy: at.taxonomy,
    definitions: [refOf(rubric), refOf(at.taxonomy)],
  };
}

const NOT_TRIED: Trials = new Map();

/** Planning the statement costs ten times what one record does; its plan for one record is the same every time. */
export const ONE_PLAN = 'set local plan_cache_mode = force_generic_plan';

export async function computeOne(
  tx: Tx,
  ctx: Context,
  rubric: Definition<'rubric'>,
  kind: SubjectKind,
  subject: { id: string },
  at: Standpoint,
): Promise<Computed> {
  const [computed] = await computeScores(tx, ctx, { rubric, kind, ids: [subject.id], asOfDay: at.asOfDay, source: at.source });
  if (computed !== undefined) return computed;
  const when = at.source.mode === 'history' ? at.source.knownAt : 'now';
  throw new SamepageError(
    'not_found',
    `The ${kind} ${shown(subject.id)} was not known at ${when}.`,
    'Give a later known_at, or leave it out for what is known now.',
    { problems: [{ path: 'known_at', value: when, reason: 'lies before the record was first seen' }] },
  );
}

function receiptOf(kind: SubjectKind, computed: Computed, rubric: Definition<'rubric'>, at: Standpoint): Receipt {
  return sealReceipt({
    v: 1,
    kind,
    subject_id: computed.id,
    rubric: rubric.hash,
    taxonomy: at.taxonomy.hash,
    as_of: isoFromDay(at.asOfDay),
    known_at: computed.knownAt.toISOString(),
    result: computed.result,
  });
}
