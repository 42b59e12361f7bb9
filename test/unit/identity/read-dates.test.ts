import { describe, expect, it, test } from 'vitest';
import { TableBuilder } from '../../../src/identity/core/build-table.ts';

/** Dates of one column as they are compared. */
function read(...cells: string[]): string[] {
  const builder = new TableBuilder(['date'], ['dob']);
  for (const cell of cells) builder.add([cell]);
  const { date } = builder.finish(Uint32Array.from(cells, (_, i) => i));
  return Array.from(date?.codes ?? [], (code) => date?.values.at(code) ?? '');
}

describe('dates', () => {
  it.each([
    ['1949-07-22', '19490722'],
    ['1949/7/22', '19490722'],
    ['19490722', '19490722'],
    ['1949-07-22 00:00:00', '19490722'],
    ['22.07.1949', '19490722'],
    ['7/22/1949', '19490722'],
    ['22/7/49', '19490722'],
    ['07221949', '19490722'],
    ['22071949', '19490722'],
    ['22-JUL-49', '19490722'],
    ['July 22nd, 1949', '19490722'],
    ['22 July 1949', '19490722'],
    ['1/2/29', '20290201'],
    ['1949', '19490000'],
    ['1949.0', '19490000'],
    // a day that does not exist may be a slip
    ['1949-26-12', '19492612'],
    ['13/25/1949', '19491325'],
    ['1900-01-01', ''],
    ['01/01/1900', ''],
    ['12/31/9999', ''],
    ['0000-00-00', ''],
    ['00/00/0000', ''],
    ['N/A', ''],
    ['soon', ''],
  ])('%s is %s', (text, wanted) => {
    expect(read(text)).toEqual([wanted]);
  });

  test('the day is first where nothing shows otherwise', () => {
    expect(read('03/04/2001', '05/06/2001')).toEqual(['20010403', '20010605']);
    expect(read('03/04/2001', '31/12/2001')).toEqual(['20010403', '20011231']);
  });

  test('dates that show the month first turn the others, wherever they stand', () => {
    expect(read('03/04/2001', '12/31/2001', '2001-03-04')).toEqual(['20010304', '20011231', '20010304']);
    expect(read('12312001', '03042001')).toEqual(['20011231', '20010304']);
    // one slip turns nothing
    expect(read('03/04/2001', '12/31/2001', '31/12/2001', '30/12/2001')).toEqual(['20010403', '20011231', '20011231', '20011230']);
  });

  test('dates that are written otherwise have an order of their own', () => {
    expect(read('03/04/2001', '12/31/2001', '03.04.2001', '31.12.2001')).toEqual(['20010304', '20011231', '20010403', '20011231']);
  });
});
