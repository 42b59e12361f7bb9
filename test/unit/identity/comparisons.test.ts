import { describe, expect, test } from 'vitest';
import { TableBuilder } from '../../../src/identity/core/build-table.ts';
import type { ColumnKind } from '../../../src/identity/core/column-kinds.ts';
import { GIVEN } from '../../../src/identity/core/compare-names.ts';
import { WORDS } from '../../../src/identity/core/compare-tokens.ts';
import { comparisonsOf } from '../../../src/identity/core/comparisons.ts';

describe('the texts that are compared', () => {
  const idsOf = (texts: Readonly<Record<string, (i: number) => string>>) => {
    const kinds: ColumnKind[] = ['last_name', ...Object.keys(texts).map((): ColumnKind => 'text')];
    const builder = new TableBuilder(kinds, ['surname', ...Object.keys(texts)]);
    for (let i = 0; i < 100; i += 1) builder.add([`Lee${i % 7}`, ...Object.values(texts).map((text) => text(i))]);
    const table = builder.finish(Uint32Array.from({ length: 100 }, (_, i) => i));
    return comparisonsOf(table).flatMap(({ id }) => (id.startsWith('text:') ? [id.slice(5)] : []));
  };

  test('are those that tell most apart, wherever they stand', () => {
    const few = (n: number) => (i: number) => `v${(i * 7) % n}`;
    const texts = {
      state: () => 'WA',
      unit: (i: number) => (i === 3 || i === 4 ? `${i}` : ''),
      housing: (i: number) => (i < 3 ? 'college' : 'house'),
      sex: few(2),
      race: few(5),
      work: few(20),
      height: few(9),
      middle: few(30),
    };
    expect(idsOf(texts)).toEqual(['sex', 'race', 'work', 'height', 'middle']);
    expect(idsOf({ state: texts.state, sex: texts.sex })).toEqual(['sex']);
  });
});

/** The level of one comparison for the first two of some rows. */
function levelOf(id: string, kinds: readonly ColumnKind[], labels: readonly string[], ...rows: string[][]): number | undefined {
  const builder = new TableBuilder(kinds, labels);
  for (const row of rows) builder.add(row);
  const table = builder.finish(Uint32Array.from(rows, (_, i) => i));
  const compared = comparisonsOf(table).find((comparison) => comparison.id === id);
  expect(compared?.level(0, 1)).toBe(compared?.level(1, 0));
  return compared?.level(0, 1);
}

describe('ages', () => {
  const others = [
    ['Lee', '', '20'],
    ['Ray', '', '30'],
  ];
  const level = (a: string, b: string, dateA = '', dateB = '') =>
    levelOf('text:age', ['last_name', 'date', 'text'], ['surname', 'dob', 'age'], ['Lee', dateA, a], ['Lee', dateB, b], ...others);

  test.each([
    ['57', '57', WORDS.exact],
    ['57', '58', WORDS.near],
    ['57', '54', WORDS.similar],
    ['57', '49', WORDS.partial],
    ['57', '22', WORDS.different],
    ['0', '1', WORDS.near],
    ['57', 'adult', 0],
    ['57', '', 0],
  ])('%s and %s', (a, b, wanted) => {
    expect(level(a, b)).toBe(wanted);
  });

  test('say nothing beside two dates of birth', () => {
    expect(level('57', '22', '1960-01-02', '1995-03-04')).toBe(0);
    expect(level('57', '22', '1960-01-02')).toBe(WORDS.different);
  });
});

describe('given and middle name', () => {
  const level = (a: string[], b: string[]) =>
    levelOf(
      'given',
      ['first_name', 'last_name', 'text'],
      ['first_name', 'last_name', 'middle_name'],
      [...a],
      [...b],
      ['Edward', 'Ray', 'Alexander'],
    );

  test.each([
    ['the other way round', ['Edward', 'Lee', 'Alexander'], ['Alexander', 'Lee', 'Edward'], GIVEN.swapped],
    ['the middle name alone', ['Edward', 'Lee', 'Alexander'], ['Alexander', 'Lee', ''], GIVEN.different],
    ['a middle name beside another', ['Edward', 'Lee', 'Alexander'], ['Alexander', 'Lee', 'John'], GIVEN.different],
    ['an initial', ['Edward', 'Lee', 'A'], ['Alexander', 'Lee', ''], GIVEN.different],
    ['the same', ['Edward', 'Lee', 'Alexander'], ['Edward', 'Lee', ''], GIVEN.exact],
  ])('%s', (_, a, b, wanted) => {
    expect(level(a, b)).toBe(wanted);
  });
});

describe('addresses', () => {
  const others = ['9 Oak Lane, Bern', '4 Mill Road, Ayr', '22 Elm Street, Bern', '7 High Street, Ayr'].map((address) => ['Lee', address]);
  const level = (a: string, b: string) =>
    levelOf('address', ['last_name', 'address'], ['surname', 'address'], ['Lee', a], ['Lee', b], ...others) as number;

  test.each([
    ['515 Junction Rd, Madison, WI 53717', '515 Junction Road Ste A, Madison, WI'],
    ['12 Elm St', '12 Elm Street, Bern 3011 Switzerland'],
  ])('%s and %s are alike', (a, b) => {
    expect(level(a, b)).toBeLessThanOrEqual(WORDS.similar);
  });

  test.each([
    ['515 Junction Rd Ste A, Madison, WI 53717', '515 Junction Road Ste B, Madison, WI'],
    ['Elm Street, Bern', '12 Elm Street, Bern 3011 Switzerland'],
    ['15 Junction Rd, Madison', '515 Junction Rd 15, Madison WI 53717'],
  ])('%s and %s are not', (a, b) => {
    expect(level(a, b)).toBeGreaterThan(WORDS.similar);
  });
});

describe('a date that stands for none', () => {
  test('tells as little as it is often met', () => {
    const builder = new TableBuilder(['date'], ['dob']);
    for (let i = 0; i < 400; i += 1) builder.add([i % 10 === 0 ? '1970-01-01' : `19${30 + (i % 60)}-0${1 + (i % 9)}-1${i % 7}`]);
    const [date] = comparisonsOf(builder.finish(Uint32Array.from({ length: 400 }, (_, i) => i)));
    expect(date?.rarity(1, 0, 10)).toBeCloseTo(0.1);
    expect(date?.rarity(1, 1, 1)).toBe(0);
  });
});
