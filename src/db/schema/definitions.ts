import { integer, pgTable, primaryKey, unique } from 'drizzle-orm/pg-core';
import { instant, ownRows, text, workspaceId } from './columns.ts';

/** Every version of every definition, kept forever. */
export const definitionVersion = pgTable(
  'definition_version',
  {
    workspaceId: workspaceId(),
    kind: text('kind').notNull(),
    /** sha256 of the canonical JSON: the name of the document. */
    hash: text('hash').notNull(),
    version: integer('version').notNull(),
    /** Canonical JSON as text: jsonb would order its keys otherwise. */
    document: text('document').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    recordedBy: text('recorded_by').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.kind, t.hash] }),
    unique('definition_version_number').on(t.workspaceId, t.kind, t.version),
    ownRows(),
  ],
);

/** Which version was in use from when: append-only, the latest is in use. */
export const definitionHead = pgTable(
  'definition_head',
  {
    workspaceId: workspaceId(),
    kind: text('kind').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    hash: text('hash').notNull(),
    recordedBy: text('recorded_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.kind, t.recordedAt] }), ownRows()],
);
