import { sql } from 'drizzle-orm';
import { bigint, index, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { instant, ownRows, text, workspaceId } from './columns.ts';

const milliseconds = (name: string) => bigint(name, { mode: 'number' });

/** The clocks of each hand-off that started, as its last event left them: what reviews count. The log stays the truth. */
export const handOffClock = pgTable(
  'hand_off_clock',
  {
    workspaceId: workspaceId(),
    handOffId: uuid('hand_off_id').notNull(),
    clock: text('clock').notNull(),
    source: text('source'),
    startedAt: instant('started_at').notNull(),
    /** Null in a pause without an end. */
    dueAt: instant('due_at'),
    /** When what it waits for happened; null: it runs, is paused, or was called off. */
    endedAt: instant('ended_at'),
    /** As the promise counts time, up to its end. */
    elapsedMs: milliseconds('elapsed_ms'),
    /** When it is known whether the promise was kept: the end, or the due instant if that comes first; null: of one called off before. */
    settlesAt: instant('settles_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.handOffId, t.clock] }),
    // partial, so that nobody reads a whole workspace by it for the clocks of one hand-off
    index('hand_off_clock_settles').on(t.workspaceId, t.settlesAt).where(sql`settles_at is not null`),
    ownRows(),
  ],
);
