import { type Predicate, readPredicate } from '../../definitions/core/predicate.ts';
import { appliesTo, DEFAULT_PEOPLE_DAYS, heatTypes, type Rubric, type SubjectKind } from '../../definitions/core/rubric.ts';
import type { SqlParams } from '../../kernel/sql-params.ts';
import { effectiveWindow } from './event-columns.ts';
import { FOUR_WEEKS, WEEK } from './score-sql.ts';

/** The run before: everything recorded up to `knownAt` was scored as of `asOfDay`. */
export interface Base {
  knownAt: string;
  asOfDay: number;
}

/**
 * A SELECT of the ids whose score can have changed since a run: something new was learned of them, or the passing days
 * moved one of their events over an age at which the rubric tells. Every other score is the same by construction.
 */
export function candidatesSql(
  params: SqlParams,
  workspaceId: string,
  rubric: Rubric,
  kind: SubjectKind,
  base: Base,
  asOfDay: number,
): string {
  const ws = params.add(workspaceId);
  const since = `${params.add(base.knownAt)}::timestamptz`;
  const aged = agedEvents(params, rubric, kind, base.asOfDay, asOfDay);
  const touched = ['recorded_at', 'superseded_at'].map((column) => `from event e where e.workspace_id = ${ws} and e.${column} > ${since}`);
  // an equality a day and type is answered by the index alone, without a visit to the events
  if (aged !== undefined)
    touched.push(
      `from ${aged} v(day, type) join event e on e.occurred_day = v.day and e.type = v.type where e.workspace_id = ${ws} and e.superseded_at is null`,
    );
  const of = (column: 'account_id' | 'person_id') => touched.map((from) => `select e.${column} ${from} and e.${column} is not null`);
  const changed = (table: 'account' | 'person') =>
    `select id from ${table} where workspace_id = ${ws} and changed_at > ${since} and merged_into is null`;
  if (kind === 'account') return union([changed('account'), ...of('account_id')]);
  // a lead is scored with its account's fields and signals
  return union([
    changed('person'),
    ...of('person_id'),
    `select p.id from person p where p.workspace_id = ${ws} and p.account_id in (${union([changed('account'), ...of('account_id')])})`,
  ]);
}

const union = (parts: readonly string[]) => parts.join('\nunion\n');

/** Ages in days at which an event of the types begins to count otherwise. */
interface Steps {
  types: readonly string[];
  ages: readonly number[];
}

/** SQL of the rows (day, type) of events that came to an age at which the rubric tells, from one day to the other. */
function agedEvents(params: SqlParams, rubric: Rubric, kind: SubjectKind, from: number, to: number): string | undefined {
  const pairs = new Map<string, { day: number; type: string }>();
  for (const { types, ages } of stepsOf(rubric, kind)) {
    for (const age of [0, ...ages]) {
      for (let day = from - age + 1; day <= to - age; day += 1) for (const type of types) pairs.set(`${day} ${type}`, { day, type });
    }
  }
  if (pairs.size === 0) return undefined;
  const rows = [...pairs.values()];
  return `unnest(${params.integers(rows.map((row) => row.day))}, ${params.texts(rows.map((row) => row.type))})`;
}

function stepsOf(rubric: Rubric, kind: SubjectKind): Steps[] {
  const steps: Steps[] = [];
  const visit = (predicate: Predicate): void => {
    if (predicate.op === 'all' || predicate.op === 'any') for (const part of predicate.of) visit(part);
    if (predicate.op === 'not') visit(predicate.of);
    if (predicate.op === 'count') steps.push({ types: predicate.types, ages: [predicate.windowDays] });
    if (predicate.op === 'signal') steps.push({ types: [predicate.type], ages: [predicate.withinDays] });
  };
  for (const criterion of rubric.criteria) {
    if (!appliesTo(criterion, kind)) continue;
    if (criterion.when !== undefined) visit(readPredicate(criterion.when));
    if (criterion.signal !== undefined) steps.push({ types: [criterion.signal.type], ages: [criterion.signal.within_days] });
    if (criterion.events === undefined) continue;
    const { types, window_days, half_life_days } = criterion.events;
    const window = effectiveWindow(window_days, half_life_days);
    const halvings =
      half_life_days === undefined
        ? []
        : Array.from({ length: Math.ceil(window / half_life_days) - 1 }, (_, k) => (k + 1) * half_life_days);
    steps.push({ types, ages: [...halvings, window] });
  }
  for (const disqualifier of rubric.disqualify ?? []) visit(readPredicate(disqualifier.when));
  if (kind === 'account') {
    for (const signal of rubric.heat.act_now ?? []) steps.push({ types: [signal.type], ages: [signal.within_days] });
    steps.push({ types: heatTypes(rubric), ages: [WEEK, FOUR_WEEKS, rubric.heat.people_days ?? DEFAULT_PEOPLE_DAYS] });
  }
  return steps;
}
