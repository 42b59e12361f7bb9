import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, smallint, uuid } from 'drizzle-orm/pg-core';
import { instant, ownRows, text, workspaceId } from './columns.ts';

/** A record as it came: immutable. */
export const sourceRecord = pgTable(
  'source_record',
  {
    workspaceId: workspaceId(),
    id: uuid('id').notNull(),
    source: text('source').notNull(),
    /** account, person, opportunity, event, signal */
    kind: text('kind').notNull(),
    externalId: text('external_id').notNull(),
    /** Column name → cell as it came, JSON text. */
    payload: text('payload').notNull(),
    importId: uuid('import_id'),
    line: integer('line'),
    recordedAt: instant('recorded_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.id] }), ownRows()],
);

/** Which entity a source's record is about, and the digest of the latest content seen for it. */
export const externalRef = pgTable(
  'external_ref',
  {
    workspaceId: workspaceId(),
    kind: text('kind').notNull(),
    source: text('source').notNull(),
    externalId: text('external_id').notNull(),
    entityId: uuid('entity_id').notNull(),
    digest: text('digest').notNull(),
  },
  (t) => [
    // the column that tells rows apart comes early: every step of every search compares the columns before it too
    primaryKey({ columns: [t.workspaceId, t.externalId, t.source, t.kind] }),
    index('external_ref_entity').on(t.workspaceId, t.entityId),
    ownRows(),
  ],
);

/**
 * Facts, append-only: what one source said of one entity at one time. The fields that it said together share a row
 * (docs/decisions/facts.md); `values` maps field key to a JSON value by the field's declared type.
 */
export const observation = pgTable(
  'observation',
  {
    workspaceId: workspaceId(),
    entityId: uuid('entity_id').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    /** Order within one write: with recorded_at, the total order in which facts were learned. */
    ordinal: integer('ordinal').notNull(),
    kind: text('kind').notNull(),
    source: text('source').notNull(),
    sourceRecordId: uuid('source_record_id'),
    values: jsonb('values').notNull(),
    /** 0–10,000 basis points. */
    confidence: smallint('confidence').notNull(),
    observedAt: instant('observed_at').notNull(),
    observedDay: integer('observed_day').notNull(),
    /** First UTC day on which the values no longer hold. */
    expiresDay: integer('expires_day'),
    /** Millionths of a US dollar. */
    costMicros: bigint('cost_micros', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.entityId, t.recordedAt, t.ordinal] }), ownRows()],
);

