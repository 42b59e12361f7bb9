import { z } from 'zod';
import { dayFromIso, dayOf, isIsoDate } from './dates.ts';

const DAY_MS = 86_400_000;
const FIRST = Date.UTC(1900, 0, 1);
const AFTER_LAST = Date.UTC(3000, 0, 1);
const isInRange = (text: string) => {
  const time = Date.parse(text);
  return time >= FIRST && time < AFTER_LAST;
};
const error = (what: string) => `${what} from 1900 to 2999, as in 2026-11-22T09:00:00Z`;
const ANY = error('an instant');
const UTC = error('an instant in UTC');

/** An instant as callers write it, with any offset from UTC; of the years that dates may be of. */
export const instantText = z.iso.datetime({ offset: true, error: ANY, abort: true }).refine(isInRange, ANY);
/** The same in UTC alone. */
export const utcInstantText = z.iso.datetime({ error: UTC, abort: true }).refine(isInRange, UTC);

const DAY_OR_INSTANT = 'a day as in 2026-11-22 or an instant as in 2026-11-22T09:00:00Z, from 1900 to 2999';

/** When something is asked about, as callers write it: an instant, or a UTC day. `momentOf` reads it. */
export const momentText = z.string().refine((text) => isIsoDate(text) || instantText.safeParse(text).success, DAY_OR_INSTANT);

/** What a `momentText` means, in milliseconds: a day is meant to its end, and today up to now. */
export function momentOf(text: string, now: Date): number {
  if (!isIsoDate(text)) return Date.parse(text);
  const day = dayFromIso(text);
  return day === dayOf(now) ? now.getTime() : (day + 1) * DAY_MS - 1;
}
