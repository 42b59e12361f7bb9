import { COUNTRY_WORDS } from './company-words.ts';
import { INNER_FORMS } from './legal-forms.ts';
import type { Company } from './normalise-company.ts';

/** By what names of a list that are alike differ: as often as two companies do, so often does it tell one from the other. */
export interface CompanyFamilies {
  /** How many companies have a mark, as `holding`, a country, `branch`. */
  having: ReadonlyMap<string, number>;
  /** Of how many of them there is another of the same name without it. */
  apart: ReadonlyMap<string, number>;
  /** Relatives of which both have a city, and those who have the same; and so with countries. */
  cities: Together;
  countries: Together;
  /** Companies whose names have several words, and those of them that begin with the whole name of another. */
  several: number;
  longer: number;
}

export interface Together {
  known: number;
  same: number;
}

/** A company of a list, where it is, and its registrable domain. */
export interface ListedCompany {
  company: Company;
  domain: string | null;
  city?: string | null;
  country?: string | null;
}

/** What two names of one key differ by when their legal forms are two. */
const FORM = 'form';
const COUNTRY = 'country';
/** What companies of one key differ by that are in two countries. */
const ABROAD = 'abroad';
/** How often a name has a mark that its company has not, and leaves out one that it has: in lists of real companies under a hundredth, and a half. */
const ADDED = 1 / 128;
const DROPPED = 1 / 3;
/** Legal forms are mixed up more often, one in fifteen; and somebody may be in another country than his company. */
const MIXED = 1 / 16;
const IN_ANOTHER = 1 / 8;
/** How often a name has words that its company has not, and leaves out some that it has. */
const WORDS_ADDED = 1 / 32;
const WORDS_DROPPED = 1 / 8;
/** Forms that stand beside others, or for any. */
const LOOSE_FORMS: ReadonlySet<string> = new Set(['listed', 'co']);
/** What was never seen is not impossible. */
const UNSEEN = 0.05;
/** Of fewer companies with a mark little is told by none being apart. */
const FEW = 20;
/** More of one name are branches, or chains. */
const LARGE = 200;

const PLACE_WORDS: ReadonlySet<string> = new Set([...COUNTRY_WORDS.keys()].flatMap((phrase) => phrase.split(' ')));

/** What a name has beyond its base, as it counts: all countries are one mark. */
export function marksOf({ tokens, baseWords, country }: Company): readonly string[] {
  if (tokens.length <= baseWords.length) return [];
  const words = tokens.slice(baseWords.length).filter((word) => !INNER_FORMS.has(word));
  return country === null ? words : [...words.filter((word) => !PLACE_WORDS.has(word)), COUNTRY];
}

/** Finds the families of a list in which each company should be once. */
export function companyFamilies(companies: readonly ListedCompany[]): CompanyFamilies {
  const [having, apart] = [new Map<string, number>(), new Map<string, number>()];
  const groups = new Map<string, ListedCompany[]>();
  for (const one of companies) {
    push(groups, one.company.base, one);
    for (const mark of marksIn(one)) add(having, mark);
  }
  const [cities, countries] = [
    { known: 0, same: 0 },
    { known: 0, same: 0 },
  ];
  const isRelative = (one: ListedCompany, side: Side): boolean => {
    if (!isApart(one, side)) return false;
    count(cities, one.city, side.cities);
    count(countries, one.country, side.countries);
    return true;
  };
  for (const group of groups.values()) {
    if (group.length === 1) continue;
    if (group.length > LARGE) {
      for (const mark of group.flatMap(marksIn)) add(apart, mark);
      continue;
    }
    for (const mark of new Set(group.flatMap(marksIn))) {
      for (const { own, side } of sidesOf(group, mark)) for (const one of own) if (isRelative(one, side)) add(apart, mark);
    }
  }
  const sides = new Map<string, Side>();
  const sideNamed = (base: string): Side | undefined => {
    const group = groups.get(base);
    if (group !== undefined && !sides.has(base)) sides.set(base, sideOf(group));
    return sides.get(base);
  };
  let [several, longer] = [0, 0];
  for (const one of companies) {
    const { baseWords } = one.company;
    if (baseWords.length < 2) continue;
    several += 1;
    const parent = baseWords.map((_, i) => sideNamed(baseWords.slice(0, baseWords.length - 1 - i).join(' '))).find((side) => side);
    if (parent !== undefined && isRelative(one, parent)) longer += 1;
  }
  return { having, apart, cities, countries, several, longer };
}

/** Of a sample of a list what it comes to in the list: of two relatives both are in it seldom. @param scale how much larger the list is */
export function scaledFamilies({ having, apart, several, longer, ...places }: CompanyFamilies, scale: number): CompanyFamilies {
  const times = (counts: ReadonlyMap<string, number>, by: number) => new Map([...counts].map(([mark, n]) => [mark, n * by]));
  const all = times(having, scale);
  const told = new Map([...times(apart, scale ** 2)].map(([mark, n]) => [mark, Math.min(n, all.get(mark) ?? n)]));
  return { ...places, having: all, apart: told, several: several * scale, longer: Math.min(several * scale, longer * scale ** 2) };
}

interface Side {
  domains: ReadonlySet<string | null>;
  cities: ReadonlySet<string>;
  countries: ReadonlySet<string>;
}

