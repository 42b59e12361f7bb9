import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countAccounts } from '../../../src/identity/core/account-counts.ts';
import { companyFamilies, type ListedCompany, marksOf, relativeBits, scaledFamilies } from '../../../src/identity/core/company-families.ts';
import { normaliseCompany } from '../../../src/identity/core/normalise-company.ts';

function listed(name: string, more: Partial<ListedCompany> = {}): ListedCompany {
  const company = normaliseCompany(name);
  if (company === null) throw new Error(`${name} is no company`);
  return { company, domain: null, ...more };
}

const entries = ({ having, apart, ...rest }: ReturnType<typeof companyFamilies>) => ({
  ...rest,
  having: [...having].sort(),
  apart: [...apart].sort(),
});

describe('families of a list', () => {
  test.each([
    ['Acme Holding AG', ['holding']],
    ['Acme Deutschland GmbH', ['country']],
    ['Acme Group (United Kingdom) Ltd', ['group', 'country']],
    ['Acme', []],
  ])('the marks of %s', (name, marks) => {
    expect([...marksOf(listed(name).company)].sort()).toEqual([...marks].sort());
  });

  test('companies are apart by what one of them has, unless they are on one domain', () => {
    const list = [
      listed('Acme', { city: 'berlin' }),
      listed('Acme Holding', { city: 'berlin' }),
      listed('Brio', { domain: 'brio.com' }),
      listed('Brio Holding', { domain: 'brio.com' }),
      listed('Cato Holding'),
      listed('Cato Leasing'),
      listed('Dorn GmbH'),
      listed('Dorn AG'),
    ];
    const { having, apart, cities, several, longer } = companyFamilies(list);
    expect(having.get('holding')).toBe(3);
    expect([...apart].sort()).toEqual([
      ['form', 2],
      ['holding', 1],
    ]);
    expect(cities).toEqual({ known: 1, same: 1 });
    expect([several, longer]).toEqual([1, 1]);
  });

  test('a name of another legal form, or in another country, is apart by that among names that are the same', () => {
    const list = [listed('Acme', { country: 'de' }), listed('Acme', { country: 'fr' }), listed('Acme Holding', { country: 'us' })];
    expect(companyFamilies(list).apart.get('abroad')).toBe(2);
  });

  test('the more there are apart, the less a name without the mark tells', () => {
    const bits = (families: number) => {
      const list = Array.from({ length: 100 }, (_, i) => [
        listed(`Tarn${i} Holding`),
        ...(i < families ? [listed(`Tarn${i}`)] : []),
      ]).flat();
      const found = companyFamilies(list);
      const at = (name: string) => ({ company: listed(name).company, country: null });
      return [
        relativeBits(at('Zyntrix Holding'), at('Zyntrix'), found, list.length),
        relativeBits(at('Zyntrix'), at('Zyntrix Holding'), found, list.length),
        relativeBits(at('Zyntrix'), at('Zyntrix'), found, list.length),
      ];
    };
    const [none, few, many] = [bits(0), bits(5), bits(50)];
    for (const i of [0, 1]) {
      expect(none[i]).toBeGreaterThan(few[i] ?? Number.NaN);
      expect(few[i]).toBeGreaterThan(many[i] ?? Number.NaN);
    }
    expect(many[2]).toBeNull();
  });

  test('a country in a name is no mark of who is there', () => {
    const found = companyFamilies([listed('Acme Deutschland'), listed('Acme')]);
    const said = { company: listed('Zyntrix Deutschland').company, country: null };
    const there = (country: string | null) => ({ company: listed('Zyntrix').company, country });
    expect(relativeBits(said, there('de'), found, 100)).toBeNull();
    expect(relativeBits(said, there('fr'), found, 100)).not.toBeNull();
  });

  test('the order of a list changes nothing, and one name of many companies is no hindrance', () => {
    const name = fc.tuple(
      fc.constantFrom('Acme', 'Brio', 'Cato Labs', 'Cato'),
      fc.constantFrom('', ' Holding', ' Group', ' UK', ' France', ' Labs'),
      fc.constantFrom('', ' GmbH', ' AG', ' Co'),
    );
    const one = fc.record({
      name: name.map((parts) => parts.join('')),
      domain: fc.constantFrom(null, 'a.com', 'b.com'),
      city: fc.constantFrom(null, 'berlin', 'paris'),
      country: fc.constantFrom(null, 'de', 'fr'),
    });
    const list = fc.array(one, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        list.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const read = (from: typeof all) => companyFamilies(from.map(({ name: text, ...rest }) => listed(text, rest)));
          const found = read(all);
          expect(entries(read(shuffled))).toEqual(entries(found));
          for (const [mark, n] of found.apart) expect(n).toBeLessThanOrEqual(found.having.get(mark) ?? 0);
        },
      ),
      { seed: 7, numRuns: 300 },
    );
    const chain = Array.from({ length: 2_000 }, (_, i) => listed(`Acme Inc ${i % 500} Branch`));
    expect(companyFamilies(chain).apart.get('branch')).toBe(2_000);
  });

  test('of a sample it is told what it comes to in the list', () => {
    const found = companyFamilies([
      listed('Acme'),
      listed('Acme Holding'),
      ...Array.from({ length: 9 }, (_, i) => listed(`Tarn${i} Holding`)),
    ]);
    const scaled = scaledFamilies(found, 2);
    expect(scaled.having.get('holding')).toBe(20);
    expect(scaled.apart.get('holding')).toBe(4);
    expect(scaledFamilies(found, 100).apart.get('holding')).toBe(1_000);
    const record = (name: string, id: string) => ({
      id,
      aliasDomains: [],
      company: listed(name).company,
      domain: null,
      city: null,
      country: null,
      postcode: null,
      phone: null,
    });
    const counts = countAccounts([record('Acme', '1'), record('Acme Holding', '2')], 2);
    expect(counts.families?.apart).toEqual([['holding', 1]]);
  });
});
