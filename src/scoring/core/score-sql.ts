import { fieldsOf, readPredicate } from '../../definitions/core/predicate.ts';
import { type FieldType, jsonFieldSql, type PredicateScope, predicateSql } from '../../definitions/core/predicate-sql.ts';
import {
  appliesTo,
  type Criterion,
  DEFAULT_MAX,
  DEFAULT_PEOPLE_DAYS,
  heatTypes,
  type Rubric,
  type SubjectKind,
} from '../../definitions/core/rubric.ts';
import type { SqlParams } from '../../kernel/sql-params.ts';
import { EventColumns, FULL_WEIGHT } from './event-columns.ts';
import type { Selection } from './selection-sql.ts';
import { keeps, type Source, type Standpoints, subjectCtes } from './subject-sql.ts';

export interface ScoreStatement {
  params: SqlParams;
  workspaceId: string;
  rubric: Rubric;
  kind: SubjectKind;
  selection: Selection;
  source: Source;
  asOfDay: number;
}

/** The same of accounts from many standpoints at once: `id` is the standpoint's number, and there is no one `known_at`. */
export interface StandpointsStatement extends Pick<ScoreStatement, 'params' | 'workspaceId' | 'rubric'> {
  kind: 'account';
  source: Standpoints;
}

/** This week, and the three weeks before it, in days of age. */
export const WEEK = 7;
export const FOUR_WEEKS = 28;

/**
 * The rubric as one SELECT: a row a subject with (id, variant, known_at, score, tier, heat, points, unknown, disqualified)
 * and the counts behind heat. The same text scores one lead, a whole workspace, a what-if and a receipt of last year; only
 * its source and selection differ. Everything is integers: see docs/decisions/scoring-statement.md.
 */
export function scoreSql(statement: ScoreStatement | StandpointsStatement): string {
  const { params, rubric, kind } = statement;
  // a day stands in the text: a subject without events would leave a parameter unused, which PostgreSQL refuses
  const asOfDay = 'asOfDay' in statement ? String(Math.trunc(statement.asOfDay)) : 'n.day';
  const events = new EventColumns(params, 'e');
  const signals = kind === 'lead' ? new EventColumns(params, 's') : events;
  const fields = new Map<string, string>();
  const read: Record<'account' | 'person', string[]> = { account: [], person: [] };
  const scope = predicateScope(statement, events, signals, (name, type) => {
    const [entity, key] = name.split('.') as [string, string];
    if (entity === 'account' || entity === 'person') read[entity].push(key);
    const expression = fieldSql(name, type);
    const column = fields.get(expression) ?? `f${fields.size}`;
    fields.set(expression, column);
    return column;
  });

  const raw = rubric.criteria.map((criterion) => (appliesTo(criterion, kind) ? rawPoints(criterion, scope, events) : undefined));
  const disqualifiers = (rubric.disqualify ?? []).map((d) => {
    const predicate = readPredicate(d.when);
    const forLeads = fieldsOf(predicate).some((field) => field.startsWith('person.'));
    return kind === 'account' && forLeads ? undefined : predicateSql(predicate, scope);
  });
  const heat = kind === 'account' ? heatTests(rubric, scope, events) : undefined;

  const isKept = keeps(statement.source);
  if ('keep' in statement.source) read.account.push(...statement.source.keep);
  const subjects = subjectCtes(
    {
      params,
      kind,
      workspaceId: statement.workspaceId,
      selection: 'selection' in statement ? statement.selection : undefined,
      source: statement.source,
      asOfDay,
      fields: read,
    },
    events,
    signals,
  );
  const known = clockSql(statement);
  const filled = (columns: EventColumns, from: string) =>
    columns.all.map((a) => `coalesce(${from}.${a.column}, ${a.empty}) as ${a.column}`);
  const typed = [
    's.id',
    's.variant',
    ...[...fields].map(([expression, column]) => `${expression} as ${column}`),
    ...filled(events, 'engaged'),
    ...(kind === 'lead' ? filled(signals, 'signalled') : ['coalesce(engaged.people, 0) as people']),
  ];
  if (isKept) typed.push('s.af as kept_fields', `coalesce(engaged.events, '[]') as kept_events`);
  const kept = isKept ? ['kept_fields', 'kept_events'] : [];
  const tested = [
    'id',
    'variant',
    ...kept,
    ...raw.flatMap((expression, i) => (expression === undefined ? [] : [`${expression} as r${i}`])),
    ...disqualifiers.flatMap((expression, i) => (expression === undefined ? [] : [`${expression} as d${i}`])),
    ...(heat === undefined ? [] : ['people', `${heat.week} as this_week`, `${heat.before} as weeks_before`, `${heat.actNow} as act_now`]),
  ];
  // OFFSET 0 keeps the planner from folding a layer into the next, which would compute every test once per use
  return `with clock as (${known}),
${subjects.join(',\n')},
typed as (select ${typed.join(', ')}
  from subject s left join engaged on engaged.id = s.id${kind === 'lead' ? ' left join signalled on signalled.id = s.account_id' : ''} offset 0),
tested as (select ${tested.join(', ')} from typed offset 0),
summed as (select ${['id', 'variant', ...kept].join(', ')}, ${summed(rubric, raw, disqualifiers, heat)} from tested offset 0)
select id, variant, (select known_at from clock) as known_at, score, ${tierSql(rubric)} as tier, ${heat === undefined ? 'null::text' : heatSql(rubric)} as heat,
  ${[...kept, 'points', 'unknown', 'disqualified'].join(', ')}${heat === undefined ? '' : ', depth, people, this_week, weeks_before, act_now'}
from summed`;
}

