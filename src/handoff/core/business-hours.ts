import { Temporal } from 'temporal-polyfill';
import { type Calendar, WEEKDAYS } from '../../definitions/core/sla.ts';
import { isoFromDay, weekdayOf } from '../../kernel/dates.ts';

/** What a business day counts for, however long it is open: as many as a day has milliseconds. */
export const DAY = 86_400_000;
const MINUTE = 60_000;

/** Time as a clock counts it. Only the difference of two positions means anything. */
export interface Measure {
  /** The position of an instant. @param instant epoch milliseconds */
  at(instant: number): number;
  /** The first instant at which a position is reached. */
  when(position: number): number;
}

/** Every millisecond counts. */
export const ALL_HOURS: Measure = { at: (instant) => instant, when: (position) => position };

/** A stretch of open time on one day. */
interface Span {
  opens: number;
  closes: number;
  /** Open milliseconds of the year before it. */
  hours: number;
  /** Business days of the year before its own. */
  days: number;
  /** Open milliseconds of its day: before it, and in all. */
  dayBefore: number;
  dayLength: number;
}

/** The open time of a calendar year of the zone. */
interface Year {
  from: number;
  to: number;
  spans: readonly Span[];
  hours: number;
  days: number;
}

const kept = new WeakMap<Calendar, { hours: Measure; days: Measure }>();

/**
 * A calendar as a measure of time, worked out once a calendar object and year.
 *
 * `hours` counts open milliseconds. `days` counts open days, each `DAY` however long it is open, and parts of a day by the part of its open
 * time that has passed; so five business days from a Monday at ten end the next Monday at ten, and from a Saturday on Friday at closing.
 *
 * A time of day is reached once a day: where clocks go forward, what falls into the gap is reached at its end; where they go back, the
 * first time counts. So hours are a stretch without holes on those days too.
 */
export function businessTime(calendar: Calendar): { hours: Measure; days: Measure } {
  let found = kept.get(calendar);
  if (found === undefined) {
    const years = new Years(calendar);
    found = { hours: measure(years, 'hours', BY_HOURS), days: measure(years, 'days', BY_DAYS) };
    kept.set(calendar, found);
  }
  return found;
}

/** How far a year has come at the start of a span and within it, and back. */
interface Counting {
  start(span: Span): number;
  within(span: Span, passed: number): number;
  passed(span: Span, position: number): number;
}

const BY_HOURS: Counting = {
  start: ({ hours }) => hours,
  within: (span, passed) => span.hours + passed,
  passed: (span, position) => position - span.hours,
};

const BY_DAYS: Counting = {
  start: (span) => BY_DAYS.within(span, 0),
  within: ({ days, dayBefore, dayLength }, passed) => days * DAY + floorOf((dayBefore + passed) * DAY, dayLength),
  passed: ({ days, dayBefore, dayLength }, position) => ceilingOf((position - days * DAY) * dayLength, DAY) - dayBefore,
};

function measure(years: Years, unit: 'hours' | 'days', counting: Counting): Measure {
  const scale = unit === 'hours' ? 1 : DAY;
  return {
    at(instant) {
      const { year, before } = years.of(instant, unit);
      const span = lastOf(year.spans, ({ opens }) => opens < instant);
      return before * scale + (span === undefined ? 0 : counting.within(span, Math.min(instant, span.closes) - span.opens));
    },
    when(position) {
      const { year, before } = years.reaching(position / scale, unit);
      const rest = position - before * scale;
      const span = lastOf(year.spans, (one) => counting.start(one) < rest);
      return span === undefined ? year.from : span.opens + counting.passed(span, rest);
    },
  };
}

/** Years next to each other, as far as they were asked for, with what lies before each; zero is the start of the first one asked for. */
class Years {
  readonly #calendar: Calendar;
  readonly #holidays: ReadonlySet<string>;
  readonly #known = new Map<number, { year: Year; hours: number; days: number }>();
  #first = Number.NaN;
  #last = Number.NaN;

  constructor(calendar: Calendar) {
    this.#calendar = calendar;
    this.#holidays = new Set(calendar.holidays?.map(({ date }) => date));
  }

  of(instant: number, unit: 'hours' | 'days'): { year: Year; before: number } {
    const name = new Date(instant).getUTCFullYear();
    let found = this.#year(name);
    if (instant < found.year.from) found = this.#year(name - 1);
    else if (instant >= found.year.to) found = this.#year(name + 1);
    return { year: found.year, before: found[unit] };
  }

