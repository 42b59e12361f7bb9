import { index, integer, jsonb, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { instant, ownRows, text, workspaceId } from './columns.ts';

/** What is done with the leads of a segment that was rejected with a code more often than the rest: a projection of `segment_rule_event`. */
export const segmentRule = pgTable(
  'segment_rule',
  {
    workspaceId: workspaceId(),
    id: uuid('id').notNull(),
    code: text('code').notNull(),
    /** A side of the taxonomy's `compare_by`. */
    side: text('side').notNull(),
    /** Null: the leads of which it is not known. */
    segment: text('segment'),
    label: text('label').notNull(),
    action: text('action').notNull(),
    /** The segment as a predicate. */
    condition: jsonb('condition').notNull(),
    state: text('state').notNull(),
    /** When it came into its state, and by whom: person or job. */
    changedAt: instant('changed_at').notNull(),
    changedBy: text('changed_by').notNull(),
    /** The last event that it counts. */
    ordinal: integer('ordinal').notNull(),
    /** The comparison that it was proposed for, and what the rule would have changed. */
    evidence: jsonb('evidence').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.id] }), index('segment_rule_state').on(t.workspaceId, t.state, t.changedAt), ownRows()],
);

/** What was proposed and decided about each segment rule, append-only. */
export const segmentRuleEvent = pgTable(
  'segment_rule_event',
  {
    workspaceId: workspaceId(),
    ruleId: uuid('rule_id').notNull(),
    ordinal: integer('ordinal').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    actor: text('actor').notNull(),
    /** A move of core/segment-rule-moves.ts. */
    kind: text('kind').notNull(),
    /** The evidence, or the reason. */
    detail: jsonb('detail').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.ruleId, t.ordinal] }), ownRows()],
);

/** The comparisons that were made, append-only: each may find something by chance, so they have their pace. */
export const segmentComparison = pgTable(
  'segment_comparison',
  {
    workspaceId: workspaceId(),
    recordedAt: instant('recorded_at').notNull(),
    /** Leads decided on, comparisons that could tell something, those with too few leads, and findings. */
    decided: integer('decided').notNull(),
    compared: integer('compared').notNull(),
    tooFew: integer('too_few').notNull(),
    found: integer('found').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.recordedAt] }), ownRows()],
);
