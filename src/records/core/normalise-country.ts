import { nameKey } from './name-key.ts';
import { isBlank, type Reading } from './reading.ts';

/** Every spelling of a country, by its `nameKey` → ISO 3166-1 alpha-2 in lower case. */
export type CountryNames = ReadonlyMap<string, string>;

/** Spellings that lists of countries leave out. */
const ALIASES: Readonly<Record<string, string>> = {
  usa: 'us',
  'u s': 'us',
  'u s a': 'us',
  'the united states': 'us',
  'the united states of america': 'us',
  america: 'us',
  uk: 'gb',
  'u k': 'gb',
  'great britain': 'gb',
  britain: 'gb',
  england: 'gb',
  scotland: 'gb',
  wales: 'gb',
  'northern ireland': 'gb',
  'the netherlands': 'nl',
  holland: 'nl',
  'republic of ireland': 'ie',
  'south korea': 'kr',
  korea: 'kr',
  'republic of korea': 'kr',
  'korea republic of': 'kr',
  'north korea': 'kp',
  russia: 'ru',
  vietnam: 'vn',
  'viet nam': 'vn',
  'czech republic': 'cz',
  czechia: 'cz',
  taiwan: 'tw',
  iran: 'ir',
  syria: 'sy',
  bolivia: 'bo',
  venezuela: 've',
  tanzania: 'tz',
  moldova: 'md',
  macedonia: 'mk',
  'north macedonia': 'mk',
  'hong kong sar': 'hk',
  'hong kong sar china': 'hk',
  macau: 'mo',
  uae: 'ae',
  'u a e': 'ae',
  'ivory coast': 'ci',
  'cape verde': 'cv',
  swaziland: 'sz',
  burma: 'mm',
  laos: 'la',
  brunei: 'bn',
  turkey: 'tr',
  turkiye: 'tr',
  'vatican city': 'va',
  'peoples republic of china': 'cn',
  'mainland china': 'cn',
  prc: 'cn',
  kosovo: 'xk',
  palestine: 'ps',
};

/**
 * The table of spellings.
 * @param names code → its names, by language, the most trusted language first; a name that two countries share in later
 * languages keeps its first meaning
 */
export function countryNames(
  codes: Readonly<Record<string, string>>,
  names: readonly Readonly<Record<string, readonly string[]>>[],
): CountryNames {
  const table = new Map<string, string>(Object.entries(ALIASES));
  const add = (spelling: string, code: string) => {
    const key = nameKey(spelling);
    if (key !== '' && !table.has(key)) table.set(key, code.toLowerCase());
  };
  for (const [alpha2, alpha3] of Object.entries(codes)) {
    add(alpha2, alpha2);
    add(alpha3, alpha2);
  }
  for (const language of names)
    for (const [code, spellings] of Object.entries(language)) for (const spelling of spellings) add(spelling, code);
  return table;
}

/** A country as its ISO 3166-1 alpha-2 code in lower case. */
export function readCountry(raw: string, names: CountryNames): Reading<string> {
  const text = raw.trim();
  if (isBlank(text)) return undefined;
  const code = names.get(nameKey(text));
  return code === undefined ? { reason: 'is not a country by its name or ISO 3166 code' } : { value: code };
}
