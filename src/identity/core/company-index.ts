import type { Company } from './normalise-company.ts';
import { spellingIndex } from './spelling-index.ts';

/** Finds the companies whose names may be meant by a name, without comparing it with all. */
export interface CompanyIndex {
  /**
   * Positions of candidates in ascending order.
   * @param farthest leaves out those that share words worth so many bits less than the best; all when left out
   */
  candidates(company: Company, farthest?: number): number[];
}

/** A word of more companies than this, or of more than one name in 64, finds nobody on its own: it tells less than six bits. */
const POSTING_CAP = 300;
const FEWEST_SHARING = 20;
const SHARE = 64;
/** At most so many candidates a name, those of its rarest words first. */
const MOST_CANDIDATES = 600;

/** Index over companies in the order given; a null has no name and is never found by one. */
export function companyIndex(companies: readonly (Company | null)[]): CompanyIndex {
  const wholes = new Map<string, number[]>();
  const words = new Map<string, number[]>();
  const add = (to: Map<string, number[]>, key: string, at: number) => {
    const posting = to.get(key);
    if (posting === undefined) to.set(key, [at]);
    else if (posting.at(-1) !== at && posting.length <= POSTING_CAP) posting.push(at);
  };
  companies.forEach((company, at) => {
    if (company === null) return;
    for (const key of exactKeys(company)) add(wholes, key, at);
    for (const word of new Set(company.baseWords)) add(words, word, at);
  });
  const vocabulary = [...words.keys()].sort();
  const spellings = spellingIndex(vocabulary);
  const cap = Math.min(POSTING_CAP, Math.max(FEWEST_SHARING, Math.floor(companies.length / SHARE)));
  return {
    candidates(company, farthest = Number.POSITIVE_INFINITY) {
      const found = new Set<number>();
      for (const key of exactKeys(company)) for (const at of wholes.get(key) ?? []) found.add(at);
      const postings: (readonly number[])[] = [];
      for (const word of new Set(company.baseWords)) {
        const posting = words.get(word);
        if (posting !== undefined) postings.push(posting);
        for (const other of spellings.near(word)) postings.push(words.get(vocabulary[other] ?? '') ?? []);
      }
      postings.sort((a, b) => a.length - b.length);
      // what the words shared with each tell, roughly: it spares comparing with all that share but one
      const weights = new Map<number, number>();
      let most = 0;
      for (const posting of postings) {
        if (posting.length > cap || weights.size >= MOST_CANDIDATES) break;
        const bits = Math.log2(companies.length / posting.length);
        for (const at of posting) {
          const weight = (weights.get(at) ?? 0) + bits;
          weights.set(at, weight);
          if (weight > most) most = weight;
        }
      }
      for (const [at, weight] of weights) if (weight >= most - farthest) found.add(at);
      return [...found].sort((a, b) => a - b);
    },
  };
}

/** Whole names under which a company is looked for: its own, its base, its aliases, its acronym. */
export function exactKeys(company: Company): string[] {
  const base = company.baseCompact;
  const keys = [`n:${company.compact}`, `n:${base}`, ...company.aliases.map((alias) => `n:${alias.replaceAll(' ', '')}`)];
  if (base.length <= 6) keys.push(`a:${base}`);
  if (company.acronym !== null && company.acronym.length >= 3) keys.push(`a:${company.acronym}`);
  return [...new Set(keys)];
}
