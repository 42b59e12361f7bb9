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
  const touched = [
    `e.recorded_at > ${since}`,
    `e.superseded_at > ${since}`,
    ...(aged === undefined ? [] : [`e.superseded_at is null and (${aged})`]),
  ];
  const of = (column: 'account_id' | 'person_id') =>
    touched.map((condition) => `select e.${column} from event e where e.workspace_id = ${ws} and e.${column} is not null and ${condition}`);
  const changed = (table: 'account' | 'person') => `select id from ${table} where workspace_id = ${ws} and changed_at > ${since}`;
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

function agedEvents(params: SqlParams, rubric: Rubric, kind: SubjectKind, from: number, to: number): string | undefined {
  if (to <= from) return undefined;
  const days = new Map<string, Set<string>>();
  for (const { types, ages } of stepsOf(rubric, kind)) {
    for (const age of [0, ...ages]) {
      for (const type of types) {
        const range = `${from - age + 1},${to - age}`;
        days.set(range, (days.get(range) ?? new Set()).add(type));
      }
    }
  }
  const tests = [...days].map(([range, types]) => {
    const [first, last] = range.split(',');
    return `e.occurred_day between ${first} and ${last} and e.type = any(${params.texts([...types].sort())})`;
  });
  return tests.length === 0 ? undefined : tests.map((test) => `(${test})`).join(' or ');
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
