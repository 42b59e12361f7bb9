import { type Evidence, hundredths } from './account-decision.ts';
import { longerBits, relativeBits, togetherBits } from './company-families.ts';
import { type CompanyStatistics, nameBits } from './company-statistics.ts';
import { compareCompanies, NAME_LEVELS, type NameComparison } from './compare-companies.ts';
import type { Company } from './normalise-company.ts';
import type { Domain } from './normalise-domain.ts';
import type { Email } from './normalise-email.ts';

/** What a record says of an employer; null where it says nothing. */
export interface Employer {
  company: Company | null;
  /** The website. */
  domain: Domain | null;
  city: string | null;
  country: string | null;
  postcode: string | null;
  /** The last digits of a number, as `phoneTail` gives them. */
  phone: string | null;
}

export interface LeadRecord extends Employer {
  id: string;
  email: Email | null;
}

export interface AccountRecord extends Employer {
  id: string;
  /** Other registrable domains that are known to be the account's. */
  aliasDomains: readonly string[];
  /** Of an account as one that was merged into it is called: that one. */
  alias?: string;
  /** What breaks a tie; left out where it is not known. */
  standing?: {
    isCustomer: boolean;
    openOpportunities: number;
    /** People of the account on the lead's e-mail domain. */
    contacts: number;
    lastActivity: number | null;
    /** Name or domain of the company that it belongs to, as its record says. */
    parent?: string | null;
  };
}

/** How often values occur, over all accounts and all leads. */
export interface AccountStatistics {
  accounts: number;
  names: CompanyStatistics;
  /** Accounts per value. */
  domains: ReadonlyMap<string, number>;
  cities: ReadonlyMap<string, number>;
  countries: ReadonlyMap<string, number>;
  postcodes: ReadonlyMap<string, number>;
  phones: ReadonlyMap<string, number>;
  /** E-mail domains that people of many companies use: an agency's, a reseller's. */
  sharedDomains: ReadonlySet<string>;
  leads?: KnownLeads;
  /** The share of the leads that have the very name of an account: no fewer are present. */
  called?: number;
}

/** Leads of which it is known, by an address of their company, whether and where they are among the accounts. */
export interface KnownLeads {
  /** The share that is. */
  present: number;
  /** Leads per registrable domain that some account has, and all of them. */
  byDomain: ReadonlyMap<string, number>;
  all: number;
}

export type DomainLevel = 'exact_host' | 'domain' | 'alias_domain' | 'conflict' | 'none';

export interface CandidateEvidence {
  prior: number;
  evidence: Evidence[];
  bits: number;
  domain: DomainLevel;
  name: NameComparison | null;
  isPlaceShared: boolean;
  /** The same city or postcode, not the country alone. */
  isNear: boolean;
  isPhoneShared: boolean;
}

/** What domains say beyond finding the one account among all. */
const DOMAIN_BITS = { exact_host: 9, domain: 8, alias_domain: 7 } as const;
const SHARED_DOMAIN_BITS = 2;
const CONFLICT_BITS = -6;
const NAME_AGAINST_DOMAIN = -2;
const PLACE = { most: 11, otherCity: -2, otherCountry: -2.5 };
const PHONE_MOST = 16;
const SAME_COUNTRY = 'the same country';

/** Levels of names that tell a company from its relatives by their marks alone. */
const ALIKE: ReadonlySet<string> = new Set(['same', 'same_but_form']);
/** Where nothing shows how many leads are there, an account is taken to have more of its relatives beside it than leads have their account. */
const UNKNOWN_LEADS = 2;

/** Where nothing shows how many leads have their company among the accounts. */
const PRESENT = 1 / 3;
/** Bits that the leads known to be an account's may say for it, and against it. */
const KNOWN_LEADS = { most: 5, least: -4 };

/**
 * log2 odds of an account before anything is known of the lead: it is one of many, or none of them, and the likelier the more leads are
 * its own by their addresses.
 * @param isCalled the lead has the very name of the account
 */
export function accountPrior(statistics: AccountStatistics, account?: AccountRecord, isCalled = false): number {
  const present = statistics.leads?.present ?? Math.max(PRESENT, isCalled ? (statistics.called ?? 0) : 0);
  const share = account === undefined ? 0 : knownLeadsBits(statistics, account);
  return hundredths(Math.log2(present / (1 - present)) - Math.log2(Math.max(1, statistics.accounts)) + share);
}

