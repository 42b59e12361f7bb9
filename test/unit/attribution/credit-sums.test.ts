import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CreditSums, decimalsOf, rounded, sharesBy } from '../../../src/attribution/core/credit-sums.ts';
import { decimalUnits } from '../../../src/attribution/core/decimal.ts';
import { cutterFor, readUnits, separatorIn } from '../../../src/attribution/core/path-cells.ts';
import { pathColumns } from '../../../src/attribution/core/path-columns.ts';

const SEED = 20_260_331;
const cents = (figure: number) => BigInt(Math.round(figure * 100));

describe('sums of fractions', () => {
  it('are rounded to figures that sum to their total, whatever came in which order', () => {
    const adds = fc.array(
      fc.record({
        channel: fc.constantFrom('a', 'b', 'c', 'd'),
        cents: fc.integer({ min: -1_000_000, max: 1_000_000 }),
        part: fc.integer({ min: 0, max: 40 }),
        whole: fc.oneof(fc.integer({ min: 40, max: 200 }), fc.bigInt({ min: 40n, max: 2n ** 70n })),
      }),
    );
    fc.assert(
      fc.property(adds, (all) => {
        const channels = ['a', 'b', 'c', 'd'];
        const summed = (given: typeof all) => {
          const sums = new CreditSums();
          for (const { channel, cents, part, whole } of given) {
            const amount = decimalUnits(cents / 100);
            sums.add(channel, amount, part, whole);
            sums.add(channel === 'a' ? 'b' : 'a', amount, BigInt(whole) - BigInt(part), whole);
          }
          return rounded(sums.shares(channels), 2);
        };
        const figures = summed(all);
        expect(figures.reduce((sum, figure) => sum + cents(figure), 0n)).toBe(all.reduce((sum, one) => sum + BigInt(one.cents), 0n));
        expect(summed(all.toReversed())).toEqual(figures);
      }),
      { seed: SEED },
    );
  });

  it('go by weights that are no whole numbers, and are nothing without any', () => {
    expect(rounded(sharesBy([0.1, 0.2, 0.7], decimalUnits(10)), 2)).toEqual([1, 2, 7]);
    expect(rounded(sharesBy([1, 1, 1], decimalUnits(-1)), 2)).toEqual([-0.33, -0.33, -0.34]);
    expect(rounded(sharesBy([0, 0], decimalUnits(10)), 2)).toEqual([0, 0]);
  });

  it('are shown to as many decimals as a double holds', () => {
    expect([0.5, 27, 123_456, 9e13, 1e15].map((total) => decimalsOf(decimalUnits(total)))).toEqual([12, 12, 9, 2, 0]);
  });
});

describe('a number', () => {
  it.each<[number, bigint]>([
    [3, 3_000_000_000_000n],
    [0.1, 100_000_000_000n],
    [-2.5, -2_500_000_000_000n],
    [1e-12, 1n],
    [6e-13, 1n],
    [1.5e21, 1_500_000_000_000_000_000_000_000_000_000_000n],
  ])('%s is kept as its shortest decimal form says', (value, units) => expect(decimalUnits(value)).toBe(units));

  it.each<[string, ReturnType<typeof readUnits>]>([
    ['1,234', { value: decimalUnits(1234) }],
    ['3.0', { value: decimalUnits(3) }],
    [' $1,234.50 ', { value: decimalUnits(1234.5) }],
    ['nan', { value: undefined }],
    ['', { value: undefined }],
    ['1e-3', { value: decimalUnits(0.001) }],
    ['10-20', { reason: 'is not one number' }],
    ['> 500', { reason: 'is not one number' }],
    ['many', { reason: 'is not a number' }],
  ])('of a cell is read: %j', (cell, expected) => expect(readUnits(cell)).toEqual(expected));
});

describe('what stands between touches', () => {
  it.each<[string[], string, string[]]>([
    [['Paid, social > Email'], 'Paid, social > Email', ['Paid, social', 'Email']],
    [['A -> B'], 'A -> B=>C', ['A', 'B', 'C']],
    [['A', 'B|C'], 'A | B', ['A', 'B']],
    [['A; B'], 'A;B;', ['A', 'B', '']],
    [['A'], 'A, B', ['A, B']],
    [['A, B'], ' ', []],
    [['A'], `["A \\"x\\"", 'B']`, ['A "x"', 'B']],
    [['A'], '[A, B]', ['A', 'B']],
    [['A'], '[]', []],
  ])('shows in %j', (samples, cell, pieces) => expect(cutterFor(new Set(samples.map(separatorIn))).cut(cell)).toEqual(pieces));
});

describe('the columns of a file of paths', () => {
  const parts = (names: string[], examples: string[] = [], given: [string, 'path' | 'ignore'][] = []) =>
    pathColumns(names, examples, new Map(given)).map(({ part }) => part);
  it.each<[string[], string[]]>([
    [
      ['path', 'total_conversions', 'total_conversion_value', 'total_null', 'exposure_times'],
      ['path', 'conversions', 'value', 'nulls', 'times'],
    ],
    [
      ['channels_agg', 'converted_agg', 'conversion_value', 'time_till_conv_agg'],
      ['path', 'converted', 'conversions', 'hours'],
    ],
    [
      ['id', 'Customer Journey', 'Converted', 'Revenue'],
      ['ignore', 'path', 'converted', 'value'],
    ],
    [
      ['Source / Medium Path', 'Conversions', 'Conversion Value'],
      ['path', 'conversions', 'value'],
    ],
    [
      ['conversionPath', 'numConversions', 'nonConversions', 'days_before_conversion'],
      ['path', 'conversions', 'nulls', 'days'],
    ],
  ])('are known by their headers: %j', (names, expected) => expect(parts(names)).toEqual(expected));

  it('are found by what is in them, and by what was said', () => {
    expect(parts(['key', 'what'], ['1', 'A > B'])).toEqual(['ignore', 'path']);
    expect(parts(['path', 'what'], ['1', 'A > B'], [['what', 'path']])).toEqual(['ignore', 'path']);
    expect(() => parts(['path', 'n'], ['A', '1'], [['path', 'ignore']])).toThrow(/named as paths/);
  });
});
