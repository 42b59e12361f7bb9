import { type CountryNames, readCountry } from '../../records/core/normalise-country.ts';
import type { AccountRecord, LeadRecord } from './account-evidence.ts';
import type { ColumnKind } from './column-kinds.ts';
import { type EmployerReader, employerReader } from './read-employer.ts';

const EMPLOYER_KINDS = [
  'id',
  'email',
  'company',
  'domain',
  'city',
  'country',
  'postcode',
  'phone',
] as const satisfies readonly ColumnKind[];

/** What a lead says of its employer, as it came. */
export interface LeadText {
  email?: string | undefined;
  company?: string | undefined;
  website?: string | undefined;
  city?: string | undefined;
  country?: string | undefined;
  postal_code?: string | undefined;
  phone?: string | undefined;
}

/** Reads leads and accounts of the database as the matcher in files reads rows. */
export interface EntityReader {
  lead(lead: LeadText): LeadRecord;
  account(id: string, fields: Readonly<Record<string, unknown>>, domains?: readonly string[]): AccountRecord;
  /** A country as ISO 3166-1 alpha-2, in which form the workspace has it; as it is where it is none. */
  country(text: string | undefined): string | undefined;
}

/** @param home whence telephone numbers are that have no country code, in records that name no country */
export function entityReader(countries: CountryNames, home: string | null): EntityReader {
  const reader: EmployerReader = employerReader(EMPLOYER_KINDS, countries, home);
  return {
    country(text = '') {
      const reading = readCountry(text, countries);
      return reading !== undefined && 'value' in reading ? reading.value : text || undefined;
    },
    lead: ({ email = '', company = '', website = '', city = '', country = '', postal_code = '', phone = '' }) =>
      reader.lead(['lead', email, company, website, city, country, postal_code, phone], 0),
    account(id, fields, domains = []) {
      const field = (key: string) => (typeof fields[key] === 'string' ? fields[key] : '');
      const own = field('domain');
      const all = [own, ...domains.filter((domain) => domain !== own)].filter((domain) => domain !== '').join(' ');
      return reader.account([id, '', field('name'), all, field('city'), field('country'), field('postal_code'), field('phone')], 0);
    },
  };
}
