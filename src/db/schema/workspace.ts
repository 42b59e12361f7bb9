import { bigint, index, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { instant, ownRows, text, workspaceId } from './columns.ts';

export const workspace = pgTable(
  'workspace',
  {
    workspaceId: workspaceId(),
    createdAt: instant('created_at').notNull(),
    /** The knowledge clock: the `recorded_at` of the latest committed write. Its row lock puts writers in commit order. */
    knownAt: instant('known_at').notNull(),
    auditSeq: bigint('audit_seq', { mode: 'number' }).notNull(),
    auditHash: text('audit_hash').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId] }), ownRows()],
);

/** Who did what, append-only; each entry's hash covers the one before it. */
export const auditEntry = pgTable(
  'audit_entry',
  {
    workspaceId: workspaceId(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    recordedAt: instant('recorded_at').notNull(),
    actor: text('actor').notNull(),
    verb: text('verb').notNull(),
    /** What it touched, in counts and ids: never personal data. */
    detail: text('detail').notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.seq] }), ownRows()],
);

/** Calls that their callers may repeat: what took effect under a key, and the answer it gave (docs/decisions/idempotency-keys.md). */
export const idempotencyKey = pgTable(
  'idempotency_key',
  {
    workspaceId: workspaceId(),
    actor: text('actor').notNull(),
    key: text('key').notNull(),
    tool: text('tool').notNull(),
    inputHash: text('input_hash').notNull(),
    /** The one call that is under this key, of those that come at once. */
    caller: uuid('caller').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    /** Null until the call has answered. */
    answer: text('answer'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.actor, t.key] }),
    index('idempotency_key_age').on(t.workspaceId, t.recordedAt),
    ownRows(),
  ],
);
