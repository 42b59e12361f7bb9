import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant, ownRows, text, workspaceId } from './columns.ts';

/**
 * A person who was handed from marketing to sales, and where that stands: what was so at the hand-off, and a projection of `hand_off_event`
 * (docs/decisions/hand-offs.md).
 */
export const handOff = pgTable(
  'hand_off',
  {
    workspaceId: workspaceId(),
    id: uuid('id').notNull(),
    personId: uuid('person_id').notNull(),
    accountId: uuid('account_id'),
    handedAt: instant('handed_at').notNull(),
    /** What of the lead chose its promises, when it was handed off. */
    source: text('source'),
    tier: text('tier'),
    holds: jsonb('holds').notNull(),
    /** The sides by which rejections are compared, as they were then, by id of `compare_by`. */
    facts: jsonb('facts').notNull(),
    /** The versions in force when it was handed off, by hash. */
    sla: text('sla').notNull(),
    taxonomy: text('taxonomy').notNull(),
    /** Where the owner was found, or it waits for one. */
    pool: text('pool'),
    /** The owner's calendar in the SLA. */
    calendar: text('calendar'),
    /** Why it was handed off against the rule. */
    override: text('override'),
    /** The hand-off of the same person that came next; null: this is where the person stands. */
    followedBy: uuid('followed_by'),
    /** The last event that it counts, and the latest instant of one. */
    ordinal: integer('ordinal').notNull(),
    changedAt: instant('changed_at').notNull(),
    /** What the stage means, as the taxonomy has it. */
    stage: text('stage').notNull(),
    owner: text('owner'),
    waitsFor: text('waits_for'),
    /** YYYY-MM-DD */
    returnsOn: text('returns_on'),
    /** The last rejection that was not taken back. */
    code: text('code'),
    subReason: text('sub_reason'),
    /** The first disposition that was not taken back; one that sends the lead to another owner is none. */
    disposedAt: instant('disposed_at'),
    /** The first attempt or meeting, the first time it was qualified, and that an opportunity was opened; null: never. */
    touchedAt: instant('touched_at'),
    qualifiedAt: instant('qualified_at'),
    openedAt: instant('opened_at'),
    /** When it ended; null: it is open. */
    closedAt: instant('closed_at'),
    /** When it needs somebody next: the first due instant of the clocks still owed, of a recycled lead its day; 9999 where nothing is awaited. */
    nextAt: instant('next_at').notNull(),
    /** When its clocks are looked at again for what is to be announced; null: at once, as after each of its events. */
    lookAt: instant('look_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('hand_off_open').on(t.workspaceId, t.personId).where(sql`closed_at is null`),
    index('hand_off_person').on(t.workspaceId, t.personId, t.handedAt),
    index('hand_off_owner').on(t.workspaceId, t.owner, t.handedAt),
    index('hand_off_next').on(t.workspaceId, t.stage, t.nextAt, t.handedAt, t.id).where(sql`followed_by is null`),
    index('hand_off_owner_next').on(t.workspaceId, t.owner, t.stage, t.nextAt, t.handedAt, t.id).where(sql`followed_by is null`),
    index('hand_off_code_next')
      .on(t.workspaceId, t.code, t.stage, t.nextAt, t.handedAt, t.id)
      .where(sql`followed_by is null and code is not null`),
    index('hand_off_look').on(t.workspaceId, t.lookAt).where(sql`closed_at is null`),
    index('hand_off_changed').on(t.workspaceId, t.changedAt),
    ownRows(),
  ],
);

/** What happened to each hand-off, append-only: its clocks and its standing are computed from it. */
export const handOffEvent = pgTable(
  'hand_off_event',
  {
    workspaceId: workspaceId(),
    handOffId: uuid('hand_off_id').notNull(),
    ordinal: integer('ordinal').notNull(),
    at: instant('at').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    actor: text('actor').notNull(),
    /** A move of the state machine, attempt, meeting, pause or resume. */
    kind: text('kind').notNull(),
    /** The version of the SLA then in force, by hash. */
    sla: text('sla').notNull(),
    detail: jsonb('detail').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.handOffId, t.ordinal] }), ownRows()],
);

/** How many hand-offs stand where, of those that no other followed: totals of a list are sums of it. '' for what a hand-off has not. */
export const handOffCount = pgTable(
  'hand_off_count',
  {
    workspaceId: workspaceId(),
    stage: text('stage').notNull(),
    owner: text('owner').notNull(),
    source: text('source').notNull(),
    code: text('code').notNull(),
    total: integer('total').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.stage, t.owner, t.source, t.code] }), ownRows()],
);

/** What was announced of a hand-off's clocks: each once. */
export const handOffNotice = pgTable(
  'hand_off_notice',
  {
    workspaceId: workspaceId(),
    handOffId: uuid('hand_off_id').notNull(),
    /** By its id in the SLA. */
    clock: text('clock').notNull(),
    /** The promise that it was of: a pause moves the instant and is no new promise, a change of the SLA is. */
    sla: text('sla').notNull(),
    /** due: it came near its breach. breached. */
    kind: text('kind').notNull(),
    recordedAt: instant('recorded_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.handOffId, t.clock, t.sla, t.kind] }), ownRows()],
);
