import { isBlank, type Reading } from './reading.ts';

/** Which of day and month comes first in dates such as 03/04/2026. */
export type DateOrder = 'dmy' | 'mdy';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Excel's day 25569 is 1970-01-01 (its 1900 date system, after its 29 February 1900). */
const EXCEL_EPOCH = 25_569;
const DAY_MS = 86_400_000;
/** Hours from UTC: what is further is no zone, and would be another day. */
const FURTHEST_ZONE = 14;
const FIRST = Date.UTC(1900, 0, 1);
const AFTER_LAST = Date.UTC(3000, 0, 1);

/**
 * A calendar date, as `YYYY-MM-DD`: ISO 8601, day and month in figures where only one reading is possible (or `order` says
 * which), `31.12.2025` (with points the day comes first), month names in English, Excel's serial numbers (1954 to 2119), and Unix
 * time in seconds or milliseconds. With a time and zone it is the UTC day.
 */
export function readDate(raw: string | number, order?: DateOrder): Reading<string> {
  const read = readInstant(raw, order);
  if (read === undefined || 'reason' in read) return read;
  if (read.value < FIRST || read.value >= AFTER_LAST) return { reason: 'is a date before 1900 or after 2999' };
  return { value: new Date(read.value).toISOString().slice(0, 10) };
}

/** An instant in milliseconds since 1970, by the rules of `readDate`. A time without a zone is UTC; a date alone is its first moment. */
export function readInstant(raw: string | number, order?: DateOrder): Reading<number> {
  const text = String(raw)
    .replace(/[\s\u00a0\u202f]+/g, ' ')
    .trim();
  if (isBlank(text)) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text) && !/^(?:19|2\d)\d{6}$/.test(text)) return fromNumber(text);
  const parts = /^(.*?\d{1,4}|.*?\d{4},?)(?:(?:T|,? |, at | at )(\d{1,2}:\d{2}.*|\d{1,2} ?[ap]m.*))?$/i.exec(text);
  const day = readDay((parts?.[1] ?? text).replace(/,$/, ''), order);
  if (typeof day === 'string') return { reason: day };
  if (parts?.[2] === undefined) return { value: day };
  const time = readTime(parts[2]);
  return time === undefined ? { reason: 'has a time that cannot be read' } : { value: day + time };
}

function fromNumber(text: string): Reading<number> {
  const number = Number(text);
  if (/^\d{13}$/.test(text)) return { value: number };
  if (/^\d{10}(?:\.\d+)?$/.test(text)) return { value: Math.round(number * 1000) };
  if (number >= 20_000 && number < 80_000) return { value: Math.round((number - EXCEL_EPOCH) * DAY_MS) };
  return { reason: 'is a number that is neither a date of Excel nor Unix time' };
}

/** Milliseconds of a day's start, or why it is none. */
function readDay(text: string, order: DateOrder | undefined): number | string {
  const iso =
    /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ?? /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (iso) return dayStart(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const figures = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})$/.exec(text);
  if (figures) {
    const [first, second] = [Number(figures[1]), Number(figures[3])];
    const year = Number(figures[4]) + (figures[4]?.length === 2 ? (Number(figures[4]) < 70 ? 2000 : 1900) : 0);
    const known = figures[2] === '.' ? 'dmy' : first > 12 ? 'dmy' : second > 12 ? 'mdy' : (order ?? (first === second ? 'dmy' : undefined));
    if (known === undefined) return 'may be two dates: say with date_order which comes first, dmy or mdy';
    return known === 'dmy' ? dayStart(year, second, first) : dayStart(year, first, second);
  }
  const dayFirst = /^(?:[a-z]{3,9}\.?,? )?(\d{1,2})(?:st|nd|rd|th|\.)?[ -]([a-z]{3,9})\.?,?[ -](\d{4}|\d{2})$/i.exec(text);
  if (dayFirst) return named(dayFirst[2], dayFirst[1], dayFirst[3]);
  const monthFirst = /^(?:[a-z]{3,9}\.?,? )?([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/i.exec(text);
  if (monthFirst) return named(monthFirst[1], monthFirst[2], monthFirst[3]);
  return 'is not a date';
}

function named(month = '', day = '', year = ''): number | string {
  const index = MONTHS.findIndex((name) => month.toLowerCase().startsWith(name));
  if (index < 0) return 'is not a date';
  return dayStart(Number(year) + (year.length === 2 ? (Number(year) < 70 ? 2000 : 1900) : 0), index + 1, Number(day));
}

function dayStart(year: number, month: number, day: number): number | string {
  const isReal = month >= 1 && month <= 12 && day >= 1 && day <= lengthOf(month, year) && year >= 1900 && year < 3000;
  return isReal ? Date.UTC(year, month - 1, day) : 'is a date that does not exist, or before 1900';
}

function lengthOf(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Milliseconds since the day's start in UTC. */
function readTime(text: string): number | undefined {
  const found =
    /^(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)? ?([ap])?\.?(?:m\.?)? ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?(?: ?\(.*\))?$/i.exec(
      text,
    );
  if (!found) return undefined;
  const half = found[5]?.toLowerCase();
  let hour = Number(found[1]);
  if (half !== undefined && (hour < 1 || hour > 12)) return undefined;
  if (half !== undefined) hour = (hour % 12) + (half === 'p' ? 12 : 0);
  const [minute, second] = [Number(found[2] ?? 0), Number(found[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const zone = /^([+-])(\d{2}):?(\d{2})?$/.exec(found[6] ?? '');
  const [hours, minutes] = [Number(zone?.[2] ?? 0), Number(zone?.[3] ?? 0)];
  if (hours > FURTHEST_ZONE || minutes > 59) return undefined;
  const offset = (zone?.[1] === '-' ? -1 : 1) * (hours * 60 + minutes);
  return ((hour * 60 + minute - offset) * 60 + second) * 1000 + Number((found[4] ?? '').slice(0, 3).padEnd(3, '0'));
}
