import { pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { instant, ownRows, text, workspaceId } from './columns.ts';

/** The process that does the workspace's jobs, of all that could. */
export const jobRunner = pgTable(
  'job_runner',
  {
    workspaceId: workspaceId(),
    holder: uuid('holder').notNull(),
    /** From then on another may be the runner. */
    heldUntil: instant('held_until').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId] }), ownRows()],
);

/** When each job is due, whichever process does it. */
export const job = pgTable(
  'job',
  {
    workspaceId: workspaceId(),
    name: text('name').notNull(),
    dueAt: instant('due_at').notNull(),
    /** When it last came to its end; null: never. */
    endedAt: instant('ended_at'),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.name] }), ownRows()],
);
