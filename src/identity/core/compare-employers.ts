import { isTypo } from './compare-names.ts';
import { compareWords, isAcronym, WORDS, WordWeights } from './compare-tokens.ts';
import { MAIL } from './compare-values.ts';
import { type Comparison, shareOf } from './comparison.ts';
import { PairCache } from './pair-cache.ts';
import type { Column, Table } from './table.ts';
import { hashesOf } from './texts.ts';

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
      : new PairCache(company.values, (left, right, a, b) =>
          Number(isTypo(left, right) || compareWords(weights, a, b) === WORDS.near || isAcronym(weights.wordsOf(a), weights.wordsOf(b))),
        );
  // most pairs are of two employers whose names do not even begin alike
  const starts = hashesOf(company?.values ?? [], 0, 1);
  const mayBeLike = (x: number, y: number) => starts[x] === starts[y];
  const both = (column: Column | undefined, a: number, b: number) =>
    column !== undefined && (column.codes[a] as number) >= 0 && (column.codes[b] as number) >= 0;
  const same = (column: Column | undefined, a: number, b: number) =>
    column !== undefined && (column.codes[a] as number) >= 0 && column.codes[a] === column.codes[b];
  const share = (column: Column | undefined, record: number) =>
    column === undefined ? 0 : shareOf(column, column.codes[record] as number);
  return {
    id: 'employer',
    kind: 'employer',
    group: 'employer',
    level(a, b) {
      const mails = mail === undefined ? 0 : mail.level(a, b);
      if (mails === MAIL.same || mails === MAIL.typo) return EMPLOYER.address;
      if (same(domain, a, b)) return EMPLOYER.domain;
      if (same(company, a, b)) return EMPLOYER.company;
      const [x, y] = company === undefined ? [-1, -1] : [company.codes[a] as number, company.codes[b] as number];
      if (x >= 0 && y >= 0) return mayBeLike(x, y) && names?.level(x, y) === 1 ? EMPLOYER.similar : EMPLOYER.different;
      if (both(domain, a, b)) return EMPLOYER.different;
      return same(postcode, a, b) || (same(city, a, b) && !both(postcode, a, b)) ? EMPLOYER.place : 0;
    },
    rarity(level, a, b) {
      if (level === EMPLOYER.domain) return share(domain, a);
      if (level === EMPLOYER.company) return share(company, a);
      return same(postcode, a, b) ? share(postcode, a) : share(city, a);
    },
    shown: (record) =>
      [domain, company, city]
        .map((column) => column?.values.at(column.codes[record] as number) ?? '')
        .filter((text) => text !== '')
        .join(', '),
  };
}
