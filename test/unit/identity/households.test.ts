import { describe, expect, it } from 'vitest';
import type { ColumnKind } from '../../../src/identity/core/column-kinds.ts';
import { explainPair } from '../../../src/identity/core/explain.ts';
import { tableOf } from '../../../src/identity/core/score-pair.ts';
import { stitchTable } from '../../../src/identity/core/stitch.ts';
import { inventPeople } from '../../support/invent-records.ts';
import { partition } from '../../support/partition.ts';

const KINDS: readonly ColumnKind[] = ['id', 'first_name', 'last_name', 'date', 'address', 'postcode'];

/** Some others, so that names and places have their rarity. */
const others = inventPeople(90).map(([id = '', given = '', family = ''], i) => [
  `o${id}`,
  given,
  family,
  `19${40 + (i % 50)}-0${1 + (i % 9)}-1${i % 8}`,
  `${i + 3} ${'Mill Park Elm High Oak'.split(' ')[i % 5]} Road`,
  `SO${1 + (i % 30)} ${i % 9}AB`,
]);

const HOME = ['12 Brookbank Lane', 'PO5 2HB'];

describe('people of one household', () => {
  const clustersOf = (...rows: string[][]) =>
    partition([...others, ...rows.map((row, i) => [`h${i}`, ...row])], KINDS).filter(([id = '']) => id.startsWith('h'));

  it.each<[string, string[][]]>([
    [
      'a couple and a child',
      [
        ['Flora', 'Widhart', '1976-06-09'],
        ['Edmund', 'Widhart', '1971-02-28'],
        ['Nora', 'Widhart', '2004-11-17'],
      ],
    ],
    [
      'twins',
      [
        ['Flora', 'Widhart', '2004-11-17'],
        ['Edmund', 'Widhart', '2004-11-17'],
      ],
    ],
    [
      'a son who is called as his father is',
      [
        ['Edmund', 'Widhart', '1971-02-28'],
        ['Edmund', 'Widhart', '2004-11-17'],
      ],
    ],
  ])('are not one: %s', (_, people) => {
    expect(clustersOf(...people.map((person) => [...person, ...HOME]))).toHaveLength(people.length);
  });

  it.each<[string, string[][]]>([
    [
      'a slip in the name',
      [
        ['Flora', 'Widhart', '1976-06-09'],
        ['Flroa', 'Widhart', '1976-06-09'],
      ],
    ],
    [
      'a short form',
      [
        ['Edmund', 'Widhart', '1971-02-28'],
        ['Ed', 'Widhart', '1971-02-28'],
      ],
    ],
    [
      'a slip in the date',
      [
        ['Edmund', 'Widhart', '1971-02-28'],
        ['Edmund', 'Widhart', '1971-02-23'],
      ],
    ],
    [
      'no date',
      [
        ['Edmund', 'Widhart', '1971-02-28'],
        ['Edmund', 'Widhart', ''],
      ],
    ],
  ])('are one where one is there twice: %s', (_, people) => {
    expect(clustersOf(...people.map((person) => [...person, ...HOME]))).toEqual([['h0', 'h1']]);
  });

  it('are told so, and what is told adds up to what was weighed', () => {
    const home = [
      ['Flora', 'Widhart', '2004-11-17'],
      ['Edmund', 'Widhart', '2004-11-17'],
      ['', 'Widhart', ''],
    ];
    const rows = [...others, ...home.map((row, i) => [`h${i}`, ...row, ...HOME])];
    const kinds = KINDS.slice(1);
    const { scorer, model, prior } = stitchTable(
      tableOf(
        kinds,
        rows.map(([, ...cells]) => cells),
      ),
    );
    let households = 0;
    for (let a = 0; a < rows.length; a += 1) {
      for (let b = a + 1; b < rows.length; b += 1) {
        const { bits, evidence } = explainPair(scorer, model, prior, a, b);
        expect(bits).toBeCloseTo(scorer.evidence(a, b) + prior, 0);
        const limited = evidence.filter(({ group }) => group === 'household');
        expect(limited.every((one) => one.bits < 0)).toBe(true);
        households += limited.length;
      }
    }
    expect(households).toBeGreaterThanOrEqual(3);
  });
});

