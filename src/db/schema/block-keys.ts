import { bigint, index, integer, jsonb, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { instant, ownRows, text, workspaceId } from './columns.ts';

/**
 * Nodes by the keys under which others may be the same. Derived: a key only says where to look, so one that a node no longer has may
 * stay (docs/decisions/block-keys.md).
 */
export const blockKey = pgTable(
  'block_key',
  {
    workspaceId: workspaceId(),
    /** Hash of the kind, the rule and the value. */
    key: bigint('key', { mode: 'number' }).notNull(),
    nodeId: uuid('node_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.key, t.nodeId] }), ownRows()],
);

/** How far the keys of a kind of nodes reach, and how often values occur in it. Derived. */
export const identityIndex = pgTable(
  'identity_index',
  {
    workspaceId: workspaceId(),
    /** account or person; lead: how far leads were asked about anew, of which only what names this row is used */
    kind: text('kind').notNull(),
    /** What keys are made by: those of another version find nothing. */
    keyVersion: text('key_version').notNull(),
    /** Nodes that changed up to here have their keys… */
    coveredAt: instant('covered_at').notNull(),
    /** …and of those that changed at that very instant, the ones up to this id. */
    coveredId: uuid('covered_id').notNull(),
    /** Nodes that came or changed since the counts were taken. */
    uncounted: integer('uncounted').notNull(),
    /** sha256 of the counts; '' while there are none. */
    countsHash: text('counts_hash').notNull(),
    /** How often values occur, over all nodes or a sample of them. */
    counts: jsonb('counts').notNull(),
    /** The weights that the last stitching of the workspace fitted; null before. */
    fitted: jsonb('fitted'),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.kind] }), ownRows()],
);

/** To which account a lead was found to belong as it came in, and why: append-only, the latest of a person is in force. */
export const leadMatch = pgTable(
  'lead_match',
  {
    workspaceId: workspaceId(),
    /** The person's node: what its own record made. */
    personId: uuid('person_id').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    /** The account, or of a review the one that it would be; null for none. */
    accountId: uuid('account_id'),
    /** match, review, none */
    decision: text('decision').notNull(),
    rule: text('rule').notNull(),
    model: text('model').notNull(),
    /** The whole decision: prior, evidence, runner-up, margin, guards, counterfactual. */
    evidence: jsonb('evidence').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.personId, t.recordedAt] }),
    index('lead_match_account').on(t.workspaceId, t.accountId),
    ownRows(),
  ],
);
