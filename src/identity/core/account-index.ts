import type { AccountDecision } from './account-decision.ts';
import type { AccountRecord, AccountStatistics, KnownLeads, LeadRecord } from './account-evidence.ts';
import { companyIndex } from './company-index.ts';
import { type CompanyStatistics, listStatistics } from './company-statistics.ts';
import { compareCompanies, type NameComparison } from './compare-companies.ts';
import { countOf } from './count-of.ts';
import { decideAccount } from './decide-account.ts';
import type { Company } from './normalise-company.ts';
import { isOneEdit } from './one-edit.ts';

/** Accounts found by name for one company, best first, are at most so many. */
const MOST_NAMED = 100;
const LEAST_NAME_BITS = 2;
/** A name so far behind the best is not made up for by a place. */
const FARTHEST_BEHIND = 14;
/** The same before names are compared, by the words that they share. */
const FARTHEST_WORDS = 10;
const REMEMBERED_NAMES = 50_000;
/** A domain or number of more accounts than this finds none of them. */
const MOST_SHARING = 50;
/** So many companies that differ, none of them most of the leads, make a domain a shared one. */
const SHARED_NAMES = 5;

/** Matches leads with accounts that are all in memory. */
export interface AccountMatcher {
  statistics: AccountStatistics;
  decide(lead: LeadRecord): AccountDecision;
}

/** What the addresses of all leads tell. */
export class LeadDomains {
  /** E-mail domain → the companies that its leads name; bounded a domain, as more tell nothing new. */
  readonly #names = new Map<string, Map<string, number>>();
  /** Leads by the registrable domain of a corporate address of their own. */
  readonly counts = new Map<string, number>();
  readonly #accounts: ReadonlySet<string>;
  /** Leads that name a company, and those that name it as an account is called. */
  #named = 0;
  #called = 0;

  /** @param accounts to count the leads that name one */
  constructor(accounts: readonly AccountRecord[] = []) {
    this.#accounts = new Set(accounts.flatMap(({ company }) => company?.compact ?? []));
  }

  add(lead: LeadRecord): void {
    const { email, company } = lead;
    if (company !== null) this.#named += 1;
    if (company !== null && this.#accounts.has(company.compact)) this.#called += 1;
    if (email === null || !email.isCorporate) return;
    if (!email.isRole) this.counts.set(email.registrable, (this.counts.get(email.registrable) ?? 0) + 1);
    if (company === null) return;
    const names = this.#names.get(email.registrable) ?? new Map<string, number>();
    this.#names.set(email.registrable, names);
    const name = company.base;
    if (names.size < 200 || names.has(name)) names.set(name, (names.get(name) ?? 0) + 1);
  }

  /** The share of the leads that name an account, of those that name a company at all; undefined of a few. */
  called(): number | undefined {
    return this.#named < FEWEST_LEADS ? undefined : Math.min(MOST_PRESENT, this.#called / this.#named);
  }

  /** Domains of which no company has half of the leads, and many that have no word in common have some. */
  shared(): ReadonlySet<string> {
    const shared = new Set<string>();
    for (const [domain, names] of this.#names) {
      if (names.size < SHARED_NAMES) continue;
      const counts = unrelated(names);
      const all = counts.reduce((sum, count) => sum + count, 0);
      if (counts.length >= SHARED_NAMES && Math.max(...counts) * 2 < all) shared.add(domain);
    }
    return shared;
  }
}

/** Leads per company, where names with a word in common, or one typing error apart, are one company. */
function unrelated(names: ReadonlyMap<string, number>): number[] {
  const groups: { words: Set<string>; name: string; count: number }[] = [];
  for (const [name, count] of [...names].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))) {
    const words = name.split(' ');
    const group = groups.find((one) => words.some((word) => one.words.has(word)) || isOneEdit(one.name, name));
    if (group === undefined) groups.push({ words: new Set(words), name, count });
    else group.count += count;
  }
  return groups.map(({ count }) => count);
}

