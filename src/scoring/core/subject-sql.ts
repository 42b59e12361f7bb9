import type { SubjectKind } from '../../definitions/core/rubric.ts';
import type { SqlParams } from '../../kernel/sql-params.ts';
import { goldenFieldsSql } from '../../records/core/golden-sql.ts';
import type { EventColumns } from './event-columns.ts';

/** Which subjects a statement scores. */
export type Selection =
  | { ids: readonly string[] }
  /** UUIDs from `from` up to, not including, `to`; left open at either end. */
  | { from: string | undefined; to: string | undefined };

/** A what-if: the subject's known fields with some of them replaced. */
export interface Variant {
  accountFields: Readonly<Record<string, unknown>>;
  personFields: Readonly<Record<string, unknown>>;
}

/** Where the statement finds what is known. */
export type Source =
  /** The projections of today. */
  | { mode: 'today' }
  /** The logs, as they stood at an instant; golden values by the source ranks given. */
  | { mode: 'history'; knownAt: string; sources: readonly string[] }
  /** The projections of today for one subject, once for each variant of its fields. */
  | { mode: 'variants'; variants: readonly Variant[] };

export interface SubjectScope {
  params: SqlParams;
  kind: SubjectKind;
  workspaceId: string;
  selection: Selection;
  source: Source;
  /** SQL of the day number. */
  asOfDay: string;
}

/** The CTEs `subject` (id, account_id, variant, af, pf) and `engaged` (id and the event columns). */
export function subjectCtes(scope: SubjectScope, events: EventColumns, signals: EventColumns): string[] {
  const past = scope.source.mode === 'history' ? historyCtes(scope, scope.source.sources) : [];
  const ctes = [...past, `subject as (${subjectSql(scope)})`];
  ctes.push(`engaged as (${scope.kind === 'account' ? accountEvents(scope, events) : leadEvents(scope, events)})`);
  if (scope.kind === 'lead') ctes.push(`signalled as (${leadSignals(scope, signals)})`);
  return ctes;
}

/** A condition that picks the selected subjects by a column. */
export function selected(column: string, scope: Pick<SubjectScope, 'params' | 'selection'>): string {
  if ('ids' in scope.selection) return `${column} = any(${scope.params.uuids(scope.selection.ids)})`;
  const bounds = [];
  if (scope.selection.from !== undefined) bounds.push(`${column} >= ${scope.params.add(scope.selection.from)}::uuid`);
  if (scope.selection.to !== undefined) bounds.push(`${column} < ${scope.params.add(scope.selection.to)}::uuid`);
  return bounds.length === 0 ? `${column} is not null` : bounds.join(' and ');
}

function subjectSql(scope: SubjectScope): string {
  const ws = scope.params.add(scope.workspaceId);
  if (scope.source.mode === 'history') {
    const known = `created_at <= (select known_at from clock)`;
    return scope.kind === 'account'
      ? `select a.id, a.id as account_id, null::int as variant, coalesce(g.fields, '{}') as af, '{}'::jsonb as pf
from account a left join golden_account g on g.entity_id = a.id
where a.workspace_id = ${ws} and ${selected('a.id', scope)} and a.${known}`
      : `select p.id, m.account_id, null::int as variant, coalesce(ga.fields, '{}') as af, coalesce(gp.fields, '{}') as pf
from person p left join member m on m.person_id = p.id
left join golden_account ga on ga.entity_id = m.account_id left join golden_person gp on gp.entity_id = p.id
where p.workspace_id = ${ws} and ${selected('p.id', scope)} and p.${known}`;
  }
  const patch =
    scope.source.mode === 'variants'
      ? scope.source.variants.map((v, i) => ({ variant: i, af: v.accountFields, pf: v.personFields }))
      : undefined;
  const patches =
    patch === undefined ? '' : ` cross join jsonb_to_recordset(${scope.params.json(patch)}) as v(variant int, af jsonb, pf jsonb)`;
  const variant = patch === undefined ? 'null::int' : 'v.variant';
  const patched = (fields: string, column: 'af' | 'pf') => (patch === undefined ? fields : `${fields} || v.${column}`);
  return scope.kind === 'account'
    ? `select a.id, a.id as account_id, ${variant} as variant, ${patched('a.fields', 'af')} as af, '{}'::jsonb as pf
from account a${patches} where a.workspace_id = ${ws} and ${selected('a.id', scope)}`
    : `select p.id, p.account_id, ${variant} as variant, ${patched("coalesce(a.fields, '{}')", 'af')} as af, ${patched('p.fields', 'pf')} as pf
from person p left join account a on a.workspace_id = p.workspace_id and a.id = p.account_id${patches}
where p.workspace_id = ${ws} and ${selected('p.id', scope)}`;
}

