import { type CountryNames, countryNames } from './core/normalise-country.ts';

let loaded: CountryNames | undefined;

/** The spellings of all countries in all languages that the list has: loaded with the first import, as it is large. */
export async function loadCountries(): Promise<CountryNames> {
  if (loaded === undefined) {
    const { default: list } = await import('i18n-iso-countries');
    const languages = [
      'en',
      ...list
        .getSupportedLanguages()
        .filter((language) => language !== 'en')
        .sort(),
    ];
    loaded = countryNames(
      list.getAlpha2Codes(),
      languages.map((language) => list.getNames(language, { select: 'all' })),
    );
  }
  return loaded;
}
