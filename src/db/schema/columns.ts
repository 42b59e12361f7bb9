import { sql } from 'drizzle-orm';
import { customType, pgPolicy, timestamp } from 'drizzle-orm/pg-core';

/** Text compared by its bytes, so that order and equality are the same on every database and locale. */
export const text = customType<{ data: string }>({ dataType: () => 'text collate "C"' });

/** Leads every primary key, unique key, foreign key and join. */
export const workspaceId = () => text('workspace_id').notNull();

/** An instant with milliseconds, UTC. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** Small integers in order; both drivers take PostgreSQL's array text. */
export const smallints = customType<{ data: number[]; driverData: string }>({
  dataType: () => 'smallint[]',
  toDriver: (value) => `{${value.join(',')}}`,
});

/** A workspace sees its own rows alone; `db/workspace.ts` names the workspace at the start of each transaction. */
export const ownRows = () =>
  pgPolicy('own_rows', {
    as: 'permissive',
    for: 'all',
    using: sql`workspace_id = nullif(current_setting('app.workspace_id', true), '')`,
    withCheck: sql`workspace_id = nullif(current_setting('app.workspace_id', true), '')`,
  });
