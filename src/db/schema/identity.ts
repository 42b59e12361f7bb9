import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, smallint, uuid } from 'drizzle-orm/pg-core';
import { instant, ownRows, text, workspaceId } from './columns.ts';

/** Who is whom: every decision, append-only (docs/decisions/identity-log.md). One that was taken back has a later one that `undoes` it. */
export const identityDecision = pgTable(
  'identity_decision',
  {
    workspaceId: workspaceId(),
    id: uuid('id').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    /** Order within one write: with recorded_at, the total order of decisions. */
    ordinal: integer('ordinal').notNull(),
    /** account, person, or lead: of a person (side 0) and an account (side 1) */
    kind: text('kind').notNull(),
    /** merged, unmerged, must_link, cannot_link, related, suppressed, unsuppressed, withdrawn */
    verb: text('verb').notNull(),
    /** The decision that this one takes back. */
    undoes: uuid('undoes'),
    /** Of suppressed and unsuppressed: the kind of identifier (phone, email, domain, device) and its normalised value. */
    identifierKind: text('identifier_kind'),
    identifier: text('identifier'),
    /** person or model: a person's decision outranks every model's. */
    decidedBy: text('decided_by').notNull(),
    actor: text('actor').notNull(),
    /** Name and version of the model that decided. */
    model: text('model'),
    /** Why: the evidence that was before it. */
    evidence: jsonb('evidence'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index('identity_decision_order').on(t.workspaceId, t.kind, t.recordedAt, t.ordinal),
    index('identity_decision_undoes').on(t.workspaceId, t.undoes).where(sql`undoes is not null`),
    index('identity_decision_identifier').on(t.workspaceId, t.identifierKind, t.identifier).where(sql`identifier is not null`),
    ownRows(),
  ],
);

/** The nodes that a decision is about, and on which of its sides each stands. */
export const identitySide = pgTable(
  'identity_side',
  {
    workspaceId: workspaceId(),
    nodeId: uuid('node_id').notNull(),
    decisionId: uuid('decision_id').notNull(),
    /** 0 and 1: of a split or a pair, the two sides; a merge has one. */
    side: smallint('side').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.nodeId, t.decisionId] }),
    index('identity_side_decision').on(t.workspaceId, t.decisionId),
    ownRows(),
  ],
);

/** Pairs of nodes that a matcher leaves to a person; derived, and written again by its next run. Open while the two are two and undecided. */
export const matchReview = pgTable(
  'match_review',
  {
    workspaceId: workspaceId(),
    kind: text('kind').notNull(),
    /** The lesser id of the two nodes; of a lead the person's, and right the account's. */
    leftId: uuid('left_id').notNull(),
    rightId: uuid('right_id').notNull(),
    /** The knowledge clock of the facts in which it was found. */
    knownAt: instant('known_at').notNull(),
    /** uncertain, guarded, other_domain */
    reason: text('reason').notNull(),
    model: text('model').notNull(),
    /** Evidence and prior, in hundredths of a bit. */
    bits: integer('bits').notNull(),
    /** Its place in the list: highest first. */
    value: integer('value').notNull(),
    /** What hangs on the two. */
    stake: jsonb('stake').notNull(),
    /** What speaks for and against it. */
    evidence: jsonb('evidence').notNull(),
    /** The decision that ended it, for as long as that is in force. */
    decision: uuid('decision'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.kind, t.leftId, t.rightId] }),
    index('match_review_by_right').on(t.workspaceId, t.kind, t.rightId),
    ownRows(),
  ],
);

/** Which entity a node that was merged counted as, and when that was believed: a projection of the decisions. */
export const identityMember = pgTable(
  'identity_member',
  {
    workspaceId: workspaceId(),
    kind: text('kind').notNull(),
    nodeId: uuid('node_id').notNull(),
    believedFrom: instant('believed_from').notNull(),
    believedTo: instant('believed_to'),
    entityId: uuid('entity_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.kind, t.nodeId, t.believedFrom] }),
    index('identity_member_entity').on(t.workspaceId, t.kind, t.entityId),
    ownRows(),
  ],
);
