import type { MergePolicy } from '../../definitions/core/merge-policy.ts';
import type { SubjectKind } from '../../definitions/core/rubric.ts';
import type { SqlParams } from '../../kernel/sql-params.ts';
import { believedAt, byKey, entityJoin, entityThen, fromEach } from '../../records/core/belief-sql.ts';
import type { EventColumns } from './event-columns.ts';
import { historyCtes, THEN } from './history-sql.ts';
import { type Selection, selected } from './selection-sql.ts';

/** Whether the statement gives back what it read of each account. */
export function keeps(source: SubjectScope['source']): boolean {
  return source.mode === 'standpoints';
}

/** A what-if: the subject's known fields with some of them replaced. */
export interface Variant {
  accountFields: Readonly<Record<string, unknown>>;
  personFields: Readonly<Record<string, unknown>>;
}

/** Where the statement finds what is known. */
export type Source =
  /** The projections of today. */
  | { mode: 'today' }
  /** The logs, as they stood at an instant; golden values by the policy given. */
  | { mode: 'history'; knownAt: string; policy: MergePolicy }
  /** The projections of today for one subject, once for each variant of its fields. */
  | { mode: 'variants'; variants: readonly Variant[] };

/** Accounts that the FROM item `given` names, each from its own standpoint: a row is told by the standpoint's number. */
export type Standpoints = {
  /** SQL of rows (asked, entity, known_at, day). */
  given: string;
} & (
  | { mode: 'standpoints'; policy: MergePolicy; keep: readonly string[] }
  /** The rows have `fields` of the account and its `events` as a list of [type, age in days], as an earlier statement gave them back. */
  | { mode: 'kept' }
);

export interface SubjectScope {
  params: SqlParams;
  kind: SubjectKind;
  workspaceId: string;
  /** Left out with standpoints, which name whom they ask for. */
  selection?: Selection | undefined;
  source: Source | Standpoints;
  /** SQL of the day number. */
  asOfDay: string;
  /** The keys of the fields that are read, of each entity: golden values of no others are worked out. */
  fields: Readonly<Record<'account' | 'person', readonly string[]>>;
}

/** The CTEs `subject` (id, account_id, variant, af, pf) and `engaged` (id and the event columns). */
export function subjectCtes(scope: SubjectScope, events: EventColumns, signals: EventColumns): string[] {
  const ctes = [...sourceCtes(scope, events, signals), `subject as (${subjectSql(scope)})`];
  ctes.push(`engaged as (${scope.kind === 'account' ? accountEvents(scope, events) : leadEvents(scope, events)})`);
  if (scope.kind === 'lead') ctes.push(`signalled as (${leadSignals(scope, signals)})`);
  return ctes;
}

function sourceCtes(scope: SubjectScope, events: EventColumns, signals: EventColumns): string[] {
  const { source, asOfDay } = scope;
  const given = 'given' in source ? [`standpoint as materialized (select * from ${source.given})`] : [];
  if (source.mode !== 'history' && source.mode !== 'standpoints') return given;
  const columns = scope.kind === 'lead' ? [events, signals] : [events];
  const relevant = columns.map((one) => one.relevant(asOfDay)).join(') or (');
  return [...given, ...historyCtes({ ...scope, source, relevant: `((${relevant}))` })];
}

/** Variants as the document that the statement lays over a subject's fields. */
export function patchesOf(variants: readonly Variant[]): { variant: number; af: Variant['accountFields']; pf: Variant['personFields'] }[] {
  return variants.map((v, i) => ({ variant: i, af: v.accountFields, pf: v.personFields }));
}

function subjectSql(scope: SubjectScope): string {
  if (scope.source.mode === 'kept') {
    return `select s.asked as id, s.entity as account_id, null::int as variant, s.fields as af, '{}'::jsonb as pf from standpoint s`;
  }
  const ws = scope.params.add(scope.workspaceId);
  if (scope.source.mode === 'history' || scope.source.mode === 'standpoints') return pastSubjects(scope, ws);
  const patch = scope.source.mode === 'variants' ? patchesOf(scope.source.variants) : undefined;
  const patches =
    patch === undefined ? '' : ` cross join jsonb_to_recordset(${scope.params.json(patch)}) as v(variant int, af jsonb, pf jsonb)`;
  const variant = patch === undefined ? 'null::int' : 'v.variant';
  const patched = (fields: string, column: 'af' | 'pf') => (patch === undefined ? fields : `${fields} || v.${column}`);
  return scope.kind === 'account'
    ? `select a.id, a.id as account_id, ${variant} as variant, ${patched('a.fields', 'af')} as af, '{}'::jsonb as pf
from account a${patches} where a.workspace_id = ${ws} and ${selected('a.id', scope)} and a.merged_into is null`
    : `select p.id, p.account_id, ${variant} as variant, ${patched("coalesce(a.fields, '{}')", 'af')} as af, ${patched('p.fields', 'pf')} as pf
from person p left join account a on a.workspace_id = p.workspace_id and a.id = p.account_id${patches}
where p.workspace_id = ${ws} and ${selected('p.id', scope)} and p.merged_into is null`;
}

