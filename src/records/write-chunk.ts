import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MergePolicy } from '../definitions/core/merge-policy.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { Chunk, ObservationWrite, RecordWrite, Writes } from './core/chunk.ts';
import { type Newcomer, newcomers } from './core/new-entities.ts';
import type { Entity } from './core/targets.ts';
import { besideFields, insertEntities, placements } from './insert-entities.ts';
import { insertRecords, type Placement } from './insert-records.ts';
import type { Merged } from './load-aliases.ts';
import { projectFields } from './project-fields.ts';
import { setOpportunityAccounts } from './set-opportunity-accounts.ts';
import { settleDevices } from './settle-devices.ts';
import { settleEvents } from './settle-events.ts';
import { openMemberships, settleMemberships, touchAccounts, touchEntities } from './settle-memberships.ts';
import { writeEvents } from './write-events.ts';

const ENTITIES = ['account', 'person', 'opportunity'] as const;

export interface WriteOptions {
  source: string;
  importId: string | null;
  recordedAt: Date;
  policy: MergePolicy;
  /** What the rows' own records are about; of events, nothing. */
  entity: Entity;
  merged: Merged;
}

/**
 * Writes what a chunk comes to, a statement a table, and derives what depends on it: golden values, memberships, the accounts that
 * events count for. One transaction, after its tick of the knowledge clock. Rows' own records can be sent while others are still
 * planned, so that the database does not wait for the program, nor the program for it.
 */
export class ChunkWriter {
  readonly #tx: Tx;
  readonly #ctx: Context;
  readonly #chunk: Chunk;
  readonly #options: WriteOptions;
  readonly #at: string;
  readonly #placed = new Map<string, Placement>();
  /** Entities that their own record made. */
  readonly #made = new Set<string>();
  readonly #sent: Promise<void>[] = [];

  constructor(tx: Tx, ctx: Context, chunk: Chunk, options: WriteOptions) {
    this.#tx = tx;
    this.#ctx = ctx;
    this.#chunk = chunk;
    this.#options = options;
    this.#at = options.recordedAt.toISOString();
  }

  /** Sends rows' own records. A failure is told by `finish`. */
  async send(records: readonly RecordWrite[]): Promise<void> {
    if (records.length === 0) return;
    const { entity, source, importId } = this.#options;
    const made = new Map(
      records.flatMap((record): [RecordWrite, Newcomer][] =>
        record.creates && record.entityId !== null ? [[record, { id: record.entityId, values: record.values ?? {}, record }]] : [],
      ),
    );
    for (const { id } of made.values()) this.#made.add(id);
    if (entity === 'person') await this.#place([...made.values()]);
    const beside = (record: RecordWrite) => {
      const newcomer = made.get(record);
      return newcomer === undefined ? undefined : besideFields(entity, newcomer, this.#chunk.writes, this.#placed);
    };
    await this.#start(() => insertRecords(this.#tx, this.#ctx, records, { source, importId, at: this.#at, entity, beside }));
  }

  /** Writes the rest, once every row is planned and sent. */
  async finish(): Promise<void> {
    const tx = this.#tx;
    const ctx = this.#ctx;
    const at = this.#at;
    const { writes } = this.#chunk;
    const fresh = new Map(ENTITIES.map((entity) => [entity, newcomers(entity, writes)]));
    const others = (entity: Entity) => (fresh.get(entity) ?? []).filter(({ id }) => !this.#made.has(id));
    await this.#place(others('person'));
    await this.#start(() => insertClaims(tx, ctx, writes, at));
    await this.#start(() => insertRefs(tx, ctx, writes));
    await this.#start(() => insertObservations(tx, ctx, writes.observations, this.#options));
    for (const entity of ENTITIES) {
      await this.#start(() => insertEntities(tx, ctx, entity, others(entity), { writes, placed: this.#placed, at }));
    }
    const placed = [...this.#placed.values()];
    const beside = placed.filter(({ personId }) => !this.#made.has(personId));
    await this.#start(() => openMemberships(tx, ctx, beside, at));
    await this.#start(() => touchAccounts(tx, ctx, [...new Set(placed.map(({ accountId }) => accountId))], at));
    // an entity of which one thing was said needs no more
    const complete = new Set([...fresh.values()].flat().flatMap(({ id, values }) => (values === null ? [] : [id])));
    try {
      await this.#derive(complete);
    } finally {
      // the first that failed says why; those after it only that it did
      await Promise.all(this.#sent);
    }
  }

  /** Derives what depends on what was sent, of all but the entities that are complete. */
  async #derive(complete: ReadonlySet<string>): Promise<void> {
    const tx = this.#tx;
    const ctx = this.#ctx;
    const at = this.#at;
    const { writes } = this.#chunk;
    const { recordedAt, policy, source, merged } = this.#options;
    const claimed = [...writes.claims.keys()];
    for (const kind of ENTITIES) {
      const ids = idsObserved(kind, writes).filter((id) => !complete.has(id));
      await projectFields(tx, ctx, { entity: kind, ids, policy, recordedAt, mailDomains: writes.mailDomains, merged });
    }
    const people = [...new Set([...idsObserved('person', writes), ...writes.members.keys()])].filter((id) => !complete.has(id));
    const moved = await settleMemberships(tx, ctx, { people, named: writes.members, claimed, at, merged });
    await setOpportunityAccounts(tx, ctx, writes.opportunityAccounts, { at, merged: merged.account });
    const devices = await writeEvents(tx, ctx, writes.events, { source, at, merged: merged.account });
    await settleEvents(tx, ctx, { people: moved, domains: claimed }, merged.account);
    await settleDevices(tx, ctx, devices, { at, merged: merged.account });
    await touchEntities(tx, ctx, merged, at);
  }

  /** Statements do not wait for each other: while the database works on one, the next is put together. They take effect in their order. */
  async #start(statement: () => Promise<void>): Promise<void> {
    const running = statement();
    // it is awaited in the end; until then its failure is nobody's
    running.catch(() => {});
    this.#sent.push(running);
    await nextTurn();
  }

  async #place(people: readonly Newcomer[]): Promise<void> {
    const { merged } = this.#options;
    const { writes, known } = this.#chunk;
    for (const [id, placement] of await placements(this.#tx, this.#ctx, people, writes, {
      claims: known.claims,
      shared: known.sharedDomains,
      merged,
    })) {
      this.#placed.set(id, placement);
    }
  }
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