function knownLeadsBits({ accounts, leads, domains }: AccountStatistics, { domain, aliasDomains }: AccountRecord): number {
  const own = [...(domain === null ? [] : [domain.registrable]), ...aliasDomains];
  if (leads === undefined || own.length === 0) return 0;
  // accounts on one domain share its leads
  const known = own.reduce((sum, one) => sum + (leads.byDomain.get(one) ?? 0) / Math.max(1, domains.get(one) ?? 1), 0);
  return Math.max(KNOWN_LEADS.least, Math.min(KNOWN_LEADS.most, Math.log2(((known + 1) * accounts) / (leads.all + accounts))));
}

/** All that speaks for and against an account, in groups that are independent. */
export function evidenceFor(
  lead: LeadRecord,
  account: AccountRecord,
  statistics: AccountStatistics,
  compare: (a: Company, b: Company) => NameComparison = (a, b) => compareCompanies(a, b, statistics.names),
): CandidateEvidence {
  const evidence: Evidence[] = [];
  const domain = domainEvidence(lead, account, statistics, evidence);
  const isOnDomain = domain !== 'conflict' && domain !== 'none';
  const place: Evidence[] = [];
  const isPlaceShared = placeEvidence(lead, account, statistics, place);
  const compared = lead.company === null || account.company === null ? null : compare(lead.company, account.company);
  const name = compared === null ? null : amongRelatives(lead, account, statistics, compared, place[0]);
  nameEvidence(lead, account, statistics, name, isOnDomain, evidence);
  evidence.push(...place);
  const isPhoneShared = phoneEvidence(lead, account, statistics, evidence);
  const prior = accountPrior(statistics, account, name?.level === 'same');
  const bits = hundredths(evidence.reduce((sum, one) => sum + one.bits, prior));
  const isNear = isPlaceShared && place[0]?.level !== SAME_COUNTRY;
  return { prior, evidence, bits, domain, name, isPlaceShared, isNear, isPhoneShared };
}

function domainEvidence(lead: LeadRecord, account: AccountRecord, statistics: AccountStatistics, evidence: Evidence[]): DomainLevel {
  const mail = employerMail(lead);
  const said = [...(mail === null ? [] : [mail.registrable]), ...(lead.domain === null ? [] : [lead.domain.registrable])];
  if (said.length === 0 || (account.domain === null && account.aliasDomains.length === 0)) return 'none';
  const hosts = [...(mail === null ? [] : [mail.domain]), ...(lead.domain === null ? [] : [lead.domain.host])];
  const level: DomainLevel =
    account.domain !== null && hosts.includes(account.domain.host)
      ? 'exact_host'
      : account.domain !== null && said.includes(account.domain.registrable)
        ? 'domain'
        : account.aliasDomains.some((alias) => said.includes(alias))
          ? 'alias_domain'
          : 'conflict';
  const left = said[0] ?? '';
  const right = account.domain?.host ?? account.aliasDomains[0] ?? '';
  if (level === 'conflict') {
    evidence.push({ group: 'domain', level: 'another corporate domain', left, right, bits: CONFLICT_BITS });
    return level;
  }
  const key =
    level === 'alias_domain' ? (account.aliasDomains.find((alias) => said.includes(alias)) ?? '') : (account.domain?.registrable ?? '');
  const tf = Math.max(1, statistics.domains.get(key) ?? 1);
  if (statistics.sharedDomains.has(key)) {
    const why = 'people of many companies use it';
    evidence.push({
      group: 'domain',
      level: 'the same domain, which many companies share',
      left: key,
      right,
      bits: SHARED_DOMAIN_BITS,
      tf,
      why,
    });
    return 'none';
  }
  const words = { exact_host: 'the same host', domain: 'the same registrable domain', alias_domain: 'a domain known to be the account’s' }[
    level
  ];
  const bits = hundredths(Math.log2(Math.max(1, statistics.accounts)) - Math.log2(tf) + DOMAIN_BITS[level]);
  evidence.push({ group: 'domain', level: words, left: hosts[0] ?? left, right, bits, tf });
  return level;
}

function nameEvidence(
  lead: LeadRecord,
  account: AccountRecord,
  statistics: AccountStatistics,
  name: NameComparison | null,
  isOnDomain: boolean,
  evidence: Evidence[],
): void {
  if (name !== null && lead.company !== null && account.company !== null) {
    // who is on the domain may well be of a brand or a subsidiary
    const bits = isOnDomain ? Math.max(NAME_AGAINST_DOMAIN, Math.min(4, name.bits)) : name.bits;
    evidence.push({
      group: 'name',
      level: NAME_LEVELS[name.level],
      left: lead.company.key,
      right: account.company.key,
      bits: hundredths(bits),
    });
    return;
  }
  const mail = employerMail(lead);
  const label = mail === null ? lead.domain?.label : labelOf(mail.registrable);
  if (isOnDomain || account.domain !== null || account.company === null || label === undefined || label.length < 4) return;
  const spelled = label.replaceAll('-', '');
  if (spelled !== account.company.compact && spelled !== account.company.baseCompact) return;
  const bits = hundredths(nameBits(account.company.baseWords, statistics.names) - 3);
  evidence.push({ group: 'name', level: 'the domain spells the name', left: label, right: account.company.key, bits });
}