function pastSubjects(scope: SubjectScope, ws: string): string {
  if (scope.source.mode === 'standpoints') {
    const alias = entityThen('im', 'account', 's.entity', { outlook: fromEach(ws), of: 's' });
    return `select s.asked as id, s.entity as account_id, null::int as variant, coalesce(g.fields, '{}') as af, '{}'::jsonb as pf
from standpoint s ${byKey('account', 'a', `a.workspace_id = ${ws} and a.id = s.entity`)} ${alias}
left join golden_account g on g.entity_id = s.asked where a.created_at <= s.known_at and im.node_id is null`;
  }
  const [table, kind] = scope.kind === 'account' ? (['account', 'account'] as const) : (['person', 'person'] as const);
  // an alias of then was no subject
  const subjects = `from ${table} s ${entityJoin('im', kind, 's.id', { ws, believed: believedAt(THEN) })}`;
  const known = `s.workspace_id = ${ws} and ${selected('s.id', scope)} and s.created_at <= ${THEN} and im.node_id is null`;
  return scope.kind === 'account'
    ? `select s.id, s.id as account_id, null::int as variant, coalesce(g.fields, '{}') as af, '{}'::jsonb as pf
${subjects} left join golden_account g on g.entity_id = s.id where ${known}`
    : `select s.id, m.account_id, null::int as variant, coalesce(ga.fields, '{}') as af, coalesce(gp.fields, '{}') as pf
${subjects} left join member m on m.person_id = s.id
left join golden_account ga on ga.entity_id = m.account_id left join golden_person gp on gp.entity_id = s.id where ${known}`;
}

/**
 * Each account's events are read once and in one aggregate: one by person below it costs more than all else that is asked of them, as most
 * people have an event or two. Whoever is engaged is counted from the list of their events, which is short.
 */
function accountEvents(scope: SubjectScope, events: EventColumns): string {
  const columns = events.all.map((a) => a.column);
  const isKept = keeps(scope.source);
  if (columns.length === 0) return `select null::uuid as id, 0::bigint as people${isKept ? ', null::jsonb as events' : ''} where false`;
  const sums = events.all.map((a) => `${a.expression} as ${a.column}`);
  const folk =
    events.engaged === undefined ? 'null::uuid[]' : `array_agg(person_id) filter (where ${events.engaged} and person_id is not null)`;
  return `select id, ${columns.join(', ')},
  case when folk is null then 0 when cardinality(folk) = 1 then 1 else (select count(distinct who) from unnest(folk) who) end as people${isKept ? ', events' : ''}
from (select account_id as id, ${sums.join(', ')}, ${folk} as folk${isKept ? ', jsonb_agg(jsonb_build_array(type, age)) as events' : ''} from (${eventRows(scope, events, 'account_id')}) e group by account_id) counted`;
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
  if (scope.source.mode === 'kept')
    return `select s.asked as account_id, null::uuid as person_id, (e.said ->> 1)::int as age, e.said ->> 0 as type
from standpoint s cross join lateral jsonb_array_elements(s.events) as e(said)`;
  if (scope.source.mode === 'standpoints')
    return `select e.asked as account_id, e.person_id, e.day - e.occurred_day as age, e.type
from whom e join standpoint s on s.asked = e.asked where e.account_id = s.entity`;
  const relevant = events.relevant(asOfDay);
  if (scope.source.mode === 'history') {
    const mine =
      by === 'person_id'
        ? selected('e.person_id', scope)
        : by === 'account_id'
          ? selected('e.account_id', scope)
          : 'e.account_id in (select account_id from subject)';
    return `select e.account_id, e.person_id, ${asOfDay} - e.occurred_day as age, e.type from whom e where ${mine} and ${relevant}`;
  }
  const rows = (mine: string) => `select e.account_id, e.person_id, ${asOfDay} - e.occurred_day as age, e.type from event e
where e.workspace_id = ${params.add(scope.workspaceId)} and e.superseded_at is null and ${mine} and ${relevant}`;
  if (by === 'lead_account') return rows('e.account_id in (select account_id from subject where account_id is not null)');
  if (scope.selection === undefined || !('ids' in scope.selection)) return rows(selected(`e.${by}`, scope));
  // each subject's events by its index: given the ids as a condition, the planner may read the days of all subjects and keep a few
  return `select found.* from unnest(${params.uuids(scope.selection.ids)}) given(id) cross join lateral (${rows(`e.${by} = given.id`)} offset 0) found`;
}
