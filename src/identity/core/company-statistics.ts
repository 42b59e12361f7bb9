import { type CompanyFamilies, companyFamilies, type ListedCompany } from './company-families.ts';
import { COMMON_WORDS, TAIL_WORDS } from './company-words.ts';
import type { Company } from './normalise-company.ts';

/** How often each word of a set of company names occurs in names that differ. */
export interface CompanyStatistics {
  /** Names that differ in more than legal form, country and the like. */
  names: number;
  words: ReadonlyMap<string, number>;
  acronyms: ReadonlyMap<string, number>;
  /** How much rarer whole names are than their words make believe, in bits, by the number of words, where that was found out. */
  wholeNames?: readonly number[];
  /** Companies of one name, of a list in which each should be once. */
  families?: CompanyFamilies;
}

/** A name nobody else in the set has is as frequent as this: unseen is not impossible. */
const UNSEEN = 0.05;
/** A short list says little about how rare a word is in the world. */
const FEWEST_NAMES = 200;
/** Among the names with a word, about one in eight has no other. */
const WHOLE_NAME = 3;
const MOST_WHOLE_NAME = 5;
const LEAST_WHOLE_NAME = -3;
/** Names of more words are taken together. */
const MOST_NAME_WORDS = 4;
const MOST_BITS = 18;
const MOST_BITS_COMMON = 5;
const MOST_BITS_TAIL = 1;

/** Counts words over names that differ, so that a company in seven lists counts once. */
export function companyStatistics(companies: Iterable<Company>): CompanyStatistics {
  const words = new Map<string, number>();
  const acronyms = new Map<string, number>();
  const seen = new Set<string>();
  for (const { base, baseWords, acronym } of companies) {
    if (seen.has(base)) continue;
    seen.add(base);
    for (const word of new Set(baseWords)) words.set(word, (words.get(word) ?? 0) + 1);
    if (acronym !== null) acronyms.set(acronym, (acronyms.get(acronym) ?? 0) + 1);
  }
  return { names: seen.size, words, acronyms };
}

/**
 * What it tells, in bits, that two names share a word: −log2 of its share among other names.
 * @param own how many of the counted names are those compared
 */
export function wordBits(word: string, statistics: CompanyStatistics, own: number): number {
  const bits = bitsOf((statistics.words.get(word) ?? 0) - own, statistics.names);
  const most = TAIL_WORDS.has(word)
    ? MOST_BITS_TAIL
    : COMMON_WORDS.has(word)
      ? MOST_BITS_COMMON
      : word.length === 1
        ? MOST_BITS_COMMON
        : MOST_BITS;
  return Math.min(most, bits);
}

/**
 * What it tells that whole names are the same: that they share each word, however common, and have no other. The words of a whole
 * name are read as they are counted: few companies are called American International, though each word is common.
 */
export function nameBits(words: readonly string[], statistics: CompanyStatistics): number {
  let bits = WHOLE_NAME + (statistics.wholeNames?.[Math.min(MOST_NAME_WORDS, words.length)] ?? 0);
  for (const word of words) bits += Math.min(MOST_BITS, bitsOf((statistics.words.get(word) ?? 0) - 1, statistics.names));
  return bits;
}

/**
 * Statistics of a list in which each company should be once. As many names as would be borne by two of them if words fell together
 * by chance, against as many as are: that tells, without any label, how much a whole name is worth here. It is told apart by the number
 * of words: a surname that is a firm's whole name has more namesakes than its rarity says, three words together hardly any.
 * @param companies a name with its registrable domain: on one domain it is the same company twice, on two they are namesakes
 */
export function listStatistics(companies: readonly ListedCompany[]): CompanyStatistics {
  const statistics = companyStatistics(companies.map(({ company }) => company));
  const bearers = new Map<string, (string | null)[]>();
  for (const { company, domain } of companies) {
    const domains = bearers.get(company.base);
    if (domains === undefined) bearers.set(company.base, [domain]);
    else domains.push(domain);
  }
  const expected = new Float64Array(MOST_NAME_WORDS + 1);
  const twins = new Float64Array(MOST_NAME_WORDS + 1);
  const namesakes = new Float64Array(MOST_NAME_WORDS + 1);
  for (const [base, domains] of bearers) {
    const words = base.split(' ');
    const k = Math.min(MOST_NAME_WORDS, words.length);
    add(expected, k, (companies.length / 2) * domains.length * 2 ** -nameBits(words, statistics));
    const [all, known] = pairsOf(domains);
    add(twins, k, all);
    add(namesakes, k, known);
  }
  const wholeNames = Array.from(expected, (chance, k) => {
    const [cautious, sure] = [twins, namesakes].map((found) => Math.log2((chance + 1) / ((found[k] as number) + 1)));
    // two of one name of which no domain is known may be one company: that makes the name no less telling
    const bits = (cautious ?? 0) >= 0 ? (cautious ?? 0) : Math.min(0, sure ?? 0);
    return Math.round(Math.max(LEAST_WHOLE_NAME, Math.min(MOST_WHOLE_NAME, bits)) * 100) / 100;
  });
  return { ...statistics, wholeNames, families: companyFamilies(companies) };
}

/** Pairs of companies of one name that are not on one domain, and of those the pairs that are known to be on two. */
function pairsOf(domains: readonly (string | null)[]): [all: number, known: number] {
  const counts = new Map<string, number>();
  for (const domain of domains) if (domain !== null) counts.set(domain, (counts.get(domain) ?? 0) + 1);
  const pairs = (n: number) => (n * (n - 1)) / 2;
  let [filled, same] = [0, 0];
  for (const count of counts.values()) {
    filled += count;
    same += pairs(count);
  }
  return [pairs(domains.length) - same, pairs(filled) - same];
}

function add(to: Float64Array, at: number, amount: number): void {
  to[at] = (to[at] as number) + amount;
}

/** What it tells that a name is the acronym of another; two letters tell little, and many names have the same. */
export function acronymBits(acronym: string, statistics: CompanyStatistics): number {
  return Math.min(4 * acronym.length, bitsOf((statistics.acronyms.get(acronym) ?? 0) - 1, statistics.names));
}

function bitsOf(others: number, names: number): number {
  return Math.log2((Math.max(FEWEST_NAMES, names) + 1) / (Math.max(0, others) + UNSEEN));
}
