import type { MergePolicy } from '../../definitions/core/merge-policy.ts';
import type { SubjectKind } from '../../definitions/core/rubric.ts';
import type { SqlParams } from '../../kernel/sql-params.ts';
import { believedAt, entityJoin, placesSql, verdictsSql } from '../../records/core/belief-sql.ts';
import { goldenFieldsSql } from '../../records/core/golden-sql.ts';
import { seenColumns, whomCtes } from '../../records/core/whom-sql.ts';
import type { EventColumns } from './event-columns.ts';

/** Whether the statement gives back what it read of each account. */
export function keeps(source: SubjectScope['source']): boolean {
  return source.mode === 'history' && 'keep' in source;
}

/** SQL that stands for a value. */
export interface Sql {
  sql: string;
}

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
  /** The logs, as they stood at an instant; golden values by the policy given. */
  | { mode: 'history'; knownAt: string; policy: MergePolicy }
  /** The projections of today for one subject, once for each variant of its fields. */
  | { mode: 'variants'; variants: readonly Variant[] };

/** The account, the instant and the day that a row beside the statement names; or what an earlier statement found of it. */
export interface Beside {
  kind: 'account';
  selection: { id: Sql };
  source: { mode: 'history'; knownAt: Sql; policy: MergePolicy; keep: readonly string[] } | KeptSource;
  asOfDay: Sql;
}

/** Fields of an account, and its events as a list of [type, age in days], as `kept` columns have them: enough for points, not for heat. */
interface KeptSource {
  mode: 'kept';
  fields: Sql;
  events: Sql;
}

export interface SubjectScope {
  params: SqlParams;
  kind: SubjectKind;
  workspaceId: string;
  selection: Selection | Beside['selection'];
  source: Source | Beside['source'];
  /** SQL of the day number. */
  asOfDay: string;
  /** The keys of the fields that are read, of each entity: golden values of no others are worked out. */
  fields: Readonly<Record<'account' | 'person', readonly string[]>>;
}

/** The instant up to which things count as known, within a statement that looks back. */
const THEN = '(select known_at from clock)';

/** The CTEs `subject` (id, account_id, variant, af, pf) and `engaged` (id and the event columns). */
export function subjectCtes(scope: SubjectScope, events: EventColumns, signals: EventColumns): string[] {
  const past = scope.source.mode === 'history' ? historyCtes(scope, scope.source.policy) : [];
  const ctes = [...past, `subject as (${subjectSql(scope)})`];
  ctes.push(`engaged as (${scope.kind === 'account' ? accountEvents(scope, events) : leadEvents(scope, events)})`);
  if (scope.kind === 'lead') ctes.push(`signalled as (${leadSignals(scope, signals)})`);
  return ctes;
}

/** A condition that picks the selected subjects by a column. */
export function selected(column: string, scope: Pick<SubjectScope, 'params' | 'selection'>): string {
  if ('ids' in scope.selection) return `${column} = any(${scope.params.uuids(scope.selection.ids)})`;
  if ('id' in scope.selection) return `${column} = ${scope.selection.id.sql}`;
  const bounds = [];
  if (scope.selection.from !== undefined) bounds.push(`${column} >= ${scope.params.add(scope.selection.from)}::uuid`);
  if (scope.selection.to !== undefined) bounds.push(`${column} < ${scope.params.add(scope.selection.to)}::uuid`);
  return bounds.length === 0 ? `${column} is not null` : bounds.join(' and ');
}

/** Variants as the document that the statement lays over a subject's fields. */
export function patchesOf(variants: readonly Variant[]): { variant: number; af: Variant['accountFields']; pf: Variant['personFields'] }[] {
  return variants.map((v, i) => ({ variant: i, af: v.accountFields, pf: v.personFields }));
}

