import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { instant, ownRows, text, workspaceId } from './columns.ts';

/**
 * Engagement events and intent signals, append-only. A correction is a new row of the same id; the row it corrects gets
 * `superseded_at`. A row was believed from `recorded_at` until `superseded_at`.
 */
export const event = pgTable(
  'event',
  {
    workspaceId: workspaceId(),
    id: uuid('id').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    supersededAt: instant('superseded_at'),
    source: text('source').notNull(),
    externalId: text('external_id').notNull(),
    type: text('type').notNull(),
    occurredAt: instant('occurred_at').notNull(),
    occurredDay: integer('occurred_day').notNull(),
    /** The person it counts for today: the one that it named, or whom that was merged into; of an anonymous one, its device's. A projection. */
    personId: uuid('person_id'),
    /** The account that the event itself named; fixed. */
    namedAccountId: uuid('named_account_id'),
    domain: text('domain'),
    /** The account it counts for today: the person's, else the named one, else the domain's. A projection. */
    accountId: uuid('account_id'),
    sourceRecordId: uuid('source_record_id'),
    attributes: jsonb('attributes'),
    /** The person that the event itself named, where that was merged into another; null when it is `person_id`. */
    namedPersonId: uuid('named_person_id'),
    /** The cookie's, browser's or device's id that it carries, a name at its source. */
    anonymousId: text('anonymous_id'),
    /** True: it carries an anonymous id and named nobody, so that it counts for whom that id was identified with. Else null. */
    anonymous: boolean('anonymous'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id, t.recordedAt] }),
    index('event_by_account').on(t.workspaceId, t.accountId, t.personId, t.occurredDay, t.type).where(sql`superseded_at is null`),
    index('event_by_person').on(t.workspaceId, t.personId, t.occurredDay, t.type),
    index('event_by_day').on(t.workspaceId, t.occurredDay, t.type, t.accountId, t.personId).where(sql`superseded_at is null`),
    index('event_by_recorded').on(t.workspaceId, t.recordedAt),
    index('event_superseded').on(t.workspaceId, t.supersededAt).where(sql`superseded_at is not null`),
    index('event_by_named_account').on(t.workspaceId, t.namedAccountId).where(sql`named_account_id is not null`),
    index('event_by_named_person').on(t.workspaceId, t.namedPersonId).where(sql`named_person_id is not null`),
    index('event_by_anonymous_id').on(t.workspaceId, t.anonymousId, t.source).where(sql`anonymous_id is not null`),
    index('event_identifying').on(t.workspaceId, t.personId).where(sql`anonymous_id is not null and anonymous is null`),
    index('event_by_domain').on(t.workspaceId, t.domain).where(sql`domain is not null`),
    ownRows(),
  ],
);
