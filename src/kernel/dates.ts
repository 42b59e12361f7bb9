/** Days are whole UTC days, counted from 1970-01-01 (day 0). Instants are ISO 8601 in UTC with milliseconds. */
const DAY_MS = 86_400_000;

export function dayOf(instant: Date): number {
  return Math.floor(instant.getTime() / DAY_MS);
}

/** `2026-11-22` → day number. The caller has validated the form. */
export function dayFromIso(date: string): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
}

export function isoFromDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Epoch milliseconds as an instant. */
export function isoInstant(at: number): string;
export function isoInstant(at: number | null): string | null;
export function isoInstant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** The weekday of a day: 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: number): number {
  // day 0 was a Thursday
  return (((day + 3) % 7) + 7) % 7;
}

/** What `isIsoDate` takes, in words. */
export const ISO_DATE = 'a date YYYY-MM-DD from 1900-01-01 to 2999-12-31';

/** True for a calendar date that exists, written `YYYY-MM-DD`, from 1900 to 2999. */
export function isIsoDate(text: string): boolean {
  if (!/^(19|2\d)\d{2}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}

/** A calendar period: weeks begin on Monday. */
export type Every = 'week' | 'month' | 'quarter';

/** The first day of the week, month or quarter that a day is in. */
export function periodStart(every: Every, day: number): number {
  if (every === 'week') return day - weekdayOf(day);
  const [year, month] = yearAndMonth(day);
  return monthStart(year, every === 'month' ? month : month - (month % 3));
}

/** The first day of the period after the one that a day is in. */
export function periodAfter(every: Every, day: number): number {
  const start = periodStart(every, day);
  if (every === 'week') return start + 7;
  const [year, month] = yearAndMonth(start);
  return monthStart(year, month + (every === 'month' ? 1 : 3));
}

function yearAndMonth(day: number): [year: number, month: number] {
  const [year, month] = isoFromDay(day).split('-').map(Number);
  return [year ?? 0, (month ?? 1) - 1];
}

const monthStart = (year: number, month: number) => Math.floor(Date.UTC(year, month, 1) / DAY_MS);