/** Indexes the accounts. @param leads whose domains are known; left out, nothing is known of them */
export function accountMatcher(accounts: readonly AccountRecord[], leads: LeadDomains = new LeadDomains()): AccountMatcher {
  const sharedDomains = leads.shared();
  const companies = accounts.map(({ company }) => company);
  const names = listStatistics(
    accounts.flatMap(({ company, domain, city, country }) =>
      company === null ? [] : [{ company, domain: domain?.registrable ?? null, city, country }],
    ),
  );
  const index = companyIndex(companies);
  const byDomain = new Map<string, number[]>();
  const byPhone = new Map<string, number[]>();
  accounts.forEach(({ domain, aliasDomains, phone }, at) => {
    for (const one of new Set([...(domain === null ? [] : [domain.registrable]), ...aliasDomains])) push(byDomain, one, at);
    if (phone !== null) push(byPhone, phone, at);
  });
  const called = leads.called();
  const known = knownLeads(leads.counts, byDomain, sharedDomains, accounts);
  const statistics: AccountStatistics = {
    accounts: accounts.length,
    names,
    domains: sizes(byDomain),
    phones: sizes(byPhone),
    cities: countOf(accounts.map(({ city }) => city)),
    countries: countOf(accounts.map(({ country }) => country)),
    postcodes: countOf(accounts.map(({ postcode }) => postcode)),
    sharedDomains,
    ...(known !== undefined && { leads: known }),
    ...(called !== undefined && { called }),
  };
  const spelled = compactNames(accounts);
  const named = new Map<string, Named>();
  const byName = (company: Company): Named => {
    const asked = `${company.key}|${company.aliases.join('|')}`;
    const known = named.get(asked);
    if (known !== undefined) return known;
    const found = rankedByName(company, index.candidates(company, FARTHEST_WORDS), companies, names);
    if (named.size >= REMEMBERED_NAMES) named.clear();
    named.set(asked, found);
    return found;
  };
  return {
    statistics,
    decide(lead) {
      const names = lead.company === null ? undefined : byName(lead.company);
      const found = new Set<number>(names?.found);
      for (const domain of [lead.email?.isCorporate === true ? lead.email.registrable : null, lead.domain?.registrable ?? null])
        if (domain !== null) for (const at of atMost(byDomain.get(domain))) found.add(at);
      if (lead.phone !== null) for (const at of atMost(byPhone.get(lead.phone))) found.add(at);
      if (lead.company === null && lead.email?.isCorporate === true) {
        const label = lead.email.registrable.slice(0, lead.email.registrable.indexOf('.')).replaceAll('-', '');
        for (const at of atMost(spelled.get(label))) found.add(at);
      }
      const candidates = [...found].map((at) => accounts[at]).filter((account) => account !== undefined);
      return decideAccount(lead, candidates, statistics, (a, b) => names?.comparisons.get(b) ?? compareCompanies(a, b, statistics.names));
    },
  };
}

/** Of fewer leads with a domain of their own the share that is present is not told. */
const FEWEST_LEADS = 100;
/** Who writes from a private address is less sure to be of an account than the others show. */
const MOST_PRESENT = 0.9;
const LEAST_PRESENT = 0.05;

/** Whose the leads are that have an address of their company, as far as accounts have domains. */
function knownLeads(
  counts: ReadonlyMap<string, number>,
  byDomain: ReadonlyMap<string, readonly number[]>,
  sharedDomains: ReadonlySet<string>,
  accounts: readonly AccountRecord[],
): KnownLeads | undefined {
  const known = new Map<string, number>();
  let [all, found] = [0, 0];
  for (const [domain, count] of counts) {
    if (sharedDomains.has(domain)) continue;
    all += count;
    if (!byDomain.has(domain)) continue;
    found += count;
    known.set(domain, count);
  }
  const told =
    accounts.filter(({ domain, aliasDomains }) => domain !== null || aliasDomains.length > 0).length / Math.max(1, accounts.length);
  if (all < FEWEST_LEADS || told < 0.5) return undefined;
  return { byDomain: known, all: found, present: Math.max(LEAST_PRESENT, Math.min(MOST_PRESENT, found / all / told)) };
}

/** Accounts without a domain, by their name without spaces. */
function compactNames(accounts: readonly AccountRecord[]): ReadonlyMap<string, number[]> {
  const names = new Map<string, number[]>();
  accounts.forEach(({ company, domain }, at) => {
    if (company === null || domain !== null) return;
    for (const name of new Set([company.compact, company.baseCompact])) push(names, name, at);
  });
  return names;
}

interface Named {
  found: readonly number[];
  comparisons: ReadonlyMap<Company, NameComparison>;
}

function rankedByName(company: Company, found: readonly number[], companies: readonly (Company | null)[], names: CompanyStatistics): Named {
  const compared: { at: number; other: Company; comparison: NameComparison }[] = [];
  for (const at of found) {
    const other = companies[at];
    if (other === null || other === undefined) continue;
    const comparison = compareCompanies(company, other, names);
    if (comparison.bits >= LEAST_NAME_BITS) compared.push({ at, other, comparison });
  }
  compared.sort((a, b) => b.comparison.bits - a.comparison.bits || a.at - b.at);
  const least = (compared[0]?.comparison.bits ?? 0) - FARTHEST_BEHIND;
  const best = compared.slice(0, MOST_NAMED).filter(({ comparison }) => comparison.bits >= least);
  return { found: best.map(({ at }) => at), comparisons: new Map(best.map(({ other, comparison }) => [other, comparison])) };
}

function atMost(posting: readonly number[] | undefined): readonly number[] {
  return posting === undefined || posting.length > MOST_SHARING ? [] : posting;
}

function push(to: Map<string, number[]>, key: string, at: number): void {
  const posting = to.get(key);
  if (posting === undefined) to.set(key, [at]);
  else posting.push(at);
}

function sizes(postings: ReadonlyMap<string, readonly number[]>): ReadonlyMap<string, number> {
  return new Map([...postings].map(([key, posting]) => [key, posting.length]));
}
