import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, smallint, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant, ownRows, text, workspaceId } from './columns.ts';

const micros = (name: string) => bigint(name, { mode: 'number' });

/** The ledger: a row a request to a provider, written before it goes out (docs/decisions/enrichment-ledger.md). */
export const providerCall = pgTable(
  'provider_call',
  {
    workspaceId: workspaceId(),
    id: uuid('id').notNull(),
    runId: uuid('run_id').notNull(),
    kind: text('kind').notNull(),
    entityId: uuid('entity_id').notNull(),
    provider: text('provider').notNull(),
    /** Hash of provider, version of its description and what it is asked with. */
    key: text('key').notNull(),
    fields: jsonb('fields').notNull(),
    /** reserved: may be out. waiting: the vendor is at work. unknown: may have been billed. settled: the price is known. */
    state: text('state').notNull(),
    reservedMicros: micros('reserved_micros').notNull(),
    /** Null until it is known. */
    chargedMicros: micros('charged_micros'),
    /** UTC day of the request, on which its price counts. */
    day: integer('day').notNull(),
    requestedAt: instant('requested_at').notNull(),
    /** From then on a reserved call whose process said nothing more counts as unknown. */
    staleAt: instant('stale_at').notNull(),
    answeredAt: instant('answered_at'),
    outcome: text('outcome'),
    latencyMs: integer('latency_ms'),
    /** Fields for which its value was the one taken. */
    usable: smallint('usable').notNull(),
    /** What to ask an asynchronous vendor with. */
    resume: text('resume'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    // one call that may be out for one question, whichever process asks
    uniqueIndex('provider_call_open').on(t.workspaceId, t.key).where(sql`state <> 'settled'`),
    index('provider_call_by_run').on(t.workspaceId, t.runId),
    index('provider_call_by_day').on(t.workspaceId, t.day, t.provider),
    ownRows(),
  ],
);

/** What is held and what was charged, by what has a ceiling: the workspace, a day, a run, a record of a run. */
export const spending = pgTable(
  'spending',
  {
    workspaceId: workspaceId(),
    scope: text('scope').notNull(),
    name: text('name').notNull(),
    /** Reserved, waiting and unknown. */
    heldMicros: micros('held_micros').notNull(),
    chargedMicros: micros('charged_micros').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.scope, t.name] }), ownRows()],
);

/** What a provider last said to one question, a row a field: the cache. A field that it did not have is kept too, for a shorter time. */
export const providerValue = pgTable(
  'provider_value',
  {
    workspaceId: workspaceId(),
    key: text('key').notNull(),
    field: text('field').notNull(),
    provider: text('provider').notNull(),
    callId: uuid('call_id').notNull(),
    /** The answer was a hit, with this field or without it. */
    outcome: text('outcome').notNull(),
    /** What was provided, as the port gives it; null: nothing. */
    value: jsonb('value'),
    answeredAt: instant('answered_at').notNull(),
    freshUntil: instant('fresh_until').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.key, t.field] }), index('provider_value_by_call').on(t.workspaceId, t.callId), ownRows()],
);

/** What was learned of providers: whole numbers that add up, by segment, field and period. */
export const providerStatistic = pgTable(
  'provider_statistic',
  {
    workspaceId: workspaceId(),
    provider: text('provider').notNull(),
    segment: text('segment').notNull(),
    field: text('field').notNull(),
    period: integer('period').notNull(),
    calls: bigint('calls', { mode: 'number' }).notNull(),
    exposure: bigint('exposure', { mode: 'number' }).notNull(),
    hits: bigint('hits', { mode: 'number' }).notNull(),
    failures: bigint('failures', { mode: 'number' }).notNull(),
    latency: bigint('latency', { mode: 'number' }).notNull(),
    latencySquares: bigint('latency_squares', { mode: 'number' }).notNull(),
    asked: bigint('asked', { mode: 'number' }).notNull(),
    given: bigint('given', { mode: 'number' }).notNull(),
    contested: bigint('contested', { mode: 'number' }).notNull(),
    confirmed: bigint('confirmed', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.provider, t.segment, t.field, t.period] }), ownRows()],
);

/** What a run found of a field of a record, also what was not sure enough to be a fact: who says so, and what lost. Append-only. */
export const enrichedField = pgTable(
  'enriched_field',
  {
    workspaceId: workspaceId(),
    entityId: uuid('entity_id').notNull(),
    field: text('field').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    runId: uuid('run_id').notNull(),
    value: jsonb('value').notNull(),
    /** In ten-thousandths. */
    confidence: integer('confidence').notNull(),
    /** It became a fact. */
    written: boolean('written').notNull(),
    providers: jsonb('providers').notNull(),
    /** The values that lost: value, confidence, providers. */
    otherValues: jsonb('other_values').notNull(),
    observedAt: instant('observed_at').notNull(),
    /** First UTC day on which it no longer counts. */
    expiresDay: integer('expires_day').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.entityId, t.field, t.recordedAt] }), ownRows()],
);
