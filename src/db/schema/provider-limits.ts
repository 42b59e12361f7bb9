import { pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { instant, ownRows, text, workspaceId } from './columns.ts';

/** When a provider may be asked next: what all processes of the workspace share of its rate limits. */
export const providerLimit = pgTable(
  'provider_limit',
  {
    workspaceId: workspaceId(),
    provider: text('provider').notNull(),
    /** The time by which the requests let through so far are spread out at the rate allowed: per second, per minute. */
    secondsUntil: instant('seconds_until').notNull(),
    minutesUntil: instant('minutes_until').notNull(),
    /** Nobody asks before: the vendor said so. */
    pausedUntil: instant('paused_until').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.provider] }), ownRows()],
);