function clockSql({ params, workspaceId, source }: ScoreStatement | StandpointsStatement): string {
  if ('given' in source) return 'select null::timestamptz as known_at';
  if (source.mode !== 'history') return `select known_at from workspace where workspace_id = ${params.add(workspaceId)}`;
  return `select ${params.add(source.knownAt)}::timestamptz as known_at`;
}

/** Points of a criterion before the missing-data policy: null when a field it needs is unknown. */
function rawPoints(criterion: Criterion, scope: PredicateScope, events: EventColumns): string {
  if (criterion.when !== undefined) return `(${predicateSql(readPredicate(criterion.when), scope)})::int * (${criterion.points ?? 0})`;
  if (criterion.signal !== undefined)
    return `(${scope.signal(criterion.signal.type, criterion.signal.within_days)})::int * (${criterion.points ?? 0})`;
  if (criterion.bands !== undefined) {
    const value = scope.field(criterion.bands.field, 'number');
    const steps = [...criterion.bands.steps]
      .reverse()
      .map(([from, points]) => `when ${value} >= ${scope.params.add(String(from))}::numeric then ${points}`);
    return `case ${steps.join(' ')} when ${value} is not null then 0 end`;
  }
  if (criterion.events === undefined) throw new Error(`criterion ${criterion.id} has no form`);
  const { types, window_days, half_life_days, points, cap } = criterion.events;
  const weight = events.weight(types, window_days, half_life_days);
  // clamp first, then one floor towards minus infinity; SQL's division truncates towards zero
  const clamped = `least(${weight} * ${Math.abs(points)}, ${cap * FULL_WEIGHT})`;
  return points > 0 ? `(${clamped} / ${FULL_WEIGHT})::int` : `(-((${clamped} + ${FULL_WEIGHT - 1}) / ${FULL_WEIGHT}))::int`;
}

function predicateScope(
  statement: ScoreStatement | StandpointsStatement,
  events: EventColumns,
  signals: EventColumns,
  field: PredicateScope['field'],
): PredicateScope {
  const { params, rubric, kind } = statement;
  return {
    params,
    lists: rubric.lists ?? {},
    field,
    count: (types, windowDays) => events.count(types, windowDays),
    signal(type, withinDays) {
      const own = events.any([type], withinDays);
      return kind === 'lead' ? `(${own} or ${signals.any([type], withinDays)})` : own;
    },
  };
}

