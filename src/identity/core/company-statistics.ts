import { COMMON_WORDS, TAIL_WORDS } from './company-words.ts';
import type { Company } from './normalise-company.ts';

/** How often each word of a set of company names occurs in names that differ. */
export interface CompanyStatistics {
  /** Names that differ in more than legal form, country and the like. */
  names: number;
  words: ReadonlyMap<string, number>;
  acronyms: ReadonlyMap<string, number>;
  /** How much rarer whole names are than their words make believe, in bits, where that was found out. */
  wholeName?: number;
}

/** A name nobody else in the set has is as frequent as this: unseen is not impossible. */
const UNSEEN = 0.05;
/** A short list says little about how rare a word is in the world. */
const FEWEST_NAMES = 200;
/** Among the names with a word, about one in eight has no other. */
const WHOLE_NAME = 3;
const MOST_WHOLE_NAME = 5;
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
  let bits = WHOLE_NAME + (statistics.wholeName ?? 0);
  for (const word of words) bits += Math.min(MOST_BITS, bitsOf((statistics.words.get(word) ?? 0) - 1, statistics.names));
  return bits;
}

/**
 * Statistics of a list in which each company should be once. As many names as would be borne by two of them if words fell together
 * by chance, against as many as are: that tells, without any label, how much a whole name is worth here.
 */
export function listStatistics(companies: readonly Company[]): CompanyStatistics {
  const statistics = companyStatistics(companies);
  const bearers = new Map<string, number>();
  for (const { base } of companies) bearers.set(base, (bearers.get(base) ?? 0) + 1);
  let expected = 0;
  let twins = 0;
  for (const [base, count] of bearers) {
    expected += (companies.length / 2) * 2 ** -nameBits(base.split(' '), statistics);
    twins += (count * (count - 1)) / 2;
  }
  const wholeName = Math.max(0, Math.min(MOST_WHOLE_NAME, Math.log2((expected + 1) / (twins + 1))));
  return { ...statistics, wholeName: Math.round(wholeName * 100) / 100 };
}

/** What it tells that a name is the acronym of another; two letters tell little, and many names have the same. */
export function acronymBits(acronym: string, statistics: CompanyStatistics): number {
  return Math.min(4 * acronym.length, bitsOf((statistics.acronyms.get(acronym) ?? 0) - 1, statistics.names));
}

function bitsOf(others: number, names: number): number {
  return Math.log2((Math.max(FEWEST_NAMES, names) + 1) / (Math.max(0, others) + UNSEEN));
}
