import { dayFromIso, dayOf, isIsoDate, isoFromDay } from '../../kernel/dates.ts';

/** Whole UTC days. */
export interface ReviewPeriod {
  /** `2026-W47`, or `2026-11-01..2026-11-30`. */
  name: string;
  /** The first day and the day after the last, counted from 1970-01-01. */
  from: number;
  to: number;
}

const WEEK = 7;
const LONGEST = 366;
/** What `reviewPeriod` takes, in words. */
export const PERIOD_FORM = 'a week as in 2026-W47, or two days as in 2026-11-01..2026-11-30, a year apart at most';

/** A period by its name; undefined for what is none. */
export function reviewPeriod(name: string): ReviewPeriod | undefined {
  const week = /^(\d{4})-W(\d{2})$/.exec(name);
  if (week !== null) {
    const from = firstMonday(Number(week[1])) + (Number(week[2]) - 1) * WEEK;
    // the 53rd week of a year that has 52 has another name
    return week[2] !== '00' && weekName(from) === name ? { name, from, to: from + WEEK } : undefined;
  }
  const [first = '', last = '', more] = name.split('..');
  if (more !== undefined || !isIsoDate(first) || !isIsoDate(last)) return undefined;
  const [from, to] = [dayFromIso(first), dayFromIso(last) + 1];
  return from < to && to - from <= LONGEST ? { name, from, to } : undefined;
}

/** The last week that is over, Monday to Sunday. */
export function lastWeek(now: Date): ReviewPeriod {
  const from = mondayOf(dayOf(now)) - WEEK;
  return { name: weekName(from), from, to: from + WEEK };
}

/** Day 0 was a Thursday. */
const mondayOf = (day: number) => day - ((((day + 3) % WEEK) + WEEK) % WEEK);
/** The Monday of week 1: of the week with the fourth of January (ISO 8601). */
const firstMonday = (year: number) => mondayOf(dayFromIso(`${String(year).padStart(4, '0')}-01-04`));

function weekName(monday: number): string {
  const year = Number(isoFromDay(monday + 3).slice(0, 4));
  return `${year}-W${String((monday - firstMonday(year)) / WEEK + 1).padStart(2, '0')}`;
}
