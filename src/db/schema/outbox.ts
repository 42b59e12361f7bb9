import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { instant, ownRows, text, workspaceId } from './columns.ts';

/** What other systems are told of, written in the transaction of the change (docs/decisions/outbox.md). */
export const outboxEvent = pgTable(
  'outbox_event',
  {
    workspaceId: workspaceId(),
    /** The id under which every receiver hears of it, however often. */
    id: uuid('id').notNull(),
    /** What it happened to: the id of a hand-off or of a rule. */
    subject: text('subject').notNull(),
    /** Its place among the events of its subject, from 1. */
    position: integer('position').notNull(),
    type: text('type').notNull(),
    data: jsonb('data').notNull(),
    recordedAt: instant('recorded_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index('outbox_event_subject').on(t.workspaceId, t.subject, t.position),
    index('outbox_event_age').on(t.workspaceId, t.recordedAt),
    ownRows(),
  ],
);

/** Where events are sent. */
export const webhookEndpoint = pgTable(
  'webhook_endpoint',
  {
    workspaceId: workspaceId(),
    name: text('name').notNull(),
    url: text('url').notNull(),
    /** The variable that holds the secret of its signatures. The secret itself is never stored. */
    secretName: text('secret_name').notNull(),
    /** The types of events that it hears of, as an array; null: all. */
    types: jsonb('types'),
    createdAt: instant('created_at').notNull(),
    /** Nothing is sent before: it asked for time. */
    pausedUntil: instant('paused_until'),
    deliveredAt: instant('delivered_at'),
    /** When it said that it is gone; null: it is served. */
    endedAt: instant('ended_at'),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.name] }), ownRows()],
);

/** What is still owed to an endpoint: a row an event, taken away when it was delivered. */
export const webhookDelivery = pgTable(
  'webhook_delivery',
  {
    workspaceId: workspaceId(),
    endpoint: text('endpoint').notNull(),
    subject: text('subject').notNull(),
    position: integer('position').notNull(),
    eventId: uuid('event_id').notNull(),
    /** When it is tried next; while it is under way, when another may take it over. Null: it was given up, a dead letter. */
    dueAt: instant('due_at'),
    attempts: integer('attempts').notNull(),
    firstAt: instant('first_at'),
    /** What came of the last attempt, in our own words. */
    lastAnswer: text('last_answer'),
  },
  (t) => [
    // by subject, in the order of its events
    primaryKey({ columns: [t.workspaceId, t.endpoint, t.subject, t.position, t.eventId] }),
    // partial, so that nobody reads all that is owed to an endpoint by it for the events of one subject
    index('webhook_delivery_due').on(t.workspaceId, t.endpoint, t.dueAt).where(sql`due_at is not null`),
    ownRows(),
  ],
);