/** A field of the subject as its type; null when it is missing or of another type. */
function fieldSql(name: string, type: FieldType): string {
  const [entity, key] = name.split('.') as [string, string];
  return jsonFieldSql(entity === 'account' ? 's.af' : entity === 'person' ? 's.pf' : "'{}'::jsonb", key, type);
}

interface HeatTests {
  depth: number[];
  week: string;
  before: string;
  actNow: string;
}

function heatTests(rubric: Rubric, scope: PredicateScope, events: EventColumns): HeatTests {
  const types = heatTypes(rubric);
  const counted = (days: number) => (types.length === 0 ? '0' : events.count(types, days));
  if (types.length > 0) events.countPeople(types, rubric.heat.people_days ?? DEFAULT_PEOPLE_DAYS);
  const week = counted(WEEK);
  const actNow = (rubric.heat.act_now ?? []).map((signal) => scope.signal(signal.type, signal.within_days));
  return {
    depth: rubric.criteria.flatMap((c, i) => (c.events !== undefined && appliesTo(c, 'account') ? [i] : [])),
    week,
    before: `(${counted(FOUR_WEEKS)} - ${week})`,
    actNow: actNow.length === 0 ? 'false' : `(${actNow.join(' or ')})`,
  };
}

function summed(
  rubric: Rubric,
  raw: readonly (string | undefined)[],
  disqualifiers: readonly (string | undefined)[],
  heat: HeatTests | undefined,
): string {
  const points = rubric.criteria.map((c, i) => (raw[i] === undefined ? '0' : `coalesce(r${i}, ${c.missing ?? 0})`));
  const unknown = rubric.criteria.flatMap((c, i) =>
    raw[i] !== undefined && (c.when !== undefined || c.bands !== undefined)
      ? [`case when r${i} is null then ${2 ** i}::bigint else 0 end`]
      : [],
  );
  const groups = Object.entries(rubric.groups).map(([group, { cap }]) => {
    const members = rubric.criteria.flatMap((c, i) => (c.group === group && raw[i] !== undefined ? [points[i]] : []));
    return members.length === 0 ? '0' : `least(${cap}, ${members.join(' + ')})`;
  });
  const disqualified = disqualifiers.flatMap((d, i) => (d === undefined ? [] : [`case when d${i} then ${2 ** i}::bigint else 0 end`]));
  const sum = (parts: readonly string[], zero: string) => (parts.length === 0 ? zero : parts.join(' + '));
  const columns = [
    `array[${points.join(', ')}]::smallint[] as points`,
    `${sum(unknown, '0::bigint')} as unknown`,
    `${sum(disqualified, '0::bigint')} as disqualified`,
    `least(greatest(${sum(groups, '0')}, 0), ${rubric.max ?? DEFAULT_MAX})::int as score`,
  ];
  if (heat !== undefined)
    columns.push(
      `${sum(
        heat.depth.map((i) => points[i] ?? '0'),
        '0',
      )} as depth`,
      'people',
      'this_week',
      'weeks_before',
      'act_now',
    );
  return columns.join(', ');
}

function tierSql(rubric: Rubric): string {
  return `case when disqualified <> 0 then 'disqualified' when score >= ${rubric.tiers.A} then 'A' when score >= ${rubric.tiers.B} then 'B' else 'C' end`;
}

function heatSql(rubric: Rubric): string {
  const meets = (test: Rubric['heat']['hot']) => {
    const parts = [`depth >= ${test.points ?? 0}`, `people >= ${test.people ?? 0}`];
    if (test.momentum_percent !== undefined) parts.push(`this_week > 0 and this_week * 300 >= ${test.momentum_percent} * weeks_before`);
    return `(${parts.join(' and ')})`;
  };
  const warm = meets(rubric.heat.warm);
  return `case when disqualified <> 0 then 'cold' when ${meets(rubric.heat.hot)} or (${warm} and act_now) then 'hot' when ${warm} or act_now then 'warm' else 'cold' end`;
}
