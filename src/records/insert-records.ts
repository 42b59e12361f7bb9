import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import type { RecordWrite } from './core/chunk.ts';
import type { Entity } from './core/targets.ts';

/** What a new entity has beside its fields. */
export interface NewEntity {
  nameKey: string | null;
  /** Of a person: registrable domain of the e-mail. */
  domain: string | null;
  accountId: string | null;
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
 * nothing else is said their golden record, which is that. One document, read once, into four tables: reading it is what costs.
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
  await tx.query(
    `with r as materialized (
       select * from jsonb_to_recordset($5::text::jsonb) as r(id uuid, kind text, external_id text, payload text, line int, entity_id uuid,
         digest text, "values" jsonb, observed_at timestamptz, ordinal int, is_new boolean, name_key text, domain text, account_id uuid)
     ), named as (
       insert into external_ref (workspace_id, kind, source, external_id, entity_id, digest)
       select $1, r.kind, $2, r.external_id, r.entity_id, r.digest from r where r.digest is not null
       ${renamed}
     ), observed as (
       insert into observation (workspace_id, entity_id, recorded_at, ordinal, kind, source, source_record_id, "values", confidence,
         observed_at, observed_day, expires_day, cost_micros)
       select $1, r.entity_id, $4::timestamptz, r.ordinal, r.kind, $2, r.id, r."values", 10000, r.observed_at,
         (r.observed_at at time zone 'UTC')::date - date '1970-01-01', null, 0
       from r where r."values" is not null
     ), made as (
       insert into ${options.entity} (workspace_id, id, fields, created_at, changed_at, ${columns})
       select $1, r.entity_id, coalesce(r."values", '{}'), $4::timestamptz, $4::timestamptz, ${values} from r where r.is_new
     ), kept as (
       insert into source_record (workspace_id, id, source, kind, external_id, payload, import_id, line, recorded_at)
       select $1, r.id, $2, r.kind, r.external_id, r.payload, $3::uuid, r.line, $4::timestamptz from r
       ${again}
     )
     select 1`,
    [ctx.workspaceId, options.source, options.importId, options.at, documentOf(records, options.beside)],
  );
}

/**
 * The rows as JSON text. An id, a kind or a digest needs no escape, and values are JSON already. The pieces are joined once: of
 * texts that are added to each other a tree is kept, which costs more than they do.
 */
function documentOf(records: readonly RecordWrite[], beside: (record: RecordWrite) => NewEntity | undefined): string {
  const pieces: string[] = [];
  for (const r of records) {
    pieces.push(pieces.length === 0 ? '[{"id":"' : '},{"id":"', r.id, '","kind":"', r.kind, '","line":', String(r.line));
    pieces.push(',"external_id":', JSON.stringify(r.externalId), ',"payload":', JSON.stringify(r.payload));
    if (r.entityId === null) continue;
    pieces.push(',"entity_id":"', r.entityId, '"');
    if (r.digest !== null) pieces.push(',"digest":"', r.digest, '"');
    if (r.values !== null) {
      const observedAt = new Date(r.observedAt).toISOString();
      pieces.push(',"values":', r.valuesText, ',"observed_at":"', observedAt, '","ordinal":', String(r.ordinal));
    }
    const fresh = beside(r);
    if (fresh === undefined) continue;
    pieces.push(
      ',"is_new":true,"name_key":',
      text(fresh.nameKey),
      ',"domain":',
      text(fresh.domain),
      ',"account_id":',
      text(fresh.accountId),
    );
  }
  pieces.push('}]');
  return pieces.join('');
}

function text(value: string | null): string {
  return value === null ? 'null' : JSON.stringify(value);
}
