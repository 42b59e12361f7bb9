import { pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { instant, ownRows, text, workspaceId } from './columns.ts';

/** The server's own work, a row a job: who does it now, of all processes that could, and when it is due. */
export const job = pgTable(
  'job',
  {
    workspaceId: workspaceId(),
    name: text('name').notNull(),
    /** Of a job that comes round: when it does. */
    dueAt: instant('due_at').notNull(),
    /** The process that does it; null: nobody. */
    holder: uuid('holder'),
    /** From then on another may do it. */
    heldUntil: instant('held_until'),
    /** When it last came to its end; null: never. */
    endedAt: instant('ended_at'),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.name] }), ownRows()],
);
