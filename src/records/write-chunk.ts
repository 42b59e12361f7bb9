import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { ObservationWrite, Writes } from './core/chunk.ts';
import { nameKey } from './core/name-key.ts';
import type { Entity } from './core/targets.ts';
import { projectFields } from './project-fields.ts';
import { settleEvents } from './settle-events.ts';
import { settleMemberships } from './settle-memberships.ts';
import { writeEvents } from './write-events.ts';

export interface WriteOptions {
  source: string;
  importId: string | null;
  recordedAt: Date;
  /** The taxonomy's sources, best first. */
  sources: readonly string[];
}

/**
 * Writes what a chunk came to, a statement a table, and derives what depends on it: golden values, memberships, the accounts that
 * events count for. One transaction, after its tick of the knowledge clock.
 */
export async function writeChunk(tx: Tx, ctx: Context, writes: Writes, options: WriteOptions): Promise<void> {
  const at = options.recordedAt.toISOString();
  await insertRecords(tx, ctx, writes, options);
  await insertRefs(tx, ctx, writes);
  await insertObservations(tx, ctx, writes.observations, options);
  for (const entity of ['account', 'person', 'opportunity'] as const) await insertEntities(tx, ctx, entity, writes, at);
  for (const entity of ['account', 'person', 'opportunity'] as const) {
    await projectFields(tx, ctx, {
      entity,
      ids: toProject(entity, writes),
      sources: options.sources,
      recordedAt: options.recordedAt,
      mailDomains: writes.mailDomains,
    });
  }
  await insertClaims(tx, ctx, writes, at);
  const people = distinctIds([...writes.created.person, ...ofKind('person', writes), ...writes.members.keys()]);
  const moved = await settleMemberships(tx, ctx, { people, named: writes.members, claimed: [...writes.claims.keys()], at });
  await setOpportunityAccounts(tx, ctx, writes, at);
  await writeEvents(tx, ctx, writes.events, { source: options.source, at });
  await settleEvents(tx, ctx, { people: moved, domains: [...writes.claims.keys()] });
}

async function insertRecords(tx: Tx, ctx: Context, writes: Writes, options: WriteOptions): Promise<void> {
  if (writes.records.length === 0) return;
  await tx.query(
    `insert into source_record (workspace_id, id, source, kind, external_id, payload, import_id, line, recorded_at)
     select $1, r.id, $2, r.kind, r.external_id, r.payload, $3::uuid, r.line, $4::timestamptz
     from json_to_recordset($5::text::json) as r(id uuid, kind text, external_id text, payload text, line int)
     on conflict do nothing`,
    [
      ctx.workspaceId,
      options.source,
      options.importId,
      options.recordedAt.toISOString(),
      JSON.stringify(writes.records.map((r) => ({ id: r.id, kind: r.kind, external_id: r.externalId, payload: r.payload, line: r.line }))),
    ],
  );
}

async function insertRefs(tx: Tx, ctx: Context, writes: Writes): Promise<void> {
  if (writes.refs.size === 0) return;
  await tx.query(
    `insert into external_ref (workspace_id, kind, source, external_id, entity_id, digest)
     select $1, r.kind, r.source, r.external_id, r.entity_id, r.digest
     from json_to_recordset($2::text::json) as r(kind text, source text, external_id text, entity_id uuid, digest text)
     on conflict (workspace_id, kind, source, external_id) do update set entity_id = excluded.entity_id, digest = excluded.digest`,
    [
      ctx.workspaceId,
      JSON.stringify(
        [...writes.refs.values()].map(({ kind, source, externalId, ref }) => ({
          kind,
          source,
          external_id: externalId,
          entity_id: ref.entityId,
          digest: ref.digest,
        })),
      ),
    ],
  );
}