  /** The year in which a count is reached: more than lies before it, and not more than at its end. */
  reaching(count: number, unit: 'hours' | 'days'): { year: Year; before: number } {
    let name = Number.isNaN(this.#last) ? 1970 : this.#last;
    let found = this.#year(name);
    while (found[unit] + found.year[unit] < count) found = this.#year(++name);
    while (found[unit] >= count) found = this.#year(--name);
    return { year: found.year, before: found[unit] };
  }

  #year(name: number): { year: Year; hours: number; days: number } {
    const found = this.#known.get(name);
    if (found !== undefined) return found;
    const year = yearOf(this.#calendar, this.#holidays, name);
    let before = { hours: 0, days: 0 };
    if (Number.isNaN(this.#first)) this.#first = this.#last = name;
    else if (name > this.#last) {
      const previous = this.#year(name - 1);
      before = { hours: previous.hours + previous.year.hours, days: previous.days + previous.year.days };
      this.#last = name;
    } else {
      const next = this.#year(name + 1);
      before = { hours: next.hours - year.hours, days: next.days - year.days };
      this.#first = name;
    }
    const entry = { year, ...before };
    this.#known.set(name, entry);
    return entry;
  }
}

function yearOf({ time_zone: zone, hours }: Calendar, holidays: ReadonlySet<string>, name: number): Year {
  const [first, last] = [name, name + 1].map((year) => Date.UTC(year, 0, 1) / DAY) as [number, number];
  let midnight = startOf(first, zone);
  const year = { from: midnight.start, to: midnight.start, spans: [] as Span[], hours: 0, days: 0 };
  for (let day = first; day < last; day++) {
    const from = year.to;
    // a zone is asked about the days on which it changes its clocks; all others have 24 hours
    if (from + DAY < midnight.change) year.to = from + DAY;
    else {
      midnight = startOf(day + 1, zone);
      year.to = midnight.start;
    }
    const local = { day, zone, from, to: year.to };
    const times = holidays.has(isoFromDay(day)) ? [] : (hours[WEEKDAYS[weekdayOf(day)] ?? 'monday'] ?? []);
    const open = times
      .map(([opens, closes]) => ({ opens: reached(opens, local), closes: reached(closes, local) }))
      .filter(({ opens, closes }) => opens < closes);
    const dayLength = open.reduce((sum, { opens, closes }) => sum + closes - opens, 0);
    let dayBefore = 0;
    for (const { opens, closes } of open) {
      year.spans.push({ opens, closes, hours: year.hours, days: year.days, dayBefore, dayLength });
      dayBefore += closes - opens;
      year.hours += closes - opens;
    }
    if (dayLength > 0) year.days++;
  }
  return year;
}

/** The first instant of a day of a zone, and the next one, itself included, at which the zone changes its clocks. */
function startOf(day: number, zone: string): { start: number; change: number } {
  const start = Temporal.PlainDate.from(isoFromDay(day)).toZonedDateTime(zone);
  const change = start.subtract({ milliseconds: 1 }).getTimeZoneTransition('next');
  return { start: start.epochMilliseconds, change: change?.epochMilliseconds ?? Number.POSITIVE_INFINITY };
}

/** The first instant at which a day, from one instant to another, reaches its time of day; `24:00` is its end. */
function reached(time: string, { day, zone, from, to }: { day: number; zone: string; from: number; to: number }): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  if (hour === 24) return to;
  if (hour + minute === 0) return from;
  if (to - from === DAY) return from + (hour * 60 + minute) * MINUTE;
  const local = Temporal.PlainDate.from(isoFromDay(day)).toPlainDateTime({ hour, minute });
  const instant = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const there = instant.toPlainDateTime().equals(local) ? instant : instant.getTimeZoneTransition('next');
  return Math.min(Math.max(there?.epochMilliseconds ?? from, from), to);
}

/** The last item for which a test holds that holds for all before it. */
function lastOf<T>(items: readonly T[], test: (item: T) => boolean): T | undefined {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(items[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return items[low - 1];
}

// a remainder is exact where a quotient of such numbers is rounded
const floorOf = (n: number, by: number) => (n - (n % by)) / by;
const ceilingOf = (n: number, by: number) => floorOf(n, by) + (n % by > 0 ? 1 : 0);
