import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { companyPairs } from '../../../src/identity/core/company-pairs.ts';
import { companyStatistics } from '../../../src/identity/core/company-statistics.ts';
import { compareCompanies } from '../../../src/identity/core/compare-companies.ts';
import { type Company, normaliseCompany } from '../../../src/identity/core/normalise-company.ts';
import { deletions, isOneEdit } from '../../../src/identity/core/one-edit.ts';
import { SHORTEST_TYPO, spellingIndex } from '../../../src/identity/core/spelling-index.ts';

const CORPUS = [
  ...['Acme', 'Borealis', 'Cadence', 'Delphi', 'Ember', 'Fjord', 'Granite', 'Harbor', 'Indigo', 'Juniper'].flatMap((name) =>
    ['Systems Inc', 'Energy GmbH', 'Foods Ltd', 'Logistics SA', 'Partners LLP'].map((rest) => `${name} ${rest}`),
  ),
  'Zyntrix Corp',
  'International Business Machines Corp',
  'IBM',
];

function company(text: string): Company {
  const read = normaliseCompany(text);
  if (read === null) throw new Error(`${text} is no company`);
  return read;
}

const statistics = companyStatistics(CORPUS.map(company));
const compare = (a: string, b: string) => compareCompanies(company(a), company(b), statistics);

describe('two company names', () => {
  test.each([
    ['Zyntrix Corp', 'ZYNTRIX, Inc.', 'same'],
    ['Zyntrix', 'Zyntrix Deutschland GmbH', 'same_but_form'],
    ['Zyntrix Holdings', 'Zyntrix International Group', 'same_but_form'],
    ['Zyntrix', 'Zyntirx', 'typo'],
    ['Blue Harbour Zyntrix', 'Harbour Blue Zyntrix', 'same_but_form'],
    ['International Business Machines', 'I.B.M. Corp.', 'acronym'],
    ['Zyntrix', 'Zyntrix Software', 'contained'],
    ['Acme Energy', 'Acme Foods', 'shared_words'],
    ['Acme Energy', 'Borealis Logistics', 'different'],
    ['Smith Holdings d/b/a Zyntrix', 'Zyntrix Inc', 'alias'],
    ['Zyntrix', 'Zyntrix V', 'contained'],
    ['Zyntrix Labs I', 'Zyntrix Labs IV', 'shared_words'],
  ])('%s and %s: %s', (a, b, level) => {
    expect(compare(a, b).level).toBe(level);
  });

  test('rare words count more, and a difference counts against', () => {
    expect(compare('Zyntrix', 'Zyntrix').bits).toBeGreaterThan(compare('Acme Energy', 'Acme Energy').bits / 2);
    expect(compare('Zyntrix', 'Zyntrix').bits).toBeGreaterThan(compare('Energy', 'Energy').bits);
    expect(compare('Zyntrix', 'Zyntrix').bits).toBeGreaterThan(compare('Zyntrix', 'Zyntirx').bits);
    expect(compare('Zyntrix', 'Zyntrix Software').bits).toBeGreaterThan(compare('Acme Energy', 'Acme Foods').bits);
    expect(compare('Acme Energy', 'Borealis Energy').bits).toBeLessThan(0);
  });

  test('any two texts: the order changes nothing', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.constantFrom(...CORPUS),
      fc.tuple(fc.constantFrom(...CORPUS), fc.constantFrom(' Group', ' d/b/a Zyntrix', ' UK', '')).map(([a, b]) => a + b),
    );
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [left, right] = [normaliseCompany(a), normaliseCompany(b)];
        if (left === null || right === null) return;
        expect(compareCompanies(left, right, statistics)).toEqual(compareCompanies(right, left, statistics));
      }),
      { seed: 7, numRuns: 3_000 },
    );
  });

  test('in a set of names the pairs are found, and the order of the set changes nothing', () => {
    const names = [...CORPUS, 'Zyntrix Deutschland GmbH', 'Zyntrx'].map(company);
    const found = (order: readonly number[]) =>
      [...companyPairs(order.map((i) => names[i] ?? null))]
        .map(({ a, b, level, bits }) => [Math.min(order[a] ?? 0, order[b] ?? 0), Math.max(order[a] ?? 0, order[b] ?? 0), level, bits])
        .sort();
    const order = names.map((_, i) => i);
    const pairs = found(order);
    expect(pairs.map(([a, b, level]) => [a, b, level])).toEqual(
      expect.arrayContaining([
        [50, 53, 'same_but_form'],
        [50, 54, 'typo'],
        [51, 52, 'acronym'],
      ]),
    );
    expect(found([...order].reverse())).toEqual(pairs);
    expect(pairs.length).toBeLessThan(6);
  });
});

describe('one edit', () => {
  test.each([
    ['smith', 'smith', false],
    ['smith', 'smiht', true],
    ['smith', 'smth', true],
    ['smith', 'smyth', true],
    ['smith', 'smiths', true],
    ['smith', 'msiht', false],
    ['', 'a', true],
  ])('%s and %s: %s', (a, b, isOne) => {
    expect(isOneEdit(a, b)).toBe(isOne);
    expect(isOneEdit(b, a)).toBe(isOne);
  });

  test('the words of a vocabulary that are one edit apart are found', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 4, maxLength: 9 });
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 60 }), word, (words, asked) => {
        const { near } = spellingIndex(words);
        const found = near(asked).map((at) => words[at]);
        const wanted = words.filter((other) => other.length >= SHORTEST_TYPO && asked.length >= SHORTEST_TYPO && isOneEdit(asked, other));
        expect(found).toEqual(expect.arrayContaining(wanted));
        expect(found).not.toContain(asked);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  test('texts one edit apart share a deletion', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.nat(8), fc.string({ minLength: 1, maxLength: 1 }), (text, at, letter) => {
        const other = text.slice(0, at) + letter + text.slice(at + 1);
        const forms = new Set(deletions(text));
        if (isOneEdit(text, other)) expect(deletions(other).some((form) => forms.has(form))).toBe(true);
      }),
      { seed: 7, numRuns: 1_000 },
    );
  });
});
