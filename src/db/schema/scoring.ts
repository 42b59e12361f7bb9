import { bigint, integer, jsonb, pgTable, primaryKey, smallint, uuid } from 'drizzle-orm/pg-core';
import { instant, ownRows, smallints, text, workspaceId } from './columns.ts';

/** One score and what it was computed from: everything its receipt says. */
const scoreColumns = {
  workspaceId: workspaceId(),
  /** account or lead */
  kind: text('kind').notNull(),
  subjectId: uuid('subject_id').notNull(),
  /** Numbers of the definition versions; the hash is in definition_version. */
  rubricVersion: integer('rubric_version').notNull(),
  taxonomyVersion: integer('taxonomy_version').notNull(),
  asOfDay: integer('as_of_day').notNull(),
  knownAt: instant('known_at').notNull(),
  score: smallint('score').notNull(),
  /** A, B, C, disqualified */
  tier: text('tier').notNull(),
  /** hot, warm, cold; null for a lead */
  heat: text('heat'),
  /** Points of each criterion of the rubric, in its order; 0 where the criterion is not for this kind. */
  points: smallints('points').notNull(),
  /** Bit i is set when criterion i could not be decided because a field is unknown. */
  unknown: bigint('unknown', { mode: 'number' }).notNull(),
  /** Bit i is set when disqualifier i applies. */
  disqualified: bigint('disqualified', { mode: 'number' }).notNull(),
};

/** The current score of each subject. */
export const score = pgTable('score', scoreColumns, (t) => [primaryKey({ columns: [t.workspaceId, t.kind, t.subjectId] }), ownRows()]);

/** Every score that a later one replaced. */
export const scoreHistory = pgTable('score_history', { ...scoreColumns, replacedAt: instant('replaced_at').notNull() }, (t) => [
  primaryKey({ columns: [t.workspaceId, t.kind, t.subjectId, t.knownAt, t.asOfDay, t.rubricVersion] }),
  ownRows(),
]);

/** A run over many subjects: what it covers and which of its parts are done, so that it resumes. */
export const rescoreRun = pgTable(
  'rescore_run',
  {
    workspaceId: workspaceId(),
    id: uuid('id').notNull(),
    plan: jsonb('plan').notNull(),
    /** running, done, cancelled */
    state: text('state').notNull(),
    rubricVersion: integer('rubric_version').notNull(),
    taxonomyVersion: integer('taxonomy_version').notNull(),
    asOfDay: integer('as_of_day').notNull(),
    /** Everything recorded up to here is in the run. */
    knownAt: instant('known_at').notNull(),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
    result: jsonb('result'),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.id] }), ownRows()],
);

/** A finished part of a run, with its counts. */
export const rescorePart = pgTable(
  'rescore_part',
  {
    workspaceId: workspaceId(),
    runId: uuid('run_id').notNull(),
    kind: text('kind').notNull(),
    part: integer('part').notNull(),
    counts: jsonb('counts').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.runId, t.kind, t.part] }), ownRows()],
);
