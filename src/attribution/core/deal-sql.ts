import type { MergePolicy } from '../../definitions/core/merge-policy.ts';
import type { SqlParams } from '../../kernel/sql-params.ts';
import { WON } from '../../playbook/core/plays-sql.ts';
import { believedAt, entityJoin } from '../../records/core/belief-sql.ts';
import { goldenFieldsSql } from '../../records/core/golden-sql.ts';

/** Where statements find what was known at an instant; left out, they read the projections of today. */
export interface PastScope {
  /** ISO 8601. */
  knownAt: string;
  asOfDay: number;
  policy: MergePolicy;
}

interface DealScope {
  params: SqlParams;
  workspaceId: string;
  past: PastScope | undefined;
}

/**
 * A SELECT of (id, name, account_id, created, closed, won, amount, currency) of opportunities: `created` and `closed` are dates as text, `closed`
 * of one that is won or lost alone: its close date, else the day on which it was first seen so. `amount`: in hundredths, as text.
 */
export function dealsSql(scope: DealScope): string {
  const { params, workspaceId, past } = scope;
  const ws = params.add(workspaceId);
  const seen =
    past === undefined
      ? ''
      : `and v.recorded_at <= ${params.add(past.knownAt)}::timestamptz and v.observed_day <= ${params.add(past.asOfDay)}::int`;
  return `select o.id::text, o.name, o.account_id::text, o.fields ->> 'created_date' as created, ${WON} as won,
    case when ${WON} is not null then coalesce(o.fields ->> 'close_date', (
      select to_char(date '1970-01-01' + min(v.observed_day), 'YYYY-MM-DD') from observation v where v.workspace_id = ${ws} and v.entity_id = o.id ${seen}
        and (v."values" ->> 'stage' in ('closed_won', 'closed_lost') or v."values" -> 'is_closed' = 'true'::jsonb))) end as closed,
    case when jsonb_typeof(o.fields -> 'amount') = 'number' then round((o.fields ->> 'amount')::numeric * 100)::text end as amount,
    o.fields ->> 'currency' as currency
  from ${opportunities(scope, ws)} o`;
}

function opportunities({ params, workspaceId, past }: DealScope, ws: string): string {
  if (past === undefined) return `(select id, name, account_id, fields from opportunity where workspace_id = ${ws})`;
  const knownAt = `${params.add(past.knownAt)}::timestamptz`;
  const golden = goldenFieldsSql({
    params,
    workspaceId,
    entity: 'opportunity',
    entities: `o.entity_id = any(array(select p.id from opportunity p where p.workspace_id = ${ws}))`,
    policy: past.policy,
    knownAt,
    asOfDay: `${params.add(past.asOfDay)}::int`,
  });
  const named = 'coalesce(p.named_account_id, p.account_id)';
  return `(select p.id, g.fields ->> 'name' as name, coalesce(im.entity_id, ${named}) as account_id, coalesce(g.fields, '{}') as fields
    from opportunity p left join (${golden}) g on g.entity_id = p.id
    ${entityJoin('im', 'account', named, { ws, believed: believedAt(knownAt) })}
    where p.workspace_id = ${ws} and p.created_at <= ${knownAt})`;
}
