import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { type Column, SqlParams } from '../kernel/sql-params.ts';
import type { RecordWrite } from './core/chunk.ts';
import type { Evidence } from './core/membership.ts';
import type { Entity } from './core/targets.ts';

/** Where a new person belongs. */
export interface Placement {
  personId: string;
  /** The account that the evidence names. */
  accountId: string;
  /** What that was merged into, or itself. */
  entityId: string;
  evidence: Evidence;
}

/** What a new entity has beside its fields. */
export interface NewEntity {
  nameKey: string | null;
  /** Of a person: registrable domain of the e-mail. */
  domain: string | null;
  placement: Placement | undefined;
}

const MADE: Readonly<Record<Entity, { columns: string; values: string }>> = {
  account: { columns: 'domain, name, name_key', values: `r."values"->>'domain', r."values"->>'name', r.name_key` },
  person: {
    columns: 'email, domain, account_id, name, name_key',
    values: `r."values"->>'email', r.domain, r.account_id, r."values"->>'name', r.name_key`,
  },
  opportunity: { columns: 'name, name_key', values: `r."values"->>'name', r.name_key` },
};

/**
 * Keeps the source records of rows; of those about an entity its name at the source and its facts, and of new entities of which
 * nothing else is said their golden record, which is that, and where they belong. One set of rows, read once, into four tables or five.
 */
export async function insertRecords(
  tx: Tx,
  ctx: Context,
  records: readonly RecordWrite[],
  options: { source: string; importId: string | null; at: string; entity: Entity; beside: (record: RecordWrite) => NewEntity | undefined },
): Promise<void> {
  if (records.length === 0) return;
  const { columns, values } = MADE[options.entity];
  // looking for a conflict costs a fifth of an insert
  const areNew = records.every((r) => r.isNew);
  const renamed = areNew
    ? ''
    : 'on conflict (workspace_id, kind, source, external_id) do update set entity_id = excluded.entity_id, digest = excluded.digest';
  const again = areNew ? '' : 'on conflict do nothing';
  const params = new SqlParams();
  const isPeople = options.entity === 'person';
  const rows = params.rows('r', columnsOf(records, options.beside, isPeople));
  const ws = params.add(ctx.workspaceId);
  const source = params.add(options.source);
  const at = `${params.add(options.at)}::timestamptz`;
  const placed = `placed as (
       insert into person_account (workspace_id, person_id, believed_from, account_id, evidence)
       select ${ws}, r.entity_id, ${at}, r.named_id, r.evidence from r where r.evidence is not null
     ), `;
  await tx.query(
    `with r as materialized (select * from ${rows} order by entity_id), named as (
       insert into external_ref (workspace_id, kind, source, external_id, entity_id, digest)
       select ${ws}, r.kind, ${source}, r.external_id, r.entity_id, r.digest from r where r.digest is not null
       ${renamed}
     ), observed as (
       insert into observation (workspace_id, entity_id, recorded_at, ordinal, kind, source, source_record_id, "values", confidence,
         observed_at, observed_day, expires_day, cost_micros)
       select ${ws}, r.entity_id, ${at}, r.ordinal, r.kind, ${source}, r.id, r."values", 10000, r.observed_at,
         (r.observed_at at time zone 'UTC')::date - date '1970-01-01', null, 0
       from r where r."values" is not null
     ), made as (
       insert into ${options.entity} (workspace_id, id, fields, created_at, changed_at, ${columns})
       select ${ws}, r.entity_id, coalesce(r."values", '{}'), ${at}, ${at}, ${values} from r where r.is_new
     ), ${isPeople ? placed : ''}kept as (
       insert into source_record (workspace_id, id, source, kind, external_id, payload, import_id, line, recorded_at)
       select ${ws}, r.id, ${source}, r.kind, r.external_id, r.payload, ${params.add(options.importId)}::uuid, r.line, ${at} from r order by r.id
       ${again}
     )
     select 1`,
    params.values,
  );
}

function columnsOf(
  records: readonly RecordWrite[],
  beside: (record: RecordWrite) => NewEntity | undefined,
  isPeople: boolean,
): Record<string, Column> {
  const fresh = records.map(beside);
  const hasValues = (r: RecordWrite) => r.entityId !== null && r.values !== null;
  return {
    id: ['uuid', records.map((r) => r.id)],
    kind: ['text', records.map((r) => r.kind)],
    external_id: ['text', records.map((r) => r.externalId)],
    payload: ['json', records.map((r) => r.payload)],
    line: ['int', records.map((r) => String(r.line))],
    entity_id: ['uuid', records.map((r) => r.entityId)],
    digest: ['text', records.map((r) => (r.entityId === null ? null : r.digest))],
    values: ['jsonb', records.map((r) => (hasValues(r) ? r.valuesText : null))],
    observed_at: ['timestamptz', records.map((r) => (hasValues(r) ? new Date(r.observedAt).toISOString() : null))],
    ordinal: ['int', records.map((r) => String(r.ordinal))],
    is_new: ['boolean', fresh.map((made) => String(made !== undefined))],
    name_key: ['text', fresh.map((made) => made?.nameKey ?? null)],
    ...(isPeople && {
      domain: ['text', fresh.map((made) => made?.domain ?? null)],
      account_id: ['uuid', fresh.map((made) => made?.placement?.entityId ?? null)],
      named_id: ['uuid', fresh.map((made) => made?.placement?.accountId ?? null)],
      evidence: ['text', fresh.map((made) => made?.placement?.evidence ?? null)],
    }),
  };
}
