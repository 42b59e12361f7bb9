import type { PredicateDocument } from '../../src/definitions/core/predicate.ts';
import type { Criterion, Rubric } from '../../src/definitions/core/rubric.ts';

/**
 * A plain scorer for tests, written from the semantics of docs/guide/rubric.md and from nothing else: it shares no code with
 * src/scoring, nor the helpers of src/definitions, so that a mistake in either shows as a difference.
 */

export interface OracleEvent {
  type: string;
  /** UTC day number. */
  day: number;
  personId: string | null;
}

export interface OracleSubject {
  kind: 'account' | 'lead';
  accountFields: Readonly<Record<string, unknown>>;
  personFields: Readonly<Record<string, unknown>>;
  /** Of a deal, which plays alone are held against. */
  opportunityFields?: Readonly<Record<string, unknown>>;
  /** An account's events, or a lead's own. */
  events: readonly OracleEvent[];
  /** Where signals are looked for; a lead's own events and its account's. The same as `events` when left out. */
  signalEvents?: readonly OracleEvent[];
}

export interface OracleResult {
  score: number;
  tier: 'A' | 'B' | 'C' | 'disqualified';
  heat: 'hot' | 'warm' | 'cold' | null;
  /** Points of each criterion in the rubric's order. */
  points: number[];
  /** Bit i: criterion i could not be decided. */
  unknown: number;
  /** Bit i: disqualifier i holds. */
  disqualified: number;
  groups: Record<string, { sum: number; points: number }>;
  /** Sum of the groups, before the clamp. */
  total: number;
  depth: number;
  people: number;
  thisWeek: number;
  before: number;
}

export type Truth = true | false | 'unknown';
type Part = { points: number; unknown: boolean };

export function scoreByOracle(rubric: Rubric, subject: OracleSubject, asOfDay: number): OracleResult {
  const scene: Scene = { rubric, subject, asOfDay };
  const parts = rubric.criteria.map((criterion) => partOf(criterion, scene));

  const groups: OracleResult['groups'] = {};
  for (const [name, group] of Object.entries(rubric.groups)) {
    let sum = 0;
    rubric.criteria.forEach((criterion, i) => {
      if (criterion.group === name) sum += parts[i]?.points ?? 0;
    });
    groups[name] = { sum, points: Math.min(group.cap, sum) };
  }
  const total = Object.values(groups).reduce((sum, group) => sum + group.points, 0);
  const score = Math.max(0, Math.min(rubric.max ?? 100, total));

  let unknown = 0;
  parts.forEach((part, i) => {
    if (part.unknown) unknown += 2 ** i;
  });
  let disqualified = 0;
  (rubric.disqualify ?? []).forEach((rule, i) => {
    if (subject.kind === 'account' && readsPerson(rule.when)) return;
    if (truthOf(rule.when, scene) === true) disqualified += 2 ** i;
  });

  const warmth = warmthOf(parts, scene);
  return {
    score,
    tier: disqualified > 0 ? 'disqualified' : score >= rubric.tiers.A ? 'A' : score >= rubric.tiers.B ? 'B' : 'C',
    heat: subject.kind === 'lead' ? null : disqualified > 0 ? 'cold' : warmth.heat,
    points: parts.map((part) => part.points),
    unknown,
    disqualified,
    groups,
    total,
    depth: warmth.depth,
    people: warmth.people,
    thisWeek: warmth.thisWeek,
    before: warmth.before,
  };
}

/** What a predicate is held against. */
export interface Asked {
  rubric: Pick<Rubric, 'lists'>;
  subject: Omit<OracleSubject, 'kind'>;
  asOfDay: number;
}

interface Scene extends Asked {
  rubric: Rubric;
  subject: OracleSubject;
}

function isFor(criterion: Criterion, kind: 'account' | 'lead'): boolean {
  if (criterion.for === 'both') return true;
  if (criterion.for !== undefined) return criterion.for === kind;
  const person = criterion.when !== undefined ? readsPerson(criterion.when) : criterion.bands?.field.startsWith('person.');
  return person === true ? kind === 'lead' : true;
}

function readsPerson(p: PredicateDocument): boolean {
  if (p.field !== undefined) return p.field.startsWith('person.');
  if (p.not !== undefined) return readsPerson(p.not);
  return (p.all ?? p.any ?? []).some(readsPerson);
}

function partOf(criterion: Criterion, scene: Scene): Part {
  const decided = (points: number): Part => ({ points, unknown: false });
  const undecided: Part = { points: criterion.missing ?? 0, unknown: true };
  if (!isFor(criterion, scene.subject.kind)) return decided(0);
  if (criterion.when !== undefined) {
    const truth = truthOf(criterion.when, scene);
    if (truth === 'unknown') return undecided;
    return decided(truth ? (criterion.points ?? 0) : 0);
  }
  if (criterion.bands !== undefined) {
    const value = fieldOf(criterion.bands.field, scene.subject);
    if (typeof value !== 'number') return undecided;
    let points = 0;
    for (const [from, earned] of criterion.bands.steps) if (from <= value) points = earned;
    return decided(points);
  }
  if (criterion.signal !== undefined) {
    return decided(hasSignal(criterion.signal.type, criterion.signal.within_days, scene) ? (criterion.points ?? 0) : 0);
  }
  return decided(criterion.events === undefined ? 0 : eventPoints(criterion.events, scene));
}

