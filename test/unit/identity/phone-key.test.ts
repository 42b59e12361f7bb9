import fc from 'fast-check';
import { getCountries, getCountryCallingCode, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, test } from 'vitest';
import { comparePhones, PHONE } from '../../../src/identity/core/compare-values.ts';
import { phoneDigits } from '../../../src/identity/core/normalise-phone.ts';
import { phoneKeyOf, phoneTail } from '../../../src/identity/core/phone-key.ts';
import { readsAnything } from '../../support/odd-text.ts';

const COUNTRIES = getCountries();
const digits = (most: number) => fc.stringMatching(new RegExp(`^[0-9]{4,${most}}$`));

describe('telephone numbers with whence they are', () => {
  test.each([
    ['030 123456', 'de', '+4930123456'],
    ['+49 30 123456', 'de', '+4930123456'],
    ['0049 (0)30 / 123456', null, '+4930123456'],
    ['030 123456', 'at', '+4330123456'],
    ['12 34 56 78', 'dk', '+4512345678'],
    ['(650) 253-0000', 'US', '+16502530000'],
    ['1-650-253-0000', 'us', '+16502530000'],
    ['06 1234 5678', 'it', '+390612345678'],
    ['8 (800) 555-35-35', 'ru', '+78005553535'],
    // of no country, and of none that has such a number
    ['030 123456', null, '30123456'],
    ['123456', 'us', '123456'],
    ['n/a', 'de', null],
  ])('%s in %s → %s', (text, country, key) => {
    expect(phoneKeyOf(text, country)).toBe(key);
  });

  test('a number of each country is the same at home and abroad', () => {
    const differing = COUNTRIES.filter((country) => {
      const number = getExampleNumber(country, examples);
      // fewer digits than six may be an extension
      if (number === undefined || number.nationalNumber.length < 6) return false;
      const [home, abroad, plain] = [number.formatNational(), number.formatInternational(), number.number];
      return [home, abroad, plain].some((text) => phoneKeyOf(text, country.toLowerCase()) !== number.number);
    });
    expect(differing).toEqual([]);
  });

  test('what is read at a glance is what the numbering plan says', () => {
    const written = fc.tuple(fc.constantFrom(...COUNTRIES), fc.constantFrom('+', '0', '1', '8', ''), digits(11));
    fc.assert(
      fc.property(written, ([country, start, rest]) => {
        const text = start === '+' ? `+${getCountryCallingCode(country)}${rest}` : `${start}${rest}`;
        // 00 goes abroad
        fc.pre(!text.startsWith('00'));
        const key = phoneKeyOf(text, country.toLowerCase());
        const number = parsePhoneNumberFromString(text, country);
        if (key?.startsWith('+') === true && number?.isPossible() === true) expect(key).toBe(number.number);
        // what is E.164 says so by itself
        if (number?.isValid() === true) expect(phoneKeyOf(number.number, null)).toBe(number.number);
      }),
      { numRuns: 4000, seed: 17 },
    );
  });

  test('it is found by the same digits, with its country and without', () => {
    fc.assert(
      fc.property(fc.constantFrom(...COUNTRIES), digits(12), (country, text) => {
        const key = phoneKeyOf(`+${getCountryCallingCode(country)}${text}`, null);
        const unplaced = phoneDigits(`+${getCountryCallingCode(country)}${text}`);
        if (key !== null && unplaced !== null && key.slice(1) === `${getCountryCallingCode(country)}${text}`)
          expect(phoneTail(key)).toBe(unplaced);
      }),
      { numRuns: 1000, seed: 17 },
    );
  });

  readsAnything('a number', (text) => phoneKeyOf(text, null));

  test.each([
    ['+491711234567', '711234567', PHONE.same],
    ['+491711234567', '711234576', PHONE.typo],
    ['+491711234567', '+491711234568', PHONE.typo],
    ['+491711234567', '+431711234567', PHONE.different],
    ['+4930123456', '+4330123456', PHONE.different],
    ['+4930123456', '+4940987654', PHONE.different],
    ['711234567', '711234568', PHONE.typo],
  ])('%s and %s', (a, b, level) => {
    expect(comparePhones(a, b)).toBe(level);
    expect(comparePhones(b, a)).toBe(level);
  });
});