/** The current value of each field: a projection of observation, one row per entity. */
export const account = pgTable(
  'account',
  {
    workspaceId: workspaceId(),
    id: uuid('id').notNull(),
    domain: text('domain'),
    name: text('name'),
    /** Normalised name for search. */
    nameKey: text('name_key'),
    fields: jsonb('fields').notNull(),
    /** First UTC day on which a current value expires: from then on the projection must be derived again. */
    staleDay: integer('stale_day'),
    createdAt: instant('created_at').notNull(),
    /** recorded_at of the latest write that changed what is known of it (fields, people; not its events). */
    changedAt: instant('changed_at').notNull(),
    /** The account that this one was merged into and answers as: an alias. Null for one that stands for itself. */
    mergedInto: uuid('merged_into'),
    /** Of one that others were merged into: what its own facts say, '' for nothing; without `own_` it is what all of them say. */
    ownDomain: text('own_domain'),
    ownNameKey: text('own_name_key'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index('account_by_domain').on(t.workspaceId, t.domain),
    index('account_by_name').on(t.workspaceId, t.nameKey),
    index('account_by_change').on(t.workspaceId, t.changedAt),
    index('account_stale').on(t.workspaceId, t.staleDay).where(sql`stale_day is not null`),
    index('account_by_own_name').on(t.workspaceId, t.ownNameKey).where(sql`own_name_key is not null`),
    index('account_merged').on(t.workspaceId, t.mergedInto, t.id).where(sql`merged_into is not null`),
    ownRows(),
  ],
);

export const person = pgTable(
  'person',
  {
    workspaceId: workspaceId(),
    id: uuid('id').notNull(),
    email: text('email'),
    /** Registrable domain of the e-mail; null for a free-mail one. */
    domain: text('domain'),
    name: text('name'),
    nameKey: text('name_key'),
    /** The account the person belongs to today: projection of person_account; of an alias, its entity's. */
    accountId: uuid('account_id'),
    fields: jsonb('fields').notNull(),
    staleDay: integer('stale_day'),
    createdAt: instant('created_at').notNull(),
    changedAt: instant('changed_at').notNull(),
    /** The person that this one was merged into and answers as: an alias. Null for one that stands for itself. */
    mergedInto: uuid('merged_into'),
    /** Of one that others were merged into: what its own facts say, '' for nothing; without `own_` it is what all of them say. */
    ownEmail: text('own_email'),
    ownDomain: text('own_domain'),
    ownNameKey: text('own_name_key'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index('person_by_email').on(t.workspaceId, t.email),
    index('person_by_domain').on(t.workspaceId, t.domain),
    index('person_by_name').on(t.workspaceId, t.nameKey),
    index('person_by_account').on(t.workspaceId, t.accountId),
    index('person_by_change').on(t.workspaceId, t.changedAt),
    index('person_stale').on(t.workspaceId, t.staleDay).where(sql`stale_day is not null`),
    index('person_merged').on(t.workspaceId, t.mergedInto, t.id).where(sql`merged_into is not null`),
    index('person_by_own_email').on(t.workspaceId, t.ownEmail).where(sql`own_email is not null`),
    index('person_by_own_name').on(t.workspaceId, t.ownNameKey).where(sql`own_name_key is not null`),
    index('person_by_own_domain').on(t.workspaceId, t.ownDomain).where(sql`own_domain is not null`),
    ownRows(),
  ],
);

export const opportunity = pgTable(
  'opportunity',
  {
    workspaceId: workspaceId(),
    id: uuid('id').notNull(),
    name: text('name'),
    nameKey: text('name_key'),
    accountId: uuid('account_id'),
    fields: jsonb('fields').notNull(),
    staleDay: integer('stale_day'),
    createdAt: instant('created_at').notNull(),
    changedAt: instant('changed_at').notNull(),
    /** The account that its record names, where that was merged into another; null when it is `account_id`. */
    namedAccountId: uuid('named_account_id'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index('opportunity_by_account').on(t.workspaceId, t.accountId),
    index('opportunity_by_named_account').on(t.workspaceId, t.namedAccountId).where(sql`named_account_id is not null`),
    index('opportunity_stale').on(t.workspaceId, t.staleDay).where(sql`stale_day is not null`),
    ownRows(),
  ],
);

/** Which account a registrable domain stands for, and when that was believed. */
export const accountDomain = pgTable(
  'account_domain',
  {
    workspaceId: workspaceId(),
    domain: text('domain').notNull(),
    believedFrom: instant('believed_from').notNull(),
    believedTo: instant('believed_to'),
    accountId: uuid('account_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.domain, t.believedFrom] }),
    index('account_domain_by_account').on(t.workspaceId, t.accountId),
    ownRows(),
  ],
);

/** Which account a person belongs to, why, and when that was believed. */
export const personAccount = pgTable(
  'person_account',
  {
    workspaceId: workspaceId(),
    personId: uuid('person_id').notNull(),
    believedFrom: instant('believed_from').notNull(),
    believedTo: instant('believed_to'),
    accountId: uuid('account_id').notNull(),
    /** `record`: the source names the account. `domain`: the e-mail's registrable domain is the account's. `match`: a matcher found it. */
    evidence: text('evidence').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.personId, t.believedFrom] }),
    index('person_account_by_account').on(t.workspaceId, t.accountId),
    ownRows(),
  ],
);

/** One run of an import, and the file it read. */
export const importRun = pgTable(
  'import_run',
  {
    workspaceId: workspaceId(),
    id: uuid('id').notNull(),
    source: text('source').notNull(),
    kind: text('kind').notNull(),
    fileName: text('file_name').notNull(),
    fileSha256: text('file_sha256').notNull(),
    mappingHash: text('mapping_hash').notNull(),
    strict: boolean('strict').notNull(),
    /** running, done, cancelled, rejected */
    state: text('state').notNull(),
    report: jsonb('report').notNull(),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.id] }), index('import_run_by_file').on(t.workspaceId, t.fileSha256), ownRows()],
);

/** The mapping last used for a source, offered again at its next import. */
export const sourceMapping = pgTable(
  'source_mapping',
  {
    workspaceId: workspaceId(),
    source: text('source').notNull(),
    kind: text('kind').notNull(),
    mapping: jsonb('mapping').notNull(),
    recordedAt: instant('recorded_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.source, t.kind] }), ownRows()],
);
