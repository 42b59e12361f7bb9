import { getCountryCallingCode, isSupportedCountry, Metadata } from 'libphonenumber-js';
import { normalisePhone, phoneDigits } from './normalise-phone.ts';
import type { Texts } from './texts.ts';

/** Whence telephone numbers are that have no country code. */
export interface PhonePlaces {
  /** A country as a record has it → ISO 3166-1 alpha-2; undefined where it is none. */
  countryOf(text: string): string | undefined;
  /** Of records that name no country. */
  readonly country?: string | undefined;
}

/** ISO 3166-1 alpha-2 as it is, in which form the workspace keeps countries. */
export function isoCountry(text: string): string | undefined {
  return /^[A-Za-z]{2}$/.test(text) ? text.toLowerCase() : undefined;
}

/**
 * The key by which telephone numbers are compared where records say whence they are: E.164 where the country is known by the number or the
 * record, else the last nine digits, as `phoneDigits` has them. Null for what is no number.
 * @param country ISO 3166-1 alpha-2: where a number without a country code is from
 */
export function phoneKeyOf(text: string, country: string | null): string | null {
  const plain = text.length > LONGEST ? undefined : plainE164(text, country);
  if (plain !== undefined) return plain;
  if (country === null && !INTERNATIONAL.test(text)) return phoneDigits(text);
  return normalisePhone(text, country)?.e164 ?? phoneDigits(text);
}

/** The digits by which a number is found, however much of it is known: those of a number and of its E.164 are the same. */
export function phoneTail(key: string): string {
  return key.slice(-TAIL).replace(/^[+0]+/, '');
}

/** True where some of the keys are E.164. */
export function hasCountries(keys: Texts): boolean {
  for (let code = 0; code < keys.length; code += 1) if (keys.at(code)?.startsWith('+') === true) return true;
  return false;
}

const LONGEST = 30;
const TAIL = 9;
const INTERNATIONAL = /^\s*\(?\s*(?:\+|00)/;
const PLAIN = /^\+?[\d\s().\-/]+$/;

/** How numbers are written at home: with `0` before the area, or as they are. */
const HOME = { zero: 'at be ch de fr gb nl se za', bare: 'ca dk es hk no pl pt sg us' } as const;

interface Plan {
  readonly code: string;
  readonly isZero: boolean;
  readonly lengths: ReadonlySet<number>;
}

const byCountry = new Map<string, Plan>();
const byCode = new Map<string, Plan>();
for (const [how, countries] of Object.entries(HOME)) {
  for (const country of countries.split(' ')) {
    const iso = country.toUpperCase();
    if (!isSupportedCountry(iso)) continue;
    const metadata = new Metadata();
    metadata.selectNumberingPlan(iso);
    const plan = { code: getCountryCallingCode(iso), isZero: how === 'zero', lengths: new Set(metadata.numberingPlan?.possibleLengths()) };
    byCountry.set(country, plan);
    byCode.set(plan.code, plan);
  }
}

/** E.164 by its shape, in a fiftieth of the time that the whole numbering plan takes; undefined where that has to be asked. */
function plainE164(text: string, country: string | null): string | undefined {
  if (!PLAIN.test(text)) return undefined;
  const digits = text.replace(/\D+/g, '');
  if (text.startsWith('+')) {
    const plan = byCode.get(digits.slice(0, 1)) ?? byCode.get(digits.slice(0, 2)) ?? byCode.get(digits.slice(0, 3));
    return plan === undefined ? undefined : joined(plan, digits.slice(plan.code.length));
  }
  const plan = country === null ? undefined : byCountry.get(country.toLowerCase());
  if (plan === undefined) return undefined;
  if (plan.isZero) return digits.startsWith('0') ? joined(plan, digits.slice(1)) : undefined;
  return digits.startsWith(plan.code) ? undefined : joined(plan, digits);
}

function joined(plan: Plan, national: string): string | undefined {
  return plan.lengths.has(national.length) && national[0] !== '0' && national[0] !== '1' && !/^(\d)\1*$/.test(national)
    ? `+${plan.code}${national}`
    : undefined;
}
