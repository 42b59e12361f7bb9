import type { SqlParams } from '../../kernel/sql-params.ts';

/** 10,000 >> 14 is 0: a fourteenth halving leaves nothing, so events older than that need not be read. */
const HALVINGS = 14;
export const FULL_WEIGHT = 10_000;

/** Days of a window in which an event can still add something. */
export function effectiveWindow(windowDays: number, halfLifeDays: number | undefined): number {
  return halfLifeDays === undefined ? windowDays : Math.min(windowDays, HALVINGS * halfLifeDays);
}

interface Aggregate {
  column: string;
  /** Over rows of (age, type). */
  expression: string;
  /** Value when the subject has no events. */
  empty: string;
}

/** The aggregates over a subject's events that a rubric needs, each once; one pass over the events computes them all. */
export class EventColumns {
  readonly #params: SqlParams;
  readonly #prefix: string;
  readonly #byKey = new Map<string, Aggregate>();
  /** Type → days back that any aggregate looks at it. */
  readonly #horizons = new Map<string, number>();

  /** A condition on the events that make their person engaged; undefined where none does. */
  engaged: string | undefined;

  constructor(params: SqlParams, prefix: string) {
    this.#params = params;
    this.#prefix = prefix;
  }

  /**
   * A condition on `e.type` and `e.occurred_day` that keeps what any aggregate reads. Types that are looked at furthest
   * back stand apart, so that one long window does not make every event of a year pass through the aggregates.
   */
  relevant(asOfDay: string): string {
    const types = [...this.#horizons.keys()].sort();
    const furthest = Math.max(0, ...this.#horizons.values());
    const far = types.filter((type) => this.#horizons.get(type) === furthest);
    const near = Math.max(0, ...[...this.#horizons.values()].filter((horizon) => horizon < furthest));
    const inWindow = `e.occurred_day <= ${asOfDay} and e.occurred_day > ${asOfDay} - ${furthest} and e.type = any(${this.#params.texts(types)})`;
    return near === 0 ? inWindow : `${inWindow} and (e.occurred_day > ${asOfDay} - ${near} or e.type = any(${this.#params.texts(far)}))`;
  }

  get all(): Aggregate[] {
    return [...this.#byKey.values()];
  }

  /** Sum of the events' weights in basis points: halved with each full half-life, exact by integer shift. */
  weight(types: readonly string[], windowDays: number, halfLifeDays: number | undefined): string {
    const window = effectiveWindow(windowDays, halfLifeDays);
    const weight = halfLifeDays === undefined ? `${FULL_WEIGHT}` : `${FULL_WEIGHT} >> (age / ${halfLifeDays})`;
    return this.#add(`w:${window}:${halfLifeDays ?? 0}`, types, window, (filter) => `sum(${weight}) ${filter}`, '0');
  }

  /** Number of events younger than so many days. */
  count(types: readonly string[], withinDays: number): string {
    return this.#add(`c:${withinDays}`, types, withinDays, (filter) => `count(*) ${filter}`, '0');
  }

  /** People count as engaged who have an event younger than so many days. */
  countPeople(types: readonly string[], withinDays: number): void {
    this.engaged = this.#condition(types, withinDays);
  }

  /** Whether there is an event younger than so many days. */
  any(types: readonly string[], withinDays: number): string {
    return this.#add(`a:${withinDays}`, types, withinDays, (filter) => `bool_or(true) ${filter}`, 'false');
  }

  #add(key: string, types: readonly string[], withinDays: number, expression: (filter: string) => string, empty: string): string {
    const sorted = [...new Set(types)].sort();
    const full = `${key}:${sorted.join(',')}`;
    let aggregate = this.#byKey.get(full);
    if (aggregate === undefined) {
      const column = `${this.#prefix}${this.#byKey.size}`;
      aggregate = { column, expression: expression(`filter (where ${this.#condition(sorted, withinDays)})`), empty };
      this.#byKey.set(full, aggregate);
    }
    return aggregate.column;
  }

  /** Over rows of (age, type). */
  #condition(types: readonly string[], withinDays: number): string {
    const sorted = [...new Set(types)].sort();
    for (const type of sorted) this.#horizons.set(type, Math.max(this.#horizons.get(type) ?? 0, withinDays));
    const [only] = sorted;
    const ofType =
      sorted.length === 1 && only !== undefined ? `type = ${this.#params.add(only)}::text` : `type = any(${this.#params.texts(sorted)})`;
    return `age < ${withinDays} and ${ofType}`;
  }
}