async function insertObservations(tx: Tx, ctx: Context, observations: readonly ObservationWrite[], options: WriteOptions): Promise<void> {
  if (observations.length === 0) return;
  await tx.query(
    `insert into observation (workspace_id, entity_id, recorded_at, ordinal, kind, source, source_record_id, "values", confidence,
       observed_at, observed_day, expires_day, cost_micros)
     select $1, o.entity_id, $2::timestamptz, o.ordinal, o.kind, $3, o.record_id, o."values", 10000, o.observed_at, o.observed_day, null, 0
     from json_to_recordset($4::text::json) as o(entity_id uuid, ordinal int, kind text, record_id uuid, "values" jsonb, observed_at timestamptz, observed_day int)`,
    [
      ctx.workspaceId,
      options.recordedAt.toISOString(),
      options.source,
      JSON.stringify(
        observations.map((o) => {
          const observedAt = new Date(o.observedAt);
          return {
            entity_id: o.entityId,
            ordinal: o.ordinal,
            kind: o.kind,
            record_id: o.recordId,
            values: o.values,
            observed_at: observedAt.toISOString(),
            observed_day: dayOf(observedAt),
          };
        }),
      ),
    ],
  );
}

/** New entities; one of which a single thing was said is its own golden record. */
async function insertEntities(tx: Tx, ctx: Context, entity: Entity, writes: Writes, at: string): Promise<void> {
  const created = writes.created[entity];
  if (created.size === 0) return;
  const said = saidOnce(entity, writes);
  const rows = [...created].map((id) => {
    const fields = said.get(id)?.values ?? {};
    const name = typeof fields.name === 'string' ? fields.name : null;
    const email = typeof fields.email === 'string' ? fields.email : null;
    return {
      id,
      fields,
      name,
      name_key: name === null ? null : nameKey(name),
      domain: entity === 'person' ? (email === null ? null : (writes.mailDomains.get(email) ?? null)) : (fields.domain ?? null),
      email,
    };
  });
  const columns = { account: 'domain, name, name_key', person: 'email, domain, name, name_key', opportunity: 'name, name_key' }[entity];
  await tx.query(
    `insert into ${entity} (workspace_id, id, fields, created_at, changed_at, ${columns})
     select $1, r.id, r.fields, $2::timestamptz, $2::timestamptz, ${columns.replace(/\w+/g, 'r.$&')}
     from json_to_recordset($3::text::json) as r(id uuid, fields jsonb, domain text, email text, name text, name_key text)
     on conflict do nothing`,
    [ctx.workspaceId, at, JSON.stringify(rows)],
  );
}

function ofKind(entity: Entity, writes: Writes): string[] {
  return writes.observations.filter((o) => o.kind === entity).map((o) => o.entityId);
}

/** New entities with one observation. */
function saidOnce(entity: Entity, writes: Writes): Map<string, ObservationWrite> {
  const once = new Map<string, ObservationWrite>();
  const more = new Set<string>();
  for (const observation of writes.observations) {
    const id = observation.entityId;
    if (observation.kind !== entity || !writes.created[entity].has(id) || more.has(id)) continue;
    if (once.delete(id)) more.add(id);
    else once.set(id, observation);
  }
  return once;
}

/** Entities whose golden values must be derived: those there before, and new ones of which more than one thing was said. */
function toProject(entity: Entity, writes: Writes): string[] {
  const once = saidOnce(entity, writes);
  return distinctIds(ofKind(entity, writes).filter((id) => !once.has(id)));
}

async function insertClaims(tx: Tx, ctx: Context, writes: Writes, at: string): Promise<void> {
  if (writes.claims.size === 0) return;
  await tx.query(
    `insert into account_domain (workspace_id, domain, believed_from, account_id)
     select $1, r.domain, $2::timestamptz, r.account_id from json_to_recordset($3::text::json) as r(domain text, account_id uuid)`,
    [ctx.workspaceId, at, JSON.stringify([...writes.claims].map(([domain, account_id]) => ({ domain, account_id })))],
  );
}

async function setOpportunityAccounts(tx: Tx, ctx: Context, writes: Writes, at: string): Promise<void> {
  if (writes.opportunityAccounts.size === 0) return;
  const params = new SqlParams();
  await tx.query(
    `update opportunity o set account_id = r.account_id, changed_at = ${params.add(at)}::timestamptz
     from json_to_recordset(${params.add(JSON.stringify([...writes.opportunityAccounts].map(([id, account_id]) => ({ id, account_id }))))}::text::json)
       as r(id uuid, account_id uuid)
     where o.workspace_id = ${params.add(ctx.workspaceId)} and o.id = r.id and o.account_id is distinct from r.account_id`,
    params.values,
  );
}

function distinctIds(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
