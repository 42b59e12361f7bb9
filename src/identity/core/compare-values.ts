import { isTypo } from './compare-names.ts';
import { phoneTail } from './phone-key.ts';
import { editsWithin } from './text-distance.ts';

/** Levels of an e-mail address, as the model lists them; 0 is unknown. */
export const MAIL = { same: 1, typo: 2, distinctLocal: 3, bothPersonal: 4, different: 5, elsewhere: 6 } as const;
export const MAILBOX = { same: 1, other: 2 } as const;
export const PHONE = { same: 1, typo: 2, different: 3 } as const;
export const IDENTIFIER = { same: 1, typo: 2, different: 3, conflict: 4 } as const;
export const DATE = { same: 1, typo: 2, parts: 3, year: 4, different: 5 } as const;

/**
 * Local parts that differ by a slip of the pen: not by their figures, and not where initials stand, as `jsmith` and `rsmith`, or `smithj`
 * and `smithr`, are two people.
 */
export function isLocalTypo(a: string, b: string): boolean {
  if (a.length < 4 || b.length < 4 || a[0] !== b[0] || a.at(-1) !== b.at(-1) || !isTypo(a, b)) return false;
  return lettersOf(a) !== lettersOf(b);
}

/** A domain and another that is it with a slip. */
export function isDomainTypo(a: string, b: string): boolean {
  return a.length > 5 && b.length > 5 && editsWithin(a, b, 2) <= 2;
}

/**
 * Two phone numbers that are not written the same: with and without the country they are one; a slip is a wrong figure or two swapped ones,
 * and never makes another country.
 */
export function comparePhones(a: string, b: string): number {
  const [x, y] = [phoneTail(a), phoneTail(b)];
  const isOneUnplaced = a.startsWith('+') !== b.startsWith('+');
  if (x === y && (isOneUnplaced || !a.startsWith('+'))) return PHONE.same;
  if (!isOneUnplaced && abroad(a) !== abroad(b)) return PHONE.different;
  const [left, right] = isOneUnplaced ? [x, y] : [a, b];
  return left.length >= 8 && right.length >= 8 && editsWithin(left, right, 1) <= 1 ? PHONE.typo : PHONE.different;
}

/** Whence an E.164 number is, nearly: codes of countries begin with 1 or 7, or have two figures or more. Empty where it is not known. */
function abroad(key: string): string {
  return key.startsWith('+') ? key.slice(0, key[1] === '1' || key[1] === '7' ? 2 : 3) : '';
}

/** Two identifiers that are not the same. */
export function compareIdentifiers(a: string, b: string): number {
  const length = Math.max(a.length, b.length);
  if (length >= 5 && editsWithin(a, b, length >= 8 ? 2 : 1) <= (length >= 8 ? 2 : 1)) return IDENTIFIER.typo;
  return editsWithin(a, b, length >> 1) <= length >> 1 ? IDENTIFIER.different : IDENTIFIER.conflict;
}

/** Two dates `YYYYMMDD` that are not the same; month and day may be 00 for unknown. */
export function compareDates(a: string, b: string): number {
  const [yearA, yearB] = [a.slice(0, 4), b.slice(0, 4)];
  const [monthA, monthB] = [a.slice(4, 6), b.slice(4, 6)];
  const [dayA, dayB] = [a.slice(6), b.slice(6)];
  if (a.endsWith('0000') || b.endsWith('0000')) {
    if (yearA === yearB) return DATE.year;
    return Math.abs(Number(yearA) - Number(yearB)) === 1 && a.endsWith('0000') && b.endsWith('0000') ? DATE.parts : DATE.different;
  }
  if (editsWithin(a, b, 1) <= 1) return DATE.typo;
  if (yearA === yearB && monthA === dayB && dayA === monthB) return DATE.typo;
  const agreeing = Number(yearA === yearB) + Number(monthA === monthB) + Number(dayA === dayB);
  if (agreeing === 2) return DATE.parts;
  return yearA === yearB ? DATE.year : DATE.different;
}

function lettersOf(text: string): string {
  return text.replace(/\d+/g, '');
}
