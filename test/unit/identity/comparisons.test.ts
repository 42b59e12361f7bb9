import { describe, expect, test } from 'vitest';
import { TableBuilder } from '../../../src/identity/core/build-table.ts';
import type { ColumnKind } from '../../../src/identity/core/column-kinds.ts';
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

describe('a date that stands for none', () => {
  test('tells as little as it is often met', () => {
    const builder = new TableBuilder(['date'], ['dob']);
    for (let i = 0; i < 400; i += 1) builder.add([i % 10 === 0 ? '1970-01-01' : `19${30 + (i % 60)}-0${1 + (i % 9)}-1${i % 7}`]);
    const [date] = comparisonsOf(builder.finish(Uint32Array.from({ length: 400 }, (_, i) => i)));
    expect(date?.rarity(1, 0, 10)).toBeCloseTo(0.1);
    expect(date?.rarity(1, 1, 1)).toBe(0);
  });
});