function eventPoints(rule: NonNullable<Criterion['events']>, { subject, asOfDay }: Scene): number {
  let basisPoints = 0;
  for (const event of subject.events) {
    const age = asOfDay - event.day;
    if (!rule.types.includes(event.type) || age < 0 || age >= rule.window_days) continue;
    basisPoints += rule.half_life_days === undefined ? 10_000 : Math.floor(10_000 / 2 ** Math.floor(age / rule.half_life_days));
  }
  const most = rule.cap * 10_000;
  const raw = Math.max(-most, Math.min(most, rule.points * basisPoints));
  // + 0 turns -0 into 0
  return Math.floor(raw / 10_000) + 0;
}

/** The value of a field; undefined when nothing is known of it. */
function fieldOf(field: string, subject: Omit<OracleSubject, 'kind'>): unknown {
  const [entity = '', key = ''] = field.split('.');
  const { accountFields: account, personFields: person, opportunityFields: opportunity = {} } = subject;
  const fields: Readonly<Record<string, unknown>> = { account, person, opportunity }[entity] ?? {};
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return value === null ? undefined : value;
}

export function truthOf(p: PredicateDocument, scene: Asked): Truth {
  if (p.all !== undefined) {
    const truths = p.all.map((child) => truthOf(child, scene));
    return truths.includes(false) ? false : truths.includes('unknown') ? 'unknown' : true;
  }
  if (p.any !== undefined) {
    const truths = p.any.map((child) => truthOf(child, scene));
    return truths.includes(true) ? true : truths.includes('unknown') ? 'unknown' : false;
  }
  if (p.not !== undefined) {
    const truth = truthOf(p.not, scene);
    return truth === 'unknown' ? 'unknown' : !truth;
  }
  if (p.signal !== undefined) return hasSignal(p.signal.type, p.signal.within_days, scene);
  if (p.count !== undefined) {
    const { types, window_days } = p.count;
    const count = scene.subject.events.filter((event) => types.includes(event.type) && within(event, window_days, scene.asOfDay)).length;
    return isInside(count, p.range ?? {});
  }
  return fieldTruth(p, fieldOf(p.field ?? '', scene.subject), scene.rubric);
}

function fieldTruth(p: PredicateDocument, value: unknown, rubric: Pick<Rubric, 'lists'>): Truth {
  if (p.exists !== undefined) return (value !== undefined) === p.exists;
  if (p.eq !== undefined) return typeof value === typeof p.eq ? value === p.eq : 'unknown';
  if (p.in !== undefined) {
    const comparable = p.in.filter((constant) => typeof constant === typeof value);
    return comparable.length === 0 ? 'unknown' : comparable.some((constant) => constant === value);
  }
  if (p.in_list !== undefined) return typeof value === 'string' ? (rubric.lists?.[p.in_list] ?? []).includes(value) : 'unknown';
  if (p.has !== undefined) return Array.isArray(value) ? p.has.some((wanted) => value.includes(wanted)) : 'unknown';
  const range = p.range ?? {};
  const bound = range.min ?? range.max;
  return typeof value === typeof bound && (typeof value === 'number' || typeof value === 'string') ? isInside(value, range) : 'unknown';
}

function isInside(value: number | string, range: NonNullable<PredicateDocument['range']>): boolean {
  return (range.min === undefined || compare(range.min, value) <= 0) && (range.max === undefined || compare(value, range.max) <= 0);
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

function within(event: OracleEvent, days: number, asOfDay: number): boolean {
  const age = asOfDay - event.day;
  return age >= 0 && age < days;
}

function hasSignal(type: string, days: number, { subject, asOfDay }: Asked): boolean {
  return (subject.signalEvents ?? subject.events).some((event) => event.type === type && within(event, days, asOfDay));
}

type Warmth = Pick<OracleResult, 'depth' | 'people' | 'thisWeek' | 'before'> & { heat: 'hot' | 'warm' | 'cold' };

function warmthOf(parts: readonly Part[], scene: Scene): Warmth {
  const { rubric, subject, asOfDay } = scene;
  let depth = 0;
  const rewarded = new Set<string>();
  rubric.criteria.forEach((criterion, i) => {
    if (criterion.events === undefined) return;
    depth += parts[i]?.points ?? 0;
    if (criterion.events.points > 0) for (const type of criterion.events.types) rewarded.add(type);
  });
  const types = new Set(rubric.heat.types ?? rewarded);
  const counted = subject.events.filter((event) => types.has(event.type));
  const engaged = counted.filter((event) => within(event, rubric.heat.people_days ?? 28, asOfDay));
  const people = new Set(engaged.map((event) => event.personId).filter((id) => id !== null)).size;
  const thisWeek = counted.filter((event) => within(event, 7, asOfDay)).length;
  const before = counted.filter((event) => within(event, 28, asOfDay)).length - thisWeek;

  const meets = (test: Rubric['heat']['hot']): boolean =>
    depth >= (test.points ?? 0) &&
    people >= (test.people ?? 0) &&
    (test.momentum_percent === undefined || (thisWeek > 0 && thisWeek * 300 >= test.momentum_percent * before));
  const actNow = (rubric.heat.act_now ?? []).some((signal) => hasSignal(signal.type, signal.within_days, scene));
  const warm = meets(rubric.heat.warm);
  const heat = meets(rubric.heat.hot) || (warm && actNow) ? 'hot' : warm || actNow ? 'warm' : 'cold';
  return { heat, depth, people, thisWeek, before };
}
