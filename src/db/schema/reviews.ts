import { integer, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { instant, ownRows, text, workspaceId } from './columns.ts';

/** Reviews as they were published: append-only, a period that is frozen again is the next version (docs/decisions/frozen-reviews.md). */
export const frozenReview = pgTable(
  'frozen_review',
  {
    workspaceId: workspaceId(),
    /** weekly, monthly, quarterly */
    kind: text('kind').notNull(),
    /** `2026-W47`, `2026-11`, `2026-Q4`. */
    period: text('period').notNull(),
    version: integer('version').notNull(),
    frozenAt: instant('frozen_at').notNull(),
    frozenBy: text('frozen_by').notNull(),
    /** Why it was published again; null of the first. */
    reason: text('reason'),
    /** The knowledge clock of the snapshot that its figures were computed from. */
    knownAt: instant('known_at').notNull(),
    /** The version of the program that computed them. */
    program: text('program').notNull(),
    /** Of `document`. */
    sha256: text('sha256').notNull(),
    /** Figures, definitions, data and Markdown, as canonical JSON. */
    document: text('document').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.kind, t.period, t.version] }), ownRows()],
);
