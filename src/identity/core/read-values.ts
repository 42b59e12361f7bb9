import { HONORIFICS, NAME_SUFFIXES, TITLES_ALONE } from './name-words.ts';
import { nicknameGroup } from './nicknames.ts';
import { companyKeyOf } from './normalise-company.ts';
import { normaliseFullName } from './normalise-name.ts';
import { phoneDigits } from './normalise-phone.ts';
import { normaliseAddress, normaliseCity, normalisePostcode } from './normalise-place.ts';
import { plainText, plainWords } from './plain-text.ts';

// Each gives the text by which values are compared, empty where a cell says nothing.

/** What systems write where they have no value. */
const NOTHING = new Set(
  `- -- . .. ? ?? * \\n n/a na n.a. #n/a <na> nan null (null) <null> [null] nil none (none) nothing unknown unk unkn undefined missing blank
   lnu fnu nmn tbd tba xxx test`.split(/\s+/),
);
for (const phrase of ['available', 'applicable', 'provided', 'known', 'given', 'stated', 'specified', 'recorded'])
  NOTHING.add(`not ${phrase}`);
for (const phrase of ['no name', 'no last name', 'no first name', 'none given']) NOTHING.add(phrase);
const LONGEST_NOTHING = 16;

function isNothing(text: string): boolean {
  return text.length <= LONGEST_NOTHING && NOTHING.has(text.trim().toLowerCase());
}

/** Text beyond this is no name, and of a description enough. */
const LONGEST = 500;

function words(text: string, letters: RegExp): string[] {
  return text.length > LONGEST ? [] : (plainText(text).replace(/['`]/g, '').match(letters) ?? []);
}

/** Given or family name: words of Latin letters and figures (`Test 7` is not `Test 8`), without titles before and suffixes after. */
export function nameKey(text: string): string {
  if (/^[A-Za-z]+$/.test(text) && text.length < LONGEST) {
    const name = text.toLowerCase();
    return isNothing(text) || TITLES_ALONE.has(name) ? '' : name;
  }
  if (isNothing(text)) return '';
  const found = words(text, /[a-z0-9]+/g);
  while (found.length > 1 && HONORIFICS.has(found[0] as string)) found.shift();
  while (found.length > 1 && NAME_SUFFIXES.has(found.at(-1) as string)) found.pop();
  if (found.length === 1 && TITLES_ALONE.has(found[0] as string)) return '';
  return found.join(' ');
}

/** A full name as given and family name. */
export function readFullName(text: string): [given: string, family: string] {
  const name = isNothing(text) ? null : normaliseFullName(text);
  return name === null ? ['', ''] : [name.given.join(' '), name.family.join(' ')];
}

export function companyKey(text: string): string {
  return isNothing(text) ? '' : companyKeyOf(text);
}

export function addressKey(text: string): string {
  return isNothing(text) ? '' : (normaliseAddress(text)?.key ?? '');
}

export function cityKey(text: string): string {
  return isNothing(text) ? '' : (normaliseCity(text) ?? '');
}

export function postcodeKey(text: string): string {
  return isNothing(text) ? '' : (normalisePostcode(text) ?? '');
}

export function phoneKey(text: string): string {
  if (/^[1-9]\d{9,14}$/.test(text)) {
    const tail = text.slice(-9);
    if (tail[0] !== '0' && !/^(\d)\1*$/.test(tail)) return tail;
  }
  return phoneDigits(text) ?? '';
}

/** Where the key of a number stands that is nothing but digits, as most systems write them; −1 where it has to be read. */
export function plainPhone(bytes: Uint8Array, from: number, to: number): number {
  const start = to - 9;
  if (start <= from || to - from > 15 || bytes[from] === 0x30 || bytes[start] === 0x30) return -1;
  let isOneDigit = true;
  for (let i = from; i < to; i += 1) {
    const byte = bytes[i] as number;
    if (byte < 0x30 || byte > 0x39) return -1;
    if (i > start && byte !== bytes[start]) isOneDigit = false;
  }
  return isOneDigit ? -1 : start;
}

export function textKey(text: string): string {
  return isNothing(text) ? '' : plainWords(text.slice(0, LONGEST)).join(' ');
}

/** The part of a profile's address that names whose it is: `https://www.linkedin.com/in/ada-l/?trk=1` → `ada-l`; empty for another text. */
export function profileOf(text: string): string {
  return /linkedin\.[a-z.]+\/(?:in|pub|company)\/([^/?#]+)/i.exec(text.slice(0, LONGEST))?.[1]?.toLowerCase() ?? '';
}

/** An identifier: letters and digits alone; of a profile's address what names it. One figure repeated stands for none. */
export function identifierKey(given: string): string {
  const text = profileOf(given) || given;
  const key = isNothing(text) ? '' : words(text, /[a-z0-9]+/g).join('');
  return /^(.)\1*$/.test(key) ? '' : key;
}

/** The name for which a given name is short, where one is known: a key under which nicknames meet. */
export function nicknameRoot(name: string): string {
  return nicknameGroup(name)[0] ?? name;
}

/** True when many of the values start with a known given name. */
export function looksLikePeople(values: readonly string[]): boolean {
  const known = values.filter((value) => {
    if (/[\d'’&(]/.test(value)) return false;
    const name = normaliseFullName(value);
    return name !== null && name.family.length > 0 && name.given.length < 4 && nicknameGroup(name.given[0] ?? '').length > 0;
  });
  return values.length > 0 && known.length / values.length >= 0.4;
}
