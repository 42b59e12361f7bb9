import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnKind } from '../../../src/identity/core/column-kinds.ts';
import { PEOPLE } from '../../../src/identity/core/model.ts';
import { inventPeople } from '../../support/invent-records.ts';
import { partition } from '../../support/partition.ts';

// id, first and last name, e-mail, phone, company, city
const people = inventPeople(60);
const copies = (n: number, ...cells: string[]) => Array.from({ length: n }, (_, i) => [`c${i}`, ...cells]);
const holding = (clusters: readonly string[][], id: string) => clusters.find((ids) => ids.includes(id)) ?? [];

describe('rows that say the very same', () => {
  it('come together, however many they are, and with them who is the same with a slip', () => {
    const rows = [
      ...people,
      ...copies(500, 'Ignatius', 'Quillfeather', '', '4155550188', 'Harrow Works', 'Leeds'),
      ['v1', 'Ignatius', 'Quilfeather', '', '4155550188', 'Harrow Works', 'Leeds'],
    ];
    const before = partition(people);
    const clusters = partition(rows);
    expect(holding(clusters, 'c0')).toHaveLength(501);
    expect(holding(clusters, 'c0')).toContain('v1');
    expect(clusters.filter((ids) => !ids.includes('c0'))).toEqual(before);
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
        expect(partition(shuffled)).toEqual(clusters);
      }),
      { seed: 4711, numRuns: 3 },
    );
  });

  it.each([
    ['an address of their own', ['', '', 'i.quillfeather@harrow.example', '', '', '']],
    ['name and address', ['Ignatius', 'Quillfeather', 'i.quillfeather@harrow.example', '', '', '']],
    ['name, telephone and place', ['Ignatius', 'Quillfeather', '', '4155550188', '', 'Leeds']],
  ])('are one by %s', (_, cells) => {
    expect(holding(partition([...people, ...copies(400, ...cells)]), 'c0')).toHaveLength(400);
  });

  it.each([
    ['a name', ['John', 'Smith', '', '', '', '']],
    ['a name and a place', ['John', 'Smith', '', '', '', 'London']],
    ['a name and an employer', ['John', 'Smith', '', '', 'Harrow Works', 'London']],
    ['a name and a telephone', ['John', 'Smith', '', '4155550188', '', '']],
    ['an address that is nobody’s', ['', '', 'info@harrow.example', '', 'Harrow Works', 'London']],
  ])('are not one by %s alone', (_, cells) => {
    expect(holding(partition([...people, ...copies(400, ...cells)]), 'c0').length).toBeLessThanOrEqual(PEOPLE.largest);
  });

  it('are one organisation by its name and address', () => {
    const kinds: ColumnKind[] = ['id', 'company', 'address', 'city'];
    const others = people.map(([id = '', , last = '', , , company = '', city = ''], i) => [
      id,
      `${last} ${company}`,
      `${i} ${city} Road`,
      city,
    ]);
    const clusters = partition([...others, ...copies(500, 'Harrow Works', '7 Mill Lane', 'Leeds')], kinds);
    expect(holding(clusters, 'c0')).toHaveLength(500);
  });
});
