import { dayFromIso, dayOf, type Every, isIsoDate, isoFromDay, periodAfter, periodStart } from '../../kernel/dates.ts';

/** Whole UTC days. */
export interface ReviewPeriod {
  /** `2026-W47`, `2026-11`, `2026-Q4`, or `2026-11-01..2026-11-30`. */
  name: string;
  /** The first day and the day after the last, counted from 1970-01-01. */
  from: number;
  to: number;
  /** Which kind of period it is; left out for one between two days. */
  every?: Every;
}

const WEEK = 7;
const LONGEST = 366;
/** What `reviewPeriod` takes, in words. */
export const PERIOD_FORM =
  'a week as in 2026-W47, a month as in 2026-11, a quarter as in 2026-Q4, or two days as in 2026-11-01..2026-11-30, a year apart at most';

const NAMED: readonly [every: Every, form: RegExp][] = [
  ['week', /^(\d{4})-W(\d{2})$/],
  ['month', /^(\d{4})-(\d{2})$/],
  ['quarter', /^(\d{4})-Q(\d)$/],
];

/** A period by its name; undefined for what is none. */
export function reviewPeriod(name: string): ReviewPeriod | undefined {
  for (const [every, form] of NAMED) {
    const [, year = '', number = ''] = form.exec(name) ?? [];
    if (year === '' || !isIsoDate(`${year}-01-04`)) continue;
    const period = periodOf(every, dayIn(every, Number(year), Number(number)));
    // the 53rd week of a year that has 52 has another name, and so has a 13th month
    return period.name === name ? period : undefined;
  }
  const [first = '', last = '', more] = name.split('..');
  if (more !== undefined || !isIsoDate(first) || !isIsoDate(last)) return undefined;
  const [from, to] = [dayFromIso(first), dayFromIso(last) + 1];
  return from < to && to - from <= LONGEST ? { name, from, to } : undefined;
}

/** The week, month or quarter that a day is in. */
export function periodOf(every: Every, day: number): ReviewPeriod & { every: Every } {
  const from = periodStart(every, day);
  return { name: nameOf(every, from), from, to: periodAfter(every, from), every };
}

/** The last week, month or quarter that is over. */
export function lastPeriod(every: Every, now: Date): ReviewPeriod & { every: Every } {
  return periodOf(every, periodStart(every, dayOf(now)) - 1);
}

/** The last week that is over, Monday to Sunday. */
export function lastWeek(now: Date): ReviewPeriod {
  return lastPeriod('week', now);
}

/** A day of the n-th week, month or quarter of a year; of another year where it has none. */
function dayIn(every: Every, year: number, number: number): number {
  if (every === 'week') return firstMonday(year) + (number - 1) * WEEK;
  return Math.floor(Date.UTC(year, (every === 'month' ? number : 3 * number - 2) - 1, 1) / 86_400_000);
}

/** The Monday of week 1: of the week with the fourth of January (ISO 8601). */
const firstMonday = (year: number) => periodStart('week', dayFromIso(`${String(year).padStart(4, '0')}-01-04`));

function nameOf(every: Every, from: number): string {
  const [year = '', month = ''] = isoFromDay(every === 'week' ? from + 3 : from).split('-');
  if (every === 'month') return `${year}-${month}`;
  if (every === 'quarter') return `${year}-Q${Math.ceil(Number(month) / 3)}`;
  return `${year}-W${String((from - firstMonday(Number(year))) / WEEK + 1).padStart(2, '0')}`;
}