function count(to: Together, own: string | null | undefined, others: ReadonlySet<string>): void {
  if (own == null || others.size === 0) return;
  to.known += 1;
  if (others.has(own)) to.same += 1;
}

/** Those of a group that have a mark, each with those that have it not, or have another of the kind. */
function sidesOf(group: readonly ListedCompany[], mark: string): { own: readonly ListedCompany[]; side: Side }[] {
  // names of two keys are not told apart by their forms or places alone
  const kinds = new Map<string, Map<string, ListedCompany[]>>();
  for (const one of group) {
    const value = valueAt(one, mark);
    if (value === null) continue;
    const kind = mark === FORM || mark === ABROAD ? one.company.key : '';
    const values = kinds.get(kind) ?? new Map<string, ListedCompany[]>();
    kinds.set(kind, values);
    push(values, value, one);
  }
  return [...kinds.values()].flatMap((values) =>
    [...values].flatMap(([value, own]) => {
      const others = [...values].flatMap(([other, listed]) => (other === value ? [] : listed));
      return value === '' || others.length === 0 ? [] : [{ own, side: sideOf(others) }];
    }),
  );
}

function valueAt({ company, country }: ListedCompany, mark: string): string | null {
  if (mark === ABROAD) return country ?? null;
  if (mark === FORM) return formOf(company);
  if (mark === COUNTRY) return company.country ?? '';
  return marksOf(company).includes(mark) ? mark : '';
}

function sideOf(companies: readonly ListedCompany[]): Side {
  return {
    domains: new Set(companies.map(({ domain }) => domain)),
    cities: new Set(companies.flatMap(({ city }) => city ?? [])),
    countries: new Set(companies.flatMap(({ country }) => country ?? [])),
  };
}

/** On one domain they may be one company that is there twice. */
function isApart({ domain }: ListedCompany, { domains }: Side): boolean {
  return domain === null || domains.size > 1 || !domains.has(domain);
}

function marksIn({ company, country }: ListedCompany): string[] {
  return [...new Set([...marksOf(company), ...(formOf(company) === null ? [] : [FORM]), ...(country == null ? [] : [ABROAD])])];
}

/** The legal form, where it is one that companies differ by. */
export function formOf({ legalForm }: Company): string | null {
  return legalForm === null || LOOSE_FORMS.has(legalForm) ? null : legalForm;
}

function add(to: Map<string, number>, key: string): void {
  to.set(key, (to.get(key) ?? 0) + 1);
}

function push(to: Map<string, ListedCompany[]>, key: string, one: ListedCompany): void {
  const listed = to.get(key);
  if (listed === undefined) to.set(key, [one]);
  else listed.push(one);
}

/** A name, and the country of its company where that is known. */
export interface Placed {
  company: Company;
  country: string | null;
}

/**
 * log2 of how much likelier a name is that of an account which is called so but for its marks, than that of a relative which is not there:
 * beyond finding the one among all. Null where they do not differ by any. A country in a name is no mark of who is there.
 * @param said the name that somebody gave
 * @param names how many the list has
 */
export function relativeBits(said: Placed, listed: Placed, { having, apart }: CompanyFamilies, names: number): number | null {
  const told = (mark: string) => (apart.get(mark) ?? 0) + UNSEEN;
  const share = (mark: string) => told(mark) / ((having.get(mark) ?? 0) + FEW);
  const bits = [
    ...marksBeyond(said, listed).map((mark) => Math.log2((ADDED * Math.max(1, names)) / told(mark))),
    ...marksBeyond(listed, said).map((mark) => Math.log2(DROPPED / share(mark))),
  ];
  if (said.company.key === listed.company.key) {
    if (areOtherForms(said.company, listed.company)) bits.push(Math.log2(MIXED / share(FORM)));
    if (said.country !== null && listed.country !== null && said.country !== listed.country)
      bits.push(Math.log2(IN_ANOTHER / share(ABROAD)));
  }
  return bits.length === 0 ? null : Math.min(...bits);
}

/** The same of a name that is a part of the other. */
export function longerBits(said: Company, listed: Company, { several, longer }: CompanyFamilies, names: number): number {
  return said.baseWords.length > listed.baseWords.length
    ? Math.log2((WORDS_ADDED * Math.max(1, names)) / (longer + UNSEEN))
    : Math.log2((WORDS_DROPPED * (several + 1)) / (longer + UNSEEN));
}

/** True where both have a legal form, and they are two. */
export function areOtherForms(a: Company, b: Company): boolean {
  const [one, other] = [formOf(a), formOf(b)];
  return one !== null && other !== null && one !== other;
}

/** The marks that one has, and the other neither has nor is by its place. */
function marksBeyond({ company }: Placed, other: Placed): string[] {
  const marks = marksOf(other.company);
  return marksOf(company).filter((mark) =>
    mark === COUNTRY ? company.country !== other.company.country && company.country !== other.country : !marks.includes(mark),
  );
}

/** The marks that one of two names has, and the other has not. */
export function differingMarks(a: Company, b: Company): string[] {
  const [one, other] = [a, b].map((company) => ({ company, country: null })) as [Placed, Placed];
  return [...marksBeyond(one, other), ...marksBeyond(other, one)];
}

/** What the same place tells between a company and its relative. */
export function togetherBits({ known, same }: Together): number {
  return Math.log2((known + 4) / (same + 1));
}
