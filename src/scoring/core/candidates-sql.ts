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

/** One of equal shares of the work. */
export interface Share {
  index: number;
  of: number;
}

/**
 * A SELECT of the ids whose score can have changed since a run: something new was learned of them, or the passing days
 * moved one of their events over an age at which the rubric tells. Every other score is the same by construction.
 * @param share the events that aged are dealt out among the shares, and the first has all that was learned; together they
 * give every id, some of them more than once. Undefined when a share has none.
 */
export function candidatesSql(
  params: SqlParams,
  { workspaceId, rubric, kind, base, asOfDay }: { workspaceId: string; rubric: Rubric; kind: SubjectKind; base: Base; asOfDay: number },
  share: Share,
): string | undefined {
  const isFirst = share.index === 0;
  const ws = params.add(workspaceId);
  const pairs = agedPairs(rubric, kind, base.asOfDay, asOfDay).filter((_, i) => i % share.of === share.index);
  if (pairs.length === 0 && !isFirst) return undefined;
  // a parameter that nothing reads has no type
  const since = isFirst ? `${params.add(base.knownAt)}::timestamptz` : '';
  const learned = isFirst ? ['recorded_at', 'superseded_at'] : [];
  const touched = learned.map((column) => `from event e where e.workspace_id = ${ws} and e.${column} > ${since}`);
  // an equality a day and type is answered by the index alone, without a visit to the events
  if (pairs.length > 0)
    touched.push(
      `from unnest(${params.integers(pairs.map(({ day }) => day))}, ${params.texts(pairs.map(({ type }) => type))}) v(day, type) join event e on e.occurred_day = v.day and e.type = v.type where e.workspace_id = ${ws} and e.superseded_at is null`,
    );
  const of = (column: 'account_id' | 'person_id') => touched.map((from) => `select e.${column} as id ${from} and e.${column} is not null`);
  const changed = (table: 'account' | 'person') =>
    isFirst ? [`select id from ${table} where workspace_id = ${ws} and changed_at > ${since} and merged_into is null`] : [];
  const accounts = [...changed('account'), ...of('account_id')];
  if (kind === 'account') return union(accounts);
  // a lead is scored with its account's fields and signals
  const theirs = `select p.id from person p where p.workspace_id = ${ws} and p.account_id in (${union(accounts)})`;
  return union([...changed('person'), ...of('person_id'), theirs]);
}

const union = (parts: readonly string[]) => parts.join('\nunion\n');

/** Ages in days at which an event of the types begins to count otherwise. */
interface Steps {
  types: readonly string[];
  ages: readonly number[];
}

/** The days and types of events that came to an age at which the rubric tells, from one day to the other. */
function agedPairs(rubric: Rubric, kind: SubjectKind, from: number, to: number): { day: number; type: string }[] {
  const pairs = new Map<string, { day: number; type: string }>();
  for (const { types, ages } of stepsOf(rubric, kind)) {
    for (const age of [0, ...ages]) {
      for (let day = from - age + 1; day <= to - age; day += 1) for (const type of types) pairs.set(`${day} ${type}`, { day, type });
    }
  }
  return [...pairs.values()];
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
