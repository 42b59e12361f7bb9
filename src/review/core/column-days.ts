import { type DateOrder, readInstant } from '../../records/core/normalise-date.ts';

const DAY_MS = 86_400_000;
/** What may be a date before it is read as one: figures with marks between, or a month by name. A number alone is none, save `20260331`. */
const MAY_BE =
  /^(?:(?:19|2\d)\d{2}(?:0\d|1[0-2])[0-3]\d|.*\d[-/.]\d.*|.*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.*\d.*)$/i;

/** Days from 1970-01-01 by text, or why they are none; undefined where not all are dates. `odd` are the places of texts that are none. */
type DaysRead = { days: number[]; odd: number[] } | { reason: string } | undefined;

/**
 * Reads the distinct texts of a column as days: dates as the import reads them, with a month alone its first day. Which of day and month
 * comes first has to show in some of them, and counts for all.
 * @param most the share of texts that may be no dates; their day is NaN
 */
export function readDays(texts: readonly string[], most = 0): DaysRead {
  const few = texts.length * most;
  if (texts.length === 0 || texts.filter((text) => MAY_BE.test(text) || MONTH.test(text)).length < texts.length - few) return undefined;
  const [dmy, mdy] = [read(texts, 'dmy'), read(texts, 'mdy')];
  const [better, other] = dmy.odd.length <= mdy.odd.length ? [dmy, mdy] : [mdy, dmy];
  if (better.odd.length > few) {
    const either = new Set(other.odd);
    if (better.odd.filter((place) => either.has(place)).length > few) return undefined;
    return { reason: 'holds dates with the day first and others with the month first; write them as 2026-03-31' };
  }
  if (other.odd.length === better.odd.length && better.days.some((day, i) => !Object.is(day, other.days[i])))
    return { reason: 'holds dates of which nothing shows whether the day or the month comes first; write them as 2026-03-31' };
  return better;
}

const MONTH = /^(?:19|2\d)\d{2}-(?:0[1-9]|1[0-2])$/;
/** `Jan-2026` or `January 2026`. */
const NAMED_MONTH = /^([a-z]{3,9})[ -]((?:19|2\d)\d{2})$/i;

/** A month alone as its first day; anything else as it stands. */
const dayIn = (text: string) => (MONTH.test(text) ? `${text}-01` : text.replace(NAMED_MONTH, '1 $1 $2'));

/** Two figures before a year; with points between them the day comes first. */
const FIGURES = /^(\d{1,2})([/-])(\d{1,2})\2\d/;

function read(texts: readonly string[], order: DateOrder): { days: number[]; odd: number[] } {
  const odd: number[] = [];
  const days = texts.map((text, place) => {
    const found = readInstant(dayIn(text), order);
    // 7/15/2026 has the month first, whatever is asked for
    const month = Number(FIGURES.exec(text)?.[order === 'dmy' ? 3 : 1] ?? 1);
    if (found !== undefined && 'value' in found && month <= 12) return Math.floor(found.value / DAY_MS);
    odd.push(place);
    return Number.NaN;
  });
  return { days, odd };
}

/** Seconds or milliseconds since 1970, or serial numbers of Excel, as days; undefined where not all are. Any number may look like one. */
export function readStamps(texts: readonly string[]): number[] | undefined {
  const isOne = [/^\d{10}(?:\.\d+)?$/, /^\d{13}(?:\.0+)?$/, /^[2-7]\d{4}(?:\.\d+)?$/].some((stamp) =>
    texts.every((text) => stamp.test(text)),
  );
  return texts.length > 0 && isOne
    ? read(
        texts.map((text) => (/^\d{13}/.test(text) ? text.slice(0, 13) : text)),
        'dmy',
      ).days
    : undefined;
}

/** Whole years as days: each its first of January. undefined where not all are years. */
export function readYears(texts: readonly string[]): number[] | undefined {
  if (texts.length === 0 || !texts.every((text) => /^(?:19|20)\d{2}$/.test(text))) return undefined;
  return texts.map((text) => Math.floor(Date.UTC(Number(text), 0, 1) / DAY_MS));
}
