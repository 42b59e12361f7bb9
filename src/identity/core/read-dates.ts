import { Dictionary } from './dictionary.ts';
import { sharedInts } from './shared-array.ts';
import type { RawColumn } from './table.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** A year of two figures is of the hundred years that begin here. */
const FIRST_OF_TWO_FIGURES = 1930;
const LONGEST = 40;
/** What systems write where they know no date. */
const NO_DATE = new Set(['19000101', '18991230', '18991231', '17530101', '11111111']);
const NO_YEAR = new Set(['0000', '0001', '9999']);

/**
 * Of a date what its own text does not tell: whether the day or the month stands first. `day` and `month` are of those that show it,
 * as 31/12/2001 does.
 */
type First = 'day' | 'month' | 'open';

interface ReadDate {
  /** `YYYYMMDD`, month and day 00 where only the year is known, the day read first where that is open; empty for no date. */
  readonly key: string;
  /** Where the year is last and month and day are figures. */
  readonly first?: First;
  /** What stands between day and month: in one file one system writes `03/04/2001`, another `03.04.2001`. */
  readonly between?: string;
}

const NONE: ReadDate = { key: '' };

/** A day that does not exist stays as it is: it may be a slip. */
function readDate(text: string): ReadDate {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) return NONE;
  const figures = /^(\d{2})(\d{2})(\d{4})(?:\.0)?$/.exec(trimmed);
  if (figures && !isDay(trimmed.slice(0, 4), trimmed.slice(4, 6), trimmed.slice(6, 8))) {
    const [, one = '', two = '', year = ''] = figures;
    if (isDay(year, one, two) || isDay(year, two, one)) return yearLast(one, two, year, '');
  }
  const yearFirst = /^(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?!\d)/.exec(trimmed);
  if (yearFirst) return { key: dated(yearFirst[1], yearFirst[2], yearFirst[3]) };
  const last = /^(\d{1,2})([-/. ])(\d{1,2})[-/. ](\d{4}|\d{2})(?!\d)/.exec(trimmed);
  if (last) return yearLast(last[1], last[3], inFull(last[4]), last[2]);
  const inParts = /^(\d{4})-(\d{0,2}|[a-z]{3,9})-(\d{0,2})$/i.exec(trimmed);
  if (inParts) return { key: partsDated(inParts[1], inParts[2], inParts[3]) };
  const named = /^(?:(\d{1,2})(?:st|nd|rd|th)?[. -]*)?([a-z]{3,9})\.?[ ,-]*(?:(\d{1,2})(?:st|nd|rd|th)?[ ,]+)?(\d{4}|\d{2})$/i.exec(
    trimmed,
  );
  const month = named === null ? 0 : monthOf(named[2]);
  if (named && month > 0) return { key: dated(inFull(named[4]), String(month), named[1] ?? named[3] ?? '0') };
  return { key: /^[12]\d{3}(?:\.0)?$/.test(trimmed) ? `${trimmed.slice(0, 4)}0000` : '' };
}

function yearLast(one = '', two = '', year = '', between = ''): ReadDate {
  if (Number(two) > 12) return { key: dated(year, one, two), first: Number(one) > 12 ? 'open' : 'month', between };
  return { key: dated(year, two, one), first: Number(one) > 12 ? 'day' : 'open', between };
}

const isDay = (year: string, month: string, day: string) =>
  Number(year) >= 1800 && Number(year) < 2100 && Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;

function inFull(year = ''): string {
  if (year.length !== 2) return year;
  const of = FIRST_OF_TWO_FIGURES - (FIRST_OF_TWO_FIGURES % 100) + Number(year);
  return String(of < FIRST_OF_TWO_FIGURES ? of + 100 : of);
}

function monthOf(name = ''): number {
  return MONTHS.findIndex((month) => name.toLowerCase().startsWith(month)) + 1;
}

/** Of year, month and day that stand in columns of their own, what is known. */
function partsDated(year = '', month = '', day = ''): string {
  const named = monthOf(month);
  const number = named > 0 ? String(named) : month;
  return /^\d+$/.test(number) && day !== '' ? dated(year, number, day) : dated(year, '00', '00');
}

function dated(year = '', month = '', day = ''): string {
  const key = `${year}${month.padStart(2, '0')}${day.padStart(2, '0')}`;
  return NO_YEAR.has(year) || NO_DATE.has(key) ? '' : key;
}

/** What follows a key of which the text does not tell alone what it is, or that tells of others. */
const MARKS: Readonly<Record<First, string>> = { day: 'd', month: 'm', open: '?' };
const KEY_LENGTH = 8;

/** A date with what it tells of the others of its column, or leaves for them to tell. */
export function markedDateKey(text: string): string {
  const { key, first, between = '' } = readDate(text);
  return key === '' || first === undefined ? key : `${key}${MARKS[first]}${between}`;
}

/**
 * Marked dates with the order of day and month that the others show which are written alike, or else all others: 03/04/2001 is in March
 * where 12/31/2001 is a date. The day is first where nothing shows it.
 */
export function inOneOrder(column: RawColumn): RawColumn {
  const texts = [...column.values];
  if (texts.every((text) => text.length <= KEY_LENGTH)) return column;
  const counts = new Float64Array(texts.length);
  for (const code of column.codes) if (code >= 0) counts[code] = (counts[code] as number) + 1;
  const shown = new Map<string, number>();
  let all = 0;
  for (const [code, text] of texts.entries()) {
    const mark = text[KEY_LENGTH];
    if (mark !== MARKS.day && mark !== MARKS.month) continue;
    const records = (counts[code] as number) * (mark === MARKS.month ? 1 : -1);
    const between = text.slice(KEY_LENGTH + 1);
    shown.set(between, (shown.get(between) ?? 0) + records);
    all += records;
  }
  const dictionary = new Dictionary();
  const renamed = texts.map((text) => {
    const key = text.slice(0, KEY_LENGTH);
    const isTurned = text[KEY_LENGTH] === MARKS.open && (shown.get(text.slice(KEY_LENGTH + 1)) ?? all) > 0;
    return dictionary.code(isTurned && Number(key.slice(6)) <= 12 ? `${key.slice(0, 4)}${key.slice(6)}${key.slice(4, 6)}` : key);
  });
  const codes = sharedInts(column.codes.length);
  for (const [i, code] of column.codes.entries()) codes[i] = code < 0 ? code : (renamed[code] as number);
  return { label: column.label, codes, values: dictionary.packed() };
}