/** People first, then their account: so that heat counts people without a sort, and each event is read once. */
function accountEvents(scope: SubjectScope, events: EventColumns): string {
  if (events.all.length === 0) return 'select null::uuid as id, 0::bigint as people where false';
  const sums = events.all.map((a) => `${a.expression} as ${a.column}`);
  const combined = events.all.map((a) => (a.combine === 'sum' ? `sum(${a.column}) as ${a.column}` : `bool_or(${a.column}) as ${a.column}`));
  combined.push(`count(person_id) filter (where ${events.engaged} > 0) as people`);
  return `select account_id as id, ${combined.join(', ')}
from (select account_id, person_id, ${sums.join(', ')} from (${eventRows(scope, events, 'account_id')}) e group by account_id, person_id) by_person
group by account_id`;
}

function leadEvents(scope: SubjectScope, events: EventColumns): string {
  const sums = events.all.map((a) => `${a.expression} as ${a.column}`);
  if (sums.length === 0) return 'select null::uuid as id where false';
  return `select person_id as id, ${sums.join(', ')} from (${eventRows(scope, events, 'person_id')}) e group by person_id`;
}

/** Signals about the lead's account, whoever they came through. */
function leadSignals(scope: SubjectScope, signals: EventColumns): string {
  if (signals.all.length === 0) return 'select null::uuid as id where false';
  const sums = signals.all.map((a) => `${a.expression} as ${a.column}`);
  const accounts = { ...scope, kind: 'account' as const };
  return `select account_id as id, ${sums.join(', ')} from (${eventRows(accounts, signals, 'lead_account')}) e group by account_id`;
}

/** Rows of (account_id, person_id, age, type) that can count for the selected subjects. */
function eventRows(scope: SubjectScope, events: EventColumns, by: 'account_id' | 'person_id' | 'lead_account'): string {
  const { params, asOfDay } = scope;
  const relevant = events.relevant(asOfDay);
  if (scope.source.mode === 'history') {
    const mine =
      by === 'person_id'
        ? selected('e.person_id', scope)
        : by === 'account_id'
          ? selected('e.account_id', scope)
          : 'e.account_id in (select account_id from subject)';
    return `select e.account_id, e.person_id, ${asOfDay} - e.occurred_day as age, e.type from event_then e where ${mine} and ${relevant}`;
  }
  const mine =
    by === 'lead_account' ? 'e.account_id in (select account_id from subject where account_id is not null)' : selected(`e.${by}`, scope);
  return `select e.account_id, e.person_id, ${asOfDay} - e.occurred_day as age, e.type from event e
where e.workspace_id = ${params.add(scope.workspaceId)} and e.superseded_at is null and ${mine} and ${relevant}`;
}

/** What was believed at `clock.known_at`: memberships, golden values and the events of everything the subjects touch. */
function historyCtes(scope: SubjectScope, sources: readonly string[]): string[] {
  const { params, workspaceId, asOfDay } = scope;
  const ws = params.add(workspaceId);
  const then = '(select known_at from clock)';
  const believed = (alias: string) =>
    `${alias}.believed_from <= ${then} and (${alias}.believed_to is null or ${alias}.believed_to > ${then})`;
  const golden = (entities: string) => goldenFieldsSql({ params, workspaceId, entities, sources, knownAt: then, asOfDay });
  const people =
    scope.kind === 'lead'
      ? `select pa.person_id, pa.account_id from person_account pa where pa.workspace_id = ${ws} and ${selected('pa.person_id', scope)} and ${believed('pa')}`
      : '';
  const accounts = scope.kind === 'lead' ? '(select account_id from member)' : undefined;
  // as an array: a subquery in an OR would keep the planner from the indexes of events
  const ofAccounts = (column: string) => (accounts === undefined ? selected(column, scope) : `${column} = any(array${accounts})`);
  const ctes = [];
  if (scope.kind === 'lead') {
    ctes.push(`member as materialized (${people})`);
    ctes.push(`golden_person as (${golden(selected('o.entity_id', scope))})`);
    ctes.push(`golden_account as (${golden(`o.entity_id = any(array${accounts})`)})`);
  } else {
    ctes.push(`golden_account as (${golden(selected('o.entity_id', scope))})`);
  }
  const persons = `select pa.person_id from person_account pa where pa.workspace_id = ${ws} and ${ofAccounts('pa.account_id')}`;
  const own = scope.kind === 'lead' ? ` or ${selected('e.person_id', scope)}` : '';
  ctes.push(`event_then as materialized (
  select e.person_id, coalesce(m.account_id, e.named_account_id, d.account_id) as account_id, e.occurred_day, e.type
  from event e
  left join person_account m on m.workspace_id = e.workspace_id and m.person_id = e.person_id and ${believed('m')}
  left join account_domain d on d.workspace_id = e.workspace_id and d.domain = e.domain and ${believed('d')}
  where e.workspace_id = ${ws} and e.recorded_at <= ${then} and (e.superseded_at is null or e.superseded_at > ${then})
    and (e.person_id = any(array(${persons})) or ${ofAccounts('e.named_account_id')}
      or e.domain = any(array(select ad.domain from account_domain ad where ad.workspace_id = ${ws} and ${ofAccounts('ad.account_id')}))${own}))`);
  return ctes;
}