/**
 * A name that differs by a word which tells companies of the list apart says no more than that it is the account rather than a relative
 * which is not there; nor does the place, where relatives are often at one.
 */
function amongRelatives(
  lead: LeadRecord,
  account: AccountRecord,
  { accounts, names, leads }: AccountStatistics,
  name: NameComparison,
  place: Evidence | undefined,
): NameComparison {
  const { families } = names;
  if (families === undefined || lead.company === null || account.company === null) return name;
  const said = { company: lead.company, country: lead.country };
  const listed = { company: account.company, country: account.country };
  const beyond = ALIKE.has(name.level)
    ? relativeBits(said, listed, families, names.names)
    : name.level === 'contained'
      ? longerBits(said.company, listed.company, families, names.names)
      : null;
  if (beyond === null) return name;
  const told = place?.bits ?? 0;
  const apart = togetherBits(place?.level === SAME_COUNTRY ? families.countries : families.cities);
  const unknown = leads === undefined ? UNKNOWN_LEADS : 0;
  const most = hundredths(Math.log2(Math.max(1, accounts)) + beyond + unknown + Math.min(told, apart) - told);
  return name.bits <= most ? name : { ...name, bits: most };
}

/** The lead's address where it is evidence of an employer: neither free, nor disposable, nor a role's. */
function employerMail({ email }: LeadRecord): Email | null {
  return email?.isCorporate === true && !email.isRole ? email : null;
}

function labelOf(registrable: string): string {
  return registrable.slice(0, registrable.indexOf('.'));
}

/** Postcode, city and country are one group: each implies the next. */
function placeEvidence(lead: LeadRecord, account: AccountRecord, statistics: AccountStatistics, evidence: Evidence[]): boolean {
  const rarity = (counts: ReadonlyMap<string, number>, value: string) =>
    hundredths(Math.min(PLACE.most, Math.log2((Math.max(200, statistics.accounts) + 1) / ((counts.get(value) ?? 0) + 0.5))));
  const add = (level: string, left: string, right: string, bits: number, tf?: number) =>
    evidence.push({ group: 'place', level, left, right, bits, ...(tf !== undefined && { tf }) });
  if (lead.postcode !== null && lead.postcode === account.postcode) {
    add(
      'the same postcode',
      lead.postcode,
      account.postcode,
      rarity(statistics.postcodes, lead.postcode),
      statistics.postcodes.get(lead.postcode) ?? 0,
    );
    return true;
  }
  if (lead.city !== null && account.city !== null) {
    if (lead.city === account.city) {
      add('the same city', lead.city, account.city, rarity(statistics.cities, lead.city), statistics.cities.get(lead.city) ?? 0);
      return true;
    }
    const isAbroad = lead.country !== null && account.country !== null && lead.country !== account.country;
    add(isAbroad ? 'another country' : 'another city', lead.city, account.city, isAbroad ? PLACE.otherCountry : PLACE.otherCity);
    return false;
  }
  if (lead.country === null || account.country === null) return false;
  const isSame = lead.country === account.country;
  if (isSame) add(SAME_COUNTRY, lead.country, account.country, Math.min(3, rarity(statistics.countries, lead.country)));
  else add('another country', lead.country, account.country, PLACE.otherCountry);
  return isSame;
}

function phoneEvidence(lead: LeadRecord, account: AccountRecord, statistics: AccountStatistics, evidence: Evidence[]): boolean {
  if (lead.phone === null || lead.phone !== account.phone) return false;
  // the last digits alone are compared, which two countries may both have
  if (lead.country !== null && account.country !== null && lead.country !== account.country) return false;
  const tf = Math.max(1, statistics.phones.get(lead.phone) ?? 1);
  const bits = hundredths(Math.min(PHONE_MOST, Math.log2(Math.max(2, statistics.accounts))) + (tf > 2 ? -2 : 6) - Math.log2(tf));
  evidence.push({ group: 'phone', level: 'the account’s telephone number', left: lead.phone, right: account.phone, bits, tf });
  return true;
}
