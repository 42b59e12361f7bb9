import { describe, expect, test } from 'vitest';
import type { FileRoles } from '../../../src/review/core/file-table.ts';
import { columnOf, type Rows, rowsOf } from '../../support/outcome-rows.ts';

const valuesOf = (rows: Rows, roles?: Partial<FileRoles>) => {
  const { column } = columnOf(rows, 'x', roles);
  return column?.type === 'number' ? [...column.values].slice(0, 4) : column?.levels;
};
const cycle = (...texts: string[]) => rowsOf(24, 'x', (i) => texts[i % texts.length] as string);

describe('what a column holds', () => {
  test.each([
    [
      ['1', '2.5', '-3'],
      [1, 2.5, -3, 1],
    ],
    [
      ['1', '', 'unknown', '4'],
      [1, Number.NaN, Number.NaN, 4],
    ],
    [
      ['1', 'inf', '-Infinity', '4'],
      [1, Number.NaN, Number.NaN, 4],
    ],
    [
      ['$1,200', '$3,400.50', '$5'],
      [1200, 3400.5, 5, 1200],
    ],
    [
      ['1.200,50 €', '3,5 €'],
      [1200.5, 3.5, 1200.5, 3.5],
    ],
    [
      ['1,200', '13,400'],
      [1200, 13400, 1200, 13400],
    ],
    [
      ['12 %', '7.5%'],
      [12, 7.5, 12, 7.5],
    ],
    [
      ['(300)', '200'],
      [-300, 200, -300, 200],
    ],
    [
      ['1e3', '2.5E-1'],
      [1000, 0.25, 1000, 0.25],
    ],
  ])('numbers in %j', (texts, values) => {
    expect(valuesOf(cycle(...texts))).toEqual(values);
  });

  test.each([
    [
      ['01234', '99'],
      ['01234', '99'],
    ],
    [
      ['1-10', '11-50'],
      ['1-10', '11-50'],
    ],
    [
      ['unknown', 'blue'],
      ['blue', 'unknown'],
    ],
    [['NA', 'blue'], ['blue']],
    [
      ['NA', 'DE', 'US'],
      ['DE', 'NA', 'US'],
    ],
    [['?', 'n/a', 'none'], ['none']],
    [
      ['Select', '--None--', 'Please select...', 'Selected', 'blue'],
      ['Selected', 'blue'],
    ],
    [
      ['\u{1f600}', '\uff5e', 'z'],
      ['z', '\uff5e', '\u{1f600}'],
    ],
  ])('levels in %j', (texts, levels) => {
    expect(valuesOf(cycle(...texts))).toEqual(levels);
  });

  test.each([
    ['$5', '€7', 'holds amounts in EUR and USD, which cannot be compared'],
    ['5 %', '7', 'holds numbers with and without a per cent sign, which cannot be compared'],
    ['', 'n/a', 'is never filled'],
    ['03/04/2026', '05/06/2026', 'holds dates of which nothing shows whether the day or the month comes first; write them as 2026-03-31'],
    ['2026-03-04', '2026-03-05', 'holds dates; without the time of the outcome (--time) they have no age'],
  ])('%j and %j: left out, as it %s', (one, other, note) => {
    expect(columnOf(cycle(one, other), 'x')).toEqual({ column: undefined, read: { name: 'x', as: 'left_out', note } });
  });

  test('one value, names of rows, counters and free text say nothing', () => {
    expect(columnOf(cycle('same'), 'x').read?.note).toBe('says “same” in every row');
    expect(
      columnOf(
        rowsOf(30, 'x', (i) => `k${i}`),
        'x',
      ).read?.note,
    ).toBe('names rows or is free text: 30 of 30 values differ');
    expect(
      columnOf(
        rowsOf(30, 'x', (i) => String(100 + i)),
        'x',
      ).read?.note,
    ).toBe('counts the rows, one after the other');
    expect(
      columnOf(
        rowsOf(30, 'Lead Number', (i) => String(i * i)),
        'Lead Number',
      ).read?.note,
    ).toBe('names rows: 30 of 30 values differ');
    expect(
      columnOf(
        rowsOf(30, 'rownames', (i) => String(i * i)),
        'rownames',
      ).read?.note,
    ).toBe('names rows: 30 of 30 values differ');
    expect(
      columnOf(
        rowsOf(30, 'x', (i) => String(i * i)),
        'x',
      ).read?.as,
    ).toBe('number');
    expect(
      columnOf(
        rowsOf(30, 'x', (i) => (i === 7 ? 'n.k.' : String(i * i))),
        'x',
      ).read?.note,
    ).toContain('most are numbers, and “n.k.” is none');
    expect(
      columnOf(
        rowsOf(40, 'x', (i) => `${'a sentence that goes on for long '.repeat(2)}${i >> 1}`),
        'x',
      ).read?.as,
    ).toBe('left_out');
  });

  test('amounts in several currencies are not compared, nor hidden', () => {
    const rows = rowsOf(
      24,
      'Amount',
      (i) => String(100 + 7 * (i % 5)),
      (i) => ({ currency: i % 2 === 0 ? 'EUR' : 'USD', size: String(i % 6) }),
    );
    expect(columnOf(rows, 'Amount').read?.note).toBe('holds amounts in “EUR” and “USD” (by “currency”), which cannot be compared');
    expect(columnOf(rows, 'size').read?.as).toBe('number');
  });

  test('amounts below zero are taken, and said', () => {
    expect(
      columnOf(
        rowsOf(24, 'amount', (i) => (i % 4 === 0 ? '' : String((i % 5) - 2))),
        'amount',
      ).read,
    ).toMatchObject({
      as: 'number',
      note: expect.stringMatching(/^6 missing; \d below zero, taken as they are$/),
    });
  });
});
