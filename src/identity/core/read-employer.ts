import { isFreeMail } from '../../records/core/free-mail.ts';
import { isSharedHost } from '../../records/core/normalise-address.ts';
import { type CountryNames, readCountry } from '../../records/core/normalise-country.ts';
import type { AccountRecord, LeadRecord } from './account-evidence.ts';
import type { ColumnKind } from './column-kinds.ts';
import { type Company, normaliseCompany } from './normalise-company.ts';
import { type Domain, normaliseDomain } from './normalise-domain.ts';
import { type Email, normaliseEmail } from './normalise-email.ts';
import { normaliseCity, normalisePostcode } from './normalise-place.ts';
import { phoneKeyOf, phoneTail } from './phone-key.ts';
import { remembered } from './remembered.ts';

/** Reads rows of a file, of which each column holds what its kind says. */
export interface EmployerReader {
  lead(cells: readonly string[], line: number): LeadRecord;
  account(cells: readonly string[], line: number): AccountRecord;
  /** True when the id is the number of the line, for want of a column. */
  isIdLine: boolean;
}

const MOST = 20_000;

/**
 * A reader for columns of these kinds, in the file's order. Where several columns hold a kind, the first filled one counts.
 * @param home whence telephone numbers are that have no country code, in rows that name no country
 */
export function employerReader(kinds: readonly ColumnKind[], countries: CountryNames, home: string | null = null): EmployerReader {
  const at = (kind: ColumnKind) => kinds.flatMap((one, i) => (one === kind ? [i] : []));
  const places = {
    id: at('id'),
    email: at('email'),
    company: at('company'),
    domain: at('domain'),
    city: at('city'),
    country: at('country'),
    postcode: at('postcode'),
    phone: at('phone'),
  };
  const company = remembered(normaliseCompany, MOST);
  const city = remembered(normaliseCity, MOST);
  const country = remembered((text) => {
    const reading = text.length > 200 ? undefined : readCountry(text, countries);
    return reading !== undefined && 'value' in reading ? reading.value : null;
  }, MOST);
  const id = (cells: readonly string[], line: number) => first(cells, places.id, (text) => text.trim() || null) ?? String(line);
  const employer = (cells: readonly string[]) => {
    const where = first(cells, places.country, country);
    return {
      company: first<Company>(cells, places.company, company),
      city: first(cells, places.city, city),
      country: where,
      postcode: first(cells, places.postcode, normalisePostcode),
      phone: first(cells, places.phone, (text) => phoneDigitsOf(text, where ?? home)),
    };
  };
  return {
    isIdLine: places.id.length === 0,
    lead(cells, line) {
      const domain = websiteOf(first<Domain>(cells, places.domain, normaliseDomain));
      return { id: id(cells, line), email: first<Email>(cells, places.email, normaliseEmail), domain, ...employer(cells) };
    },
    account(cells, line) {
      const domains = places.domain.flatMap((i) => domainsIn(cells[i] ?? ''));
      const email = first<Email>(cells, places.email, normaliseEmail);
      const main = domains[0] ?? null;
      const others = [...domains.slice(1).map((one) => one.registrable), ...(email?.isCorporate === true ? [email.registrable] : [])];
      const aliasDomains = [...new Set(others)].filter((one) => one !== main?.registrable);
      return { id: id(cells, line), domain: main, aliasDomains, ...employer(cells) };
    },
  };
}

/** The digits by which a number is found; those of its E.164 where the country is known. */
function phoneDigitsOf(text: string, country: string | null): string | null {
  const key = phoneKeyOf(text, country);
  return key === null ? null : phoneTail(key);
}

function first<T>(cells: readonly string[], columns: readonly number[], read: (text: string) => T | null): T | null {
  for (const i of columns) {
    const cell = cells[i];
    if (cell === undefined || cell === '') continue;
    const value = read(cell);
    if (value !== null) return value;
  }
  return null;
}

/** A cell may list several: `acme.com; acme.de`. */
function domainsIn(cell: string): Domain[] {
  if (cell.length > 2000) return [];
  const found: Domain[] = [];
  for (const text of SEVERAL.test(cell) ? cell.split(SEVERAL) : [cell]) {
    const domain = websiteOf(normaliseDomain(text));
    if (domain !== null) found.push(domain);
  }
  return found;
}

const SEVERAL = /[;,|\s]+/;

/** Where anybody has a page or a mailbox is no employer's website. */
function websiteOf(domain: Domain | null): Domain | null {
  return domain === null || isFreeMail(domain.registrable) || isSharedHost(domain.registrable) ? null : domain;
}
