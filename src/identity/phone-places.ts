import { SamepageError, shown } from '../kernel/errors.ts';
import { type CountryNames, readCountry } from '../records/core/normalise-country.ts';
import { loadCountries } from '../records/load-countries.ts';
import type { PhonePlaces } from './core/phone-key.ts';
import { remembered } from './core/remembered.ts';

const MOST_REMEMBERED = 2000;
const LONGEST = 200;

/**
 * Whence telephone numbers are that have no country code: by the country that their record names, else by the one given.
 * @param country a name or ISO 3166-1 code, as a user gives it
 * @throws SamepageError `invalid_input` for what is no country
 */
export async function phonePlaces(country?: string): Promise<PhonePlaces> {
  const names = await loadCountries();
  const countryOf = remembered((text) => codeOf(text, names), MOST_REMEMBERED);
  return country === undefined ? { countryOf } : { countryOf, country: givenCountry(country, names) };
}

/** A country that a user gives, as its ISO 3166-1 alpha-2 code. @throws SamepageError `invalid_input` */
export function givenCountry(country: string, names: CountryNames): string {
  const code = codeOf(country, names);
  if (code !== undefined) return code;
  throw new SamepageError(
    'invalid_input',
    `--country "${shown(country)}" is not a country.`,
    'Give its ISO 3166 code or its name, as in --country de.',
  );
}

function codeOf(text: string, names: CountryNames): string | undefined {
  const reading = text.length > LONGEST ? undefined : readCountry(text, names);
  return reading !== undefined && 'value' in reading ? reading.value : undefined;
}
