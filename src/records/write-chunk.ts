import { pipelined } from '../db/pipelined.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { ObservationWrite, RecordWrite, Writes } from './core/chunk.ts';
import { newcomers } from './core/new-entities.ts';
import type { Entity } from './core/targets.ts';
import { besideFields, insertEntities, placements } from './insert-entities.ts';
import { insertRecords } from './insert-records.ts';
import { anyMerged } from './load-aliases.ts';
import { projectFields } from './project-fields.ts';
import { setOpportunityAccounts } from './set-opportunity-accounts.ts';
import { settleEvents } from './settle-events.ts';
import { openMemberships, settleMemberships, touchEntities } from './settle-memberships.ts';
import { writeEvents } from './write-events.ts';

const ENTITIES = ['account', 'person', 'opportunity'] as const;

/** Records a statement: while the database takes some in, the next are put together. The first are few, so that it begins soon. */
const FIRST_SLICE = 250;
const SLICE = 1_000;

export interface WriteOptions {
  source: string;
  importId: string | null;
  recordedAt: Date;
  /** The taxonomy's sources, best first. */
  sources: readonly string[];
  /** Called when the database has much to do and the caller nothing. */
  meanwhile?: (() => void) | undefined;
}

/**
 * Writes what a chunk came to, a statement a table, and derives what depends on it: golden values, memberships, the accounts that
 * events count for. One transaction, after its tick of the knowledge clock.
 */
export async function writeChunk(tx: Tx, ctx: Context, writes: Writes, options: WriteOptions): Promise<void> {
  const { recordedAt, sources, source, importId } = options;
  const at = recordedAt.toISOString();
  const claimed = [...writes.claims.keys()];
  const merged = await anyMerged(tx, ctx);
  const fresh = new Map(ENTITIES.map((entity) => [entity, newcomers(entity, writes)]));
  const placed = await placements(tx, ctx, fresh.get('person') ?? [], writes, merged);
  const entity = ENTITIES.find((kind) => kind === writes.records[0]?.kind) ?? 'account';
  const made = new Map(
    (fresh.get(entity) ?? []).flatMap((newcomer) => (newcomer.record === undefined ? [] : [[newcomer.record, newcomer]])),
  );
  const beside = (record: RecordWrite) => {
    const newcomer = made.get(record);
    return newcomer === undefined ? undefined : besideFields(entity, newcomer, writes, placed);
  };
  const slices = slicesOf(writes.records);
  await pipelined([
    () => insertClaims(tx, ctx, writes, at),
    ...slices.map((records) => () => insertRecords(tx, ctx, records, { source, importId, at, entity, beside })),
    () => insertRefs(tx, ctx, writes),
    () => insertObservations(tx, ctx, writes.observations, options),
    ...ENTITIES.map((kind) => () => {
      const others = (fresh.get(kind) ?? []).filter((newcomer) => newcomer.record === undefined);
      return insertEntities(tx, ctx, kind, others, { writes, placed, at });
    }),
    () => openMemberships(tx, ctx, [...placed.values()], at),
    async () => options.meanwhile?.(),
  ]);

  // an entity of which one thing was said needs no more
  const complete = new Set([...fresh.values()].flat().flatMap(({ id, values }) => (values === null ? [] : [id])));
  for (const kind of ENTITIES) {
    const ids = idsObserved(kind, writes).filter((id) => !complete.has(id));
    await projectFields(tx, ctx, { entity: kind, ids, sources, recordedAt, mailDomains: writes.mailDomains, merged });
  }
  const people = [...new Set([...idsObserved('person', writes), ...writes.members.keys()])].filter((id) => !complete.has(id));
  const moved = await settleMemberships(tx, ctx, { people, named: writes.members, claimed, at, merged });
  await setOpportunityAccounts(tx, ctx, writes.opportunityAccounts, { at, merged: merged.account });
  await writeEvents(tx, ctx, writes.events, { source, at, merged: merged.account });
  await settleEvents(tx, ctx, { people: moved, domains: claimed }, merged.account);
  await touchEntities(tx, ctx, merged, at);
}

function slicesOf<T>(items: readonly T[]): T[][] {
  const slices = [items.slice(0, FIRST_SLICE)];
  for (let from = FIRST_SLICE; from < items.length; from += SLICE) slices.push(items.slice(from, from + SLICE));
  return slices;
}

/** Entities of which something was said. */
function idsObserved(entity: Entity, writes: Writes): string[] {
  const own = writes.records.flatMap((r) => (r.kind === entity && r.values !== null && r.entityId !== null ? [r.entityId] : []));
  return [...new Set([...own, ...writes.observations.filter((o) => o.kind === entity).map((o) => o.entityId)])];
}

async function insertRefs(tx: Tx, ctx: Context, writes: Writes): Promise<void> {
  if (writes.refs.size === 0) return;
  const refs = [...writes.refs.values()];
  const params = new SqlParams();
  await tx.query(
    `insert into external_ref (workspace_id, kind, source, external_id, entity_id, digest)
     select ${params.add(ctx.workspaceId)}, r.kind, r.source, r.external_id, r.entity_id, r.digest
     from ${params.rows('r', {
       kind: ['text', refs.map((r) => r.kind)],
       source: ['text', refs.map((r) => r.source)],
       external_id: ['text', refs.map((r) => r.externalId)],
       entity_id: ['uuid', refs.map((r) => r.ref.entityId)],
       digest: ['text', refs.map((r) => r.ref.digest)],
     })}
     on conflict (workspace_id, kind, source, external_id) do update set entity_id = excluded.entity_id, digest = excluded.digest`,
    params.values,
  );
}

async function insertObservations(tx: Tx, ctx: Context, observations: readonly ObservationWrite[], options: WriteOptions): Promise<void> {
  if (observations.length === 0) return;
  const params = new SqlParams();
  const observedAt = observations.map((o) => new Date(o.observedAt));
  await tx.query(
    `insert into observation (workspace_id, entity_id, recorded_at, ordinal, kind, source, source_record_id, "values", confidence,
       observed_at, observed_day, expires_day, cost_micros)
     select ${params.add(ctx.workspaceId)}, o.entity_id, ${params.add(options.recordedAt.toISOString())}::timestamptz, o.ordinal, o.kind,
       ${params.add(options.source)}, o.record_id, o."values", 10000, o.observed_at, o.observed_day, null, 0
     from ${params.rows('o', {
       entity_id: ['uuid', observations.map((o) => o.entityId)],
       ordinal: ['int', observations.map((o) => String(o.ordinal))],
       kind: ['text', observations.map((o) => o.kind)],
       record_id: ['uuid', observations.map((o) => o.recordId)],
       values: ['jsonb', observations.map((o) => JSON.stringify(o.values))],
       observed_at: ['timestamptz', observedAt.map((at) => at.toISOString())],
       observed_day: ['int', observedAt.map((at) => String(dayOf(at)))],
     })}`,
    params.values,
  );
}

async function insertClaims(tx: Tx, ctx: Context, writes: Writes, at: string): Promise<void> {
  if (writes.claims.size === 0) return;
  const params = new SqlParams();
  await tx.query(
    `insert into account_domain (workspace_id, domain, believed_from, account_id)
     select ${params.add(ctx.workspaceId)}, r.domain, ${params.add(at)}::timestamptz, r.account_id
     from ${params.rows('r', { domain: ['text', [...writes.claims.keys()]], account_id: ['uuid', [...writes.claims.values()]] })}`,
    params.values,
  );
}
