import { boolean, integer, pgTable, primaryKey, unique } from 'drizzle-orm/pg-core';
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

/** What became of a version that was proposed or signed: append-only, the latest of a hash holds (docs/decisions/signing.md). */
export const definitionState = pgTable(
  'definition_state',
  {
    workspaceId: workspaceId(),
    kind: text('kind').notNull(),
    hash: text('hash').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    /** `proposed`, `signed`, `active`, `draft`, `superseded`, `withdrawn`. */
    state: text('state').notNull(),
    /** Whether every required team's signature stood. */
    signed: boolean('signed').notNull(),
    /** When the version was opened for signature: signatures are of this round alone. */
    openedAt: instant('opened_at').notNull(),
    /** The first day on which it may come into use, `YYYY-MM-DD`; null: at once. */
    activeFrom: text('active_from'),
    reason: text('reason'),
    recordedBy: text('recorded_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.kind, t.hash, t.recordedAt] }), ownRows()],
);

/** Who signed a version for which team, and who took it back: append-only. */
export const definitionSignature = pgTable(
  'definition_signature',
  {
    workspaceId: workspaceId(),
    kind: text('kind').notNull(),
    hash: text('hash').notNull(),
    openedAt: instant('opened_at').notNull(),
    team: text('team').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    /** `sign` or `withdraw`. */
    action: text('action').notNull(),
    /** The leader, as the team's list names them. */
    name: text('name').notNull(),
    /** How the person was asked: `elicitation` or `terminal`. */
    way: text('way').notNull(),
    reason: text('reason'),
    /** The client through which it came. */
    recordedBy: text('recorded_by').notNull(),
  },
  (t) => [
    primaryKey({ name: 'definition_signature_pk', columns: [t.workspaceId, t.kind, t.hash, t.openedAt, t.team, t.recordedAt] }),
    ownRows(),
  ],
);

/** Who belongs to which team: append-only, the latest of a name in a team holds. */
export const teamMember = pgTable(
  'team_member',
  {
    workspaceId: workspaceId(),
    team: text('team').notNull(),
    name: text('name').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    /** `leader`, `member`, or `none` for who has left. */
    role: text('role').notNull(),
    recordedBy: text('recorded_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.team, t.name, t.recordedAt] }), ownRows()],
);

/** Reviews of the cadence that were held: append-only. */
export const reviewHeld = pgTable(
  'review_held',
  {
    workspaceId: workspaceId(),
    /** Its id in the cadence. */
    review: text('review').notNull(),
    /** The UTC day, `YYYY-MM-DD`. */
    heldOn: text('held_on').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    recordedBy: text('recorded_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.review, t.heldOn] }), ownRows()],
);
