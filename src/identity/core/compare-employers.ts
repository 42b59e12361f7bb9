import { compareWords, WORDS, WordWeights } from './compare-tokens.ts';
import { MAIL } from './compare-values.ts';
import { type Comparison, shareOf } from './comparison.ts';
import { PairCache } from './pair-cache.ts';
import type { Column, Table } from './table.ts';

const EMPLOYER = { domain: 1, company: 2, similar: 3, place: 4, different: 5, address: 6 } as const;

/**
 * Domain, company and place of work are one piece of evidence, as colleagues share them all: the strongest agreement counts, once.
 * Where the addresses agree already, the employer adds nothing.
 */
export function compareEmployers(table: Table, mail: Comparison | undefined): Comparison {
  const { domain, company } = table;
  const [city, postcode] = company === undefined ? [undefined, undefined] : [table.city, table.postcode];
  const weights = company === undefined ? undefined : new WordWeights(company.values);
  const names =
    company === undefined || weights === undefined
      ? undefined
      : new PairCache(company.values, (a, b) => Number(isSimilar(company.values[a] as string, company.values[b] as string, () => compareWords(weights, a, b))));
  const both = (column: Column | undefined, a: number, b: number) =>
    column !== undefined && (column.codes[a] as number) >= 0 && (column.codes[b] as number) >= 0;
  const same = (column: Column | undefined, a: number, b: number) =>
    column !== undefined && (column.codes[a] as number) >= 0 && column.codes[a] === column.codes[b];
  const share = (column: Column | undefined, record: number) => (column === undefined ? 0 : shareOf(column, column.codes[record] as number));
  return {
    id: 'employer',
    kind: 'employer',
    group: 'employer',
    level(a, b) {
      const mails = mail === undefined ? 0 : mail.level(a, b);
      if (mails === MAIL.same || mails === MAIL.typo) return EMPLOYER.address;
      if (same(domain, a, b)) return EMPLOYER.domain;
      if (same(company, a, b)) return EMPLOYER.company;
      const isNamed = both(company, a, b);
      if (isNamed && names?.level(company?.codes[a] as number, company?.codes[b] as number) === 1) return EMPLOYER.similar;
      if (isNamed || both(domain, a, b)) return EMPLOYER.different;
      return same(postcode, a, b) || (same(city, a, b) && !both(postcode, a, b)) ? EMPLOYER.place : 0;
    },
    rarity(level, a, b) {
      if (level === EMPLOYER.domain) return share(domain, a);
      if (level === EMPLOYER.company) return share(company, a);
      return same(postcode, a, b) ? share(postcode, a) : share(city, a);
    },
    shown: (record) =>
      [domain, company, city]
        .map((column) => column?.values[column.codes[record] as number] ?? '')
        .filter((text) => text !== '')
        .join(', '),
  };
}

function isSimilar(a: string, b: string, words: () => number): boolean {
  return isAcronym(a, b) || isAcronym(b, a) || words() <= WORDS.near;
}

/** The first letters of a name of two words or more. */
function isAcronym(short: string, long: string): boolean {
  if (short.length < 2 || short.length > 6 || short.includes(' ')) return false;
  const words = long.split(' ', 8);
  return words.length > 1 && words.map((word) => word[0]).join('') === short;
}
