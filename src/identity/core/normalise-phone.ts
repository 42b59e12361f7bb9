import anyAscii from 'any-ascii';
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

export interface Phone {
  /** The key as it is compared: E.164 where the number is one, else its digits. Reading it gives the same again. */
  key: string;
  /** `+442079460958`; null when the digits cannot be a number of the country. */
  e164: string | null;
  /** ISO 3166-1 alpha-2 in lower case; null when not known. */
  country: string | null;
  extension: string | null;
}

/** A number has at least so many digits; fewer are an extension or a placeholder. */
const FEWEST = 6;
const MOST = 20;
const LONGEST = 60;
const TAIL = 9;

/**
 * A telephone number as E.164, by the numbering plans of all countries: 20 µs a number, so read each distinct one once.
 * @param country ISO 3166-1 alpha-2: where a number without a country code is from
 */
export function normalisePhone(text: string, country?: string | null): Phone | null {
  if (text.length > LONGEST) return null;
  const plain = plainDigits(text);
  const digits = digitsOf(plain);
  if (digits === null) return null;
  const hint = country?.toUpperCase();
  const known = hint !== undefined && isSupportedCountry(hint) ? hint : undefined;
  const number = parsed(plain, known);
  const sign = plain.startsWith('+') ? '+' : '';
  if (number?.isPossible() !== true) return { key: `${sign}${digits}`, e164: null, country: known?.toLowerCase() ?? null, extension: null };
  const { country: found } = number;
  return { key: number.number, e164: number.number, country: found?.toLowerCase() ?? null, extension: number.ext ?? null };
}

/**
 * A cheap key for many numbers: the last nine digits, without looking at a numbering plan, so that `+49 171 1234567` and
 * `0171 1234567` have one. Two numbers of different countries may share it. Null for fewer than six digits and for one digit
 * repeated.
 */
export function phoneDigits(text: string): string | null {
  if (text.length > LONGEST) return null;
  const digits = digitsOf(plainDigits(text))?.slice(-TAIL).replace(/^0+/, '') ?? '';
  return digits.length < FEWEST ? null : digits;
}

function parsed(plain: string, country: CountryCode | undefined) {
  const international = plain.replace(/^\+?00(?=[1-9])/, '+');
  const number = parsePhoneNumberFromString(international, country);
  // `1 650 253 0000` without the sign is how many systems store E.164
  return number?.isPossible() === true || /^\+/.test(international)
    ? number
    : (parsePhoneNumberFromString(`+${international}`, country) ?? number);
}

/** The text with the digits of every script as 0–9 and nothing outside ASCII. */
function plainDigits(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Nd}/gu, (digit) => anyAscii(digit))
    .replace(/[^!-~]+/g, ' ')
    .trim();
}

function digitsOf(plain: string): string | null {
  const digits = plain.replace(/(?:ext|x|#|;).*$/i, '').replace(/[^0-9]+/g, '');
  return digits.length < FEWEST || digits.length > MOST || /^(\d)\1*$/.test(digits) ? null : digits;
}