describe('a couple', () => {
  const kinds: readonly ColumnKind[] = [...KINDS, 'identifier'];
  const rows = others.map((row, i) => [...row, `${i}3${i}7${i}9${i}`]);
  const found = (...two: string[][]) =>
    partition([...rows, ...two.map((row, i) => [`h${i}`, ...row, '820417359'])], kinds).filter(([id = '']) => id.startsWith('h'));

  it('is two, also where both go by the number of one', () => {
    expect(found(['Flora', 'Widhart', '1976-06-09', ...HOME], ['Edmund', 'Widhart', '1971-02-28', ...HOME])).toEqual([['h0'], ['h1']]);
  });

  it('is one person who goes by two given names where the date is the same as well', () => {
    expect(found(['Flora', 'Widhart', '1976-06-09', ...HOME], ['Edmund', 'Widhart', '1976-06-09', ...HOME])).toEqual([['h0', 'h1']]);
  });
});

describe('a name that is there in part', () => {
  const kinds: readonly ColumnKind[] = ['id', 'full_name', 'first_name', 'last_name', 'date', 'address', 'postcode'];
  const rows = others.map(([id = '', given = '', family = '', ...more]) => [id, `${given} ${family}`, given, family, ...more]);
  const found = (...two: string[][]) => partition([...rows, ...two], kinds).filter(([id = '']) => id.startsWith('h'));

  it('is read from the full name where a title stands for it', () => {
    const [date, home] = ['1776-06-09', ['', 'PO5 2HB']];
    expect(
      found(
        ['h1', 'Sir Thomas Widhart, 5th Baronet', 'Sir', 'Baronet', date, ...home],
        ['h2', 'Thomas Widhart', 'Thomas', 'Widhart', date, ...home],
      ),
    ).toEqual([['h1', 'h2']]);
  });

  it('may be the family name', () => {
    const [date, home] = ['1776-06-09', ['', 'PO5 2HB']];
    expect(found(['h1', 'Widhart', 'Widhart', '', date, ...home], ['h2', 'Thomas Widhart', 'Thomas', 'Widhart', date, ...home])).toEqual([
      ['h1', 'h2'],
    ]);
  });
});

describe('organisations of a list of names', () => {
  const names = 'Abalone Bristow Cardinal Dunmore Everard Foxglove Garnet Halyard Ironwood Juniper Kestrel Larkspur'.split(' ');
  const trades = 'Foods Motors Textiles Papers Optics'.split(' ');
  const list = names.flatMap((name, i) => trades.map((trade, j) => [`n${i}-${j}`, `${name}${'aeiou'[j]} ${trade} Ltd`]));

  it('are one by their names alone, however they are written', () => {
    const clusters = partition([...list, ['x1', 'Brightvane Turbines GmbH'], ['x2', 'BRIGHTVANE TURBINES']], ['id', 'company']);
    expect(clusters.filter((ids) => ids.length > 1)).toEqual([['x1', 'x2']]);
  });

  it('are namesakes for all their names tell where each has a domain', () => {
    const kinds: readonly ColumnKind[] = ['id', 'company', 'domain'];
    const sited = list.map(([id = '', name = '']) => [id, name, `${id.replaceAll('-', '')}.com`]);
    const two = [
      ['x1', 'Brightvane Turbines GmbH', 'brightvane.de'],
      ['x2', 'Brightvane Turbines', 'bvt.com'],
    ];
    expect(partition([...sited, ...two], kinds).filter((ids) => ids.length > 1)).toEqual([]);
  });

  it('are not one where one is another company of the group, at one address too', () => {
    const kinds: readonly ColumnKind[] = ['id', 'company', 'address', 'city'];
    const placed = list.map(([id = '', name = ''], i) => [id, name, `${i + 2} Mill Road`, 'Leeds Ayr Bath York'.split(' ')[i % 4] ?? '']);
    const home = ['40 Harbour Street', 'Ayr'];
    const group = ['Brightvane', 'Brightvane Leasing', 'Brightvane II'].map((name, i) => [`x${i}`, `${name} Ltd`, ...home]);
    expect(partition([...placed, ...group], kinds).filter((ids) => ids.length > 1)).toEqual([]);
  });
});
