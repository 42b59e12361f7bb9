import { CITY_WORDS, SAME_CITY, STREET_WORDS, UNIT_WORDS } from './place-words.ts';
import { isUnreadable, plainText, plainWords } from './plain-text.ts';

export interface Address {
  /** All words in one spelling, the unit last. Reading it gives the same again. */
  key: string;
  tokens: string[];
  /** The number of the house: `221b`; null when there is none. */
  number: string | null;
  /** The words of the street, without numbers and units. */
  street: string;
  /** What stands after `suite`, `apt`, `floor`; null when there is none. */
  unit: string | null;
}

/** A postal address with street types, directions and units in one spelling. Null when nothing in it can be read. */
export function normaliseAddress(text: string): Address | null {
  if (isUnreadable(text)) return null;
  const spoken = plainText(text)
    .replace(/\bp\.?\s?o\.?\s?box\b/g, 'pobox')
    .replace(/#/g, ' unit ');
  const words = plainWords(spoken).map(streetWord);
  if (words.length === 0) return null;
  const units: string[] = [];
  const rest: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    const next = words[i + 1];
    if (UNIT_WORDS.has(word) && next !== undefined && !UNIT_WORDS.has(next) && (/\d/.test(next) || next.length === 1)) {
      units.push(word, next);
      i += 1;
    } else rest.push(word);
  }
  const number = rest.find((word) => /^\d+[a-z]?$/.test(word)) ?? null;
  const tokens = [...rest, ...units];
  return {
    key: tokens.join(' '),
    tokens,
    number,
    street: rest.filter((word) => !/^\d+[a-z]?$/.test(word)).join(' '),
    unit: units.length === 0 ? null : units.filter((_, i) => i % 2 === 1).join(' '),
  };
}

/** A city in one spelling: `München` and `Munich` → `munich`, `St. Louis` → `st louis`. What stands after a comma is left out. */
export function normaliseCity(text: string): string | null {
  if (isUnreadable(text)) return null;
  const [before = ''] = text.split(/[,(/]/, 1);
  const words = plainWords(before.trim() === '' ? text : before).map((word) => CITY_WORDS.get(word) ?? word);
  if (words.length === 0) return null;
  const city = words.join(' ');
  return SAME_CITY.get(city) ?? city;
}

/**
 * A postcode in capitals without blanks: `SW1A 1AA` → `SW1A1AA`; of a nine-digit ZIP code the first five. A number that lost its
 * leading zero in a spreadsheet keeps what it has. Null without a digit.
 */
export function normalisePostcode(text: string): string | null {
  if (isUnreadable(text)) return null;
  const plain = plainText(text).toUpperCase();
  const zip = /^\s*(\d{5})-\d{4}\s*$/.exec(plain)?.[1];
  const code = zip ?? plain.replace(/^\s*[A-Z]{1,2}-(?=\d{4,5}\s*$)/, '').replace(/[^A-Z0-9]+/g, '');
  return /\d/.test(code) && code.length <= 12 ? code : null;
}

/** `Hauptstr.` is written for `Hauptstrasse`, and `Hauptstraße` becomes the same. */
function streetWord(word: string): string {
  const known = STREET_WORDS.get(word);
  if (known !== undefined) return known;
  return word.length > 6 && word.endsWith('str') ? `${word}asse` : word;
}
