import { z } from 'zod';

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
