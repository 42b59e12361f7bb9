import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { EventWrite } from './core/chunk.ts';
import { whomToday } from './core/whom-sql.ts';

/** Appends events; one that is there already with other content is corrected: the old row is believed until now. */
export async function writeEvents(
  tx: Tx,
  ctx: Context,
  events: ReadonlyMap<string, EventWrite>,
  options: { source: string; at: string; merged: boolean },
): Promise<void> {
  if (events.size === 0) return;
  const corrected = [...events.values()].filter((e) => e.corrects).map((e) => e.id);
  if (corrected.length > 0) {
    const params = new SqlParams();
    const at = `${params.add(options.at)}::timestamptz`;
    await tx.query(
      `update event set superseded_at = ${at} where workspace_id = ${params.add(ctx.workspaceId)}
       and id = any(${params.uuids(corrected)}) and superseded_at is null and recorded_at < ${at}`,
      params.values,
    );
  }
  const rows = [...events.values()].map((e) => {
    const occurredAt = new Date(e.occurredAt);
    return {
      id: e.id,
      external_id: e.externalId,
      type: e.type,
      occurred_at: occurredAt.toISOString(),
      occurred_day: dayOf(occurredAt),
      person_id: e.personId,
      named_account_id: e.namedAccountId,
      domain: e.domain,
      record_id: e.recordId,
      attributes: e.attributes,
    };
  });
  const { joins, personId, accountId } = whomToday({ ws: '$1', event: 'r', node: 'r.person_id', merged: options.merged });
  await tx.query(
    `insert into event (workspace_id, id, recorded_at, source, external_id, type, occurred_at, occurred_day, person_id, named_person_id,
       named_account_id, domain, account_id, source_record_id, attributes)
     select $1, r.id, $2::timestamptz, $3, r.external_id, r.type, r.occurred_at, r.occurred_day, ${personId},
       case when p.merged_into is not null then r.person_id end, r.named_account_id, r.domain, ${accountId}, r.record_id, r.attributes
     from jsonb_to_recordset($4::text::jsonb) as r(id uuid, external_id text, type text, occurred_at timestamptz, occurred_day int, person_id uuid,
       named_account_id uuid, domain text, record_id uuid, attributes jsonb)
     ${joins}
     on conflict (workspace_id, id, recorded_at) do update set type = excluded.type, occurred_at = excluded.occurred_at,
       occurred_day = excluded.occurred_day, person_id = excluded.person_id, named_person_id = excluded.named_person_id, named_account_id = excluded.named_account_id, domain = excluded.domain,
       account_id = excluded.account_id, source_record_id = excluded.source_record_id, attributes = excluded.attributes`,
    [ctx.workspaceId, options.at, options.source, JSON.stringify(rows)],
  );
}