function subjectSql(scope: SubjectScope): string {
  if (scope.source.mode === 'kept') {
    const id = 'id' in scope.selection ? scope.selection.id.sql : 'null::uuid';
    return `select ${id} as id, ${id} as account_id, null::int as variant, ${scope.source.fields.sql} as af, '{}'::jsonb as pf`;
  }
  const ws = scope.params.add(scope.workspaceId);
  if (scope.source.mode === 'history') {
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
    return `select s.id as account_id, null::uuid as person_id, (e.said ->> 1)::int as age, e.said ->> 0 as type
from subject s cross join lateral jsonb_array_elements(${scope.source.events.sql}) as e(said)`;
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
  if (!('ids' in scope.selection)) return rows(selected(`e.${by}`, scope));
  // each subject's events by its index: given the ids as a condition, the planner may read the days of all subjects and keep a few
  return `select found.* from unnest(${params.uuids(scope.selection.ids)}) given(id) cross join lateral (${rows(`e.${by} = given.id`)} offset 0) found`;
}

function givenAccounts({ params, selection, workspaceId }: SubjectScope): string {
  if ('ids' in selection) return `select * from unnest(${params.uuids(selection.ids)}) as given(node_id)`;
  if ('id' in selection) return `select ${selection.id.sql} as node_id`;
  return `select a.id as node_id from account a where a.workspace_id = ${params.add(workspaceId)} and ${selected('a.id', { params, selection })}`;
}

/** What was believed at `clock.known_at`: who was whom, memberships, golden values and the events of everything the subjects touch. */
function historyCtes(scope: SubjectScope, policy: MergePolicy): string[] {
  const { params, workspaceId, asOfDay } = scope;
  const ws = params.add(workspaceId);
  const beliefs = { ws, believed: believedAt(THEN) };
  const golden = (kind: 'account' | 'person', entities: string) =>
    goldenFieldsSql({
      params,
      workspaceId,
      entity: kind,
      entities,
      policy,
      knownAt: THEN,
      asOfDay,
      grouped: { kind, believed: beliefs.believed },
      fields: scope.fields[kind],
    });
  const aliases = (kind: 'account' | 'person', condition: (column: string) => string) =>
    `select im.entity_id, im.node_id from identity_member im
    where im.workspace_id = ${ws} and im.kind = '${kind}' and ${condition('im.entity_id')} and ${beliefs.believed('im')}`;
  const subjects = (column: string) => selected(column, scope);
  // as arrays: a subquery in an OR would keep the planner from the indexes of events
  const among = (column: string, nodes: string) => `${column} = any(array(select node_id from ${nodes}))`;

  const ctes = [];
  if (scope.kind === 'lead') {
    ctes.push(`lead_node as materialized (select p.id as entity_id, p.id as node_id from person p where p.workspace_id = ${ws} and ${subjects('p.id')}
  union all ${aliases('person', subjects)})`);
    ctes.push(`member as materialized (select l.entity_id as person_id, coalesce(ia.entity_id, l.account_id) as account_id
  from (${placesSql('select entity_id, node_id from lead_node', beliefs)}) l ${entityJoin('ia', 'account', 'l.account_id', beliefs)})`);
    ctes.push(`account_node as materialized (select distinct account_id as node_id from member
  union all select a.node_id from (${aliases('account', (column) => `${column} = any(array(select account_id from member))`)}) a)`);
    ctes.push(`golden_person as (${golden('person', among('o.entity_id', 'lead_node'))})`);
  } else {
    ctes.push(`account_node as materialized (${givenAccounts(scope)} union all select a.node_id from (${aliases('account', subjects)}) a)`);
  }
  ctes.push(`golden_account as (${golden('account', among('o.entity_id', 'account_node'))})`);
  // whoever was ever believed to belong there, and all that were the same person then: an event may name one, and the account another
  ctes.push(`folk as materialized (select distinct pa.person_id as node_id from person_account pa
  where pa.workspace_id = ${ws} and ${among('pa.account_id', 'account_node')}
  union select v.person_id from (${verdictsSql(beliefs)}) v where ${among('v.account_id', 'account_node')})`);
  ctes.push(
    `folk_entity as materialized (select distinct coalesce(im.entity_id, f.node_id) as node_id from folk f ${entityJoin('im', 'person', 'f.node_id', beliefs)})`,
  );
  ctes.push(`named_person as materialized (select node_id from folk union select node_id from folk_entity
  union select a.node_id from (${aliases('person', (column) => among(column, 'folk_entity'))}) a
  ${scope.kind === 'lead' ? 'union select node_id from lead_node' : ''})`);
  // ids by which one of them was ever identified: their anonymous events may count for somebody else today
  const identified = (
    column: string,
  ) => `select i.anonymous_id from event i where i.workspace_id = ${ws} and ${among(`i.${column}`, 'named_person')}
  and i.anonymous_id is not null and i.anonymous is null`;
  ctes.push(`device as materialized (${identified('person_id')} union ${identified('named_person_id')})`);
  ctes.push(`seen as materialized (
  select ${seenColumns('e')}, e.occurred_day, e.type
  from event e
  where e.workspace_id = ${ws} and e.recorded_at <= ${THEN} and (e.superseded_at is null or e.superseded_at > ${THEN})
    and (${among('e.person_id', 'named_person')} or ${among('e.named_person_id', 'named_person')} or ${among('e.named_account_id', 'account_node')}
      or e.anonymous_id = any(array(select anonymous_id from device))
      or e.domain = any(array(select ad.domain from account_domain ad where ad.workspace_id = ${ws} and ${among('ad.account_id', 'account_node')}))))`);
  return [...ctes, ...whomCtes(beliefs)];
}
