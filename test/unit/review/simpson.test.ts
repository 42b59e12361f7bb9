import { describe, expect, test } from 'vitest';
import { plantedTable } from '../../../bench/support/planted-outcomes.ts';
import { chanceFrom } from '../../../src/kernel/chance.ts';
import { analyseOutcomes } from '../../../src/review/core/analyse-outcomes.ts';
import { binField } from '../../../src/review/core/bins.ts';
import { commonOddsRatio } from '../../../src/review/core/mantel-haenszel.ts';
import { type Column, codedTable, type OutcomeTable } from '../../../src/review/core/outcome-table.ts';
import { findReversals } from '../../../src/review/core/simpson.ts';
import { type CountedCell, tableOfCounts } from '../../support/counted-tables.ts';

/** Admissions to Berkeley's six largest departments in autumn 1973: admitted and rejected men and women (Bickel, Hammel and O'Connell, Science 187, 1975). */
const BERKELEY = Object.entries({
  A: [512, 313, 89, 19],
  B: [353, 207, 17, 8],
  C: [120, 205, 202, 391],
  D: [138, 279, 131, 244],
  E: [53, 138, 94, 299],
  F: [22, 351, 24, 317],
}).flatMap(([dept, [men = 0, notMen = 0, women = 0, notWomen = 0]]): CountedCell[] => [
  { levels: { gender: 'male', dept }, won: men, lost: notMen },
  { levels: { gender: 'female', dept }, won: women, lost: notWomen },
]);

/** Open surgery and keyhole surgery of kidney stones, successes by size (Charig and others, British Medical Journal 292, 1986). */
const KIDNEY: CountedCell[] = [
  { levels: { treatment: 'open', stones: 'small' }, won: 81, lost: 6 },
  { levels: { treatment: 'open', stones: 'large' }, won: 192, lost: 71 },
  { levels: { treatment: 'keyhole', stones: 'small' }, won: 234, lost: 36 },
  { levels: { treatment: 'keyhole', stones: 'large' }, won: 55, lost: 25 },
];

async function found(table: OutcomeTable, segments?: string[]) {
  const coded = codedTable(table);
  const binnings = coded.fields.map((field) => binField(field, coded.won));
  return findReversals(binnings, coded.won, () => true, { digest: coded.digest, ...(segments === undefined ? {} : { segments }) });
}

describe('the common odds ratio', () => {
  test('of the Berkeley admissions is the one that R prints for mantelhaen.test(UCBAdmissions)', () => {
    const strata = ['A', 'B', 'C', 'D', 'E', 'F'].map((dept) => {
      const [men, women] = BERKELEY.filter(({ levels }) => levels.dept === dept);
      return { won: men?.won ?? 0, lost: men?.lost ?? 0, othersWon: women?.won ?? 0, othersLost: women?.lost ?? 0 };
    });
    const { value, low, high } = commonOddsRatio(strata) ?? { value: 0, low: 0, high: 0 };
    expect(value).toBeCloseTo(0.9046968, 6);
    expect(low).toBeCloseTo(0.7719074, 5);
    expect(high).toBeCloseTo(1.0603298, 5);
  });

  test('is none where nothing can be compared', () => {
    expect(commonOddsRatio([])).toBeNull();
    expect(commonOddsRatio([{ won: 0, lost: 0, othersWon: 0, othersLost: 0 }])).toBeNull();
    expect(commonOddsRatio([{ won: 4, lost: 5, othersWon: 0, othersLost: 7 }])).toBeNull();
  });
});

describe('reversals', () => {
  test('of both classic tables are found, with their strata', async () => {
    const berkeley = (await found(tableOfCounts(BERKELEY))).reversals;
    expect(berkeley.map(({ field, bin, strata }) => [field, bin.label, strata])).toEqual([
      ['gender', 'female', 'dept'],
      ['gender', 'male', 'dept'],
    ]);
    const [, men] = berkeley;
    expect(men?.crude.value).toBeCloseTo((1198 * 1278) / (1493 * 557), 9);
    expect(men?.adjusted.value).toBeCloseTo(0.9046968, 6);
    expect(men?.by_stratum[1]).toEqual({ stratum: 'B', n: 560, won: 353, others: 25, others_won: 17 });
    const kidney = (await found(tableOfCounts(KIDNEY))).reversals;
    expect(kidney.map(({ field, bin }) => `${field} ${bin.label}`)).toEqual(['treatment keyhole', 'treatment open']);
    expect(kidney[0]?.text).toContain('In 2 of 2 strata, which hold 100 % of the rows');
  });

  test('are found within ranges of a number too', async () => {
    // women of Whickham, alive or not after twenty years, by smoking and age (Appleton, French and Vanderpump, The American Statistician 50, 1996)
    const counts = [
      [18, 53, 2, 61, 1],
      [25, 121, 3, 152, 5],
      [35, 95, 14, 114, 7],
      [45, 103, 27, 66, 12],
      [55, 64, 51, 81, 40],
      [65, 7, 29, 28, 101],
      [75, 0, 13, 0, 64],
    ];
    const cells = counts.flatMap(([age = 0, alive = 0, dead = 0, others = 0, othersDead = 0]): CountedCell[] => [
      { levels: { smokes: 'yes', age: String(age) }, won: alive, lost: dead },
      { levels: { smokes: 'no', age: String(age) }, won: others, lost: othersDead },
    ]);
    const { columns, ...table } = tableOfCounts(cells);
    const numbers = columns.map((column): Column => {
      if (column.type !== 'level' || column.name !== 'age') return column;
      const values = Float64Array.from(column.codes, (code, row) => Number(column.levels[code]) + (row % 7));
      return { name: 'age', label: 'age', type: 'number', values };
    });
    const { reversals } = await found({ ...table, columns: numbers });
    expect(reversals.map(({ field, bin, strata }) => `${field} ${bin.label} ${strata}`)).toEqual(['smokes no age', 'smokes yes age']);
    // age tells so much that the analysis takes it for a leak, and yet it must turn the finding round
    const { leaks, reversals: told, proposals } = await analyseOutcomes({ ...table, columns: numbers });
    expect(leaks.map(({ field, reasons }) => [field, reasons[0]?.rule])).toEqual([['age', 'information_value']]);
    expect(told.map(({ field, strata }) => `${field} ${strata}`)).toEqual(['smokes age', 'smokes age']);
    expect(proposals).toEqual([]);
  });

  test('are looked for in the columns asked for alone', async () => {
    expect((await found(tableOfCounts(KIDNEY), ['treatment'])).reversals).toEqual([]);
    expect((await found(tableOfCounts(KIDNEY), ['stones'])).reversals).toHaveLength(2);
  });

  test('are the same whatever the order of rows', async () => {
    const table = tableOfCounts(BERKELEY);
    const order = [...table.ids.keys()].sort((a, b) => ((a * 7919) % 4526) - ((b * 7919) % 4526));
    const shuffled = {
      ids: order.map((row) => table.ids[row] as string),
      won: Uint8Array.from(order, (row) => table.won[row] as number),
      columns: table.columns.map((column) =>
        column.type === 'level' ? { ...column, codes: Int32Array.from(order, (row) => column.codes[row] as number) } : column,
      ),
    };
    expect(await found(shuffled)).toEqual(await found(table));
  });

  test('are rare where no field hangs together with another', async () => {
    const random = chanceFrom(31);
    const fields = Array.from({ length: 8 }, (_, at) => ({ name: `f${at}`, shares: [0.3, 0.3, 0.4], rise: at < 2 ? 0.1 : 0 }));
    let sum = 0;
    for (let round = 0; round < 20; round++) sum += (await found(plantedTable(600, 0.25, fields, random))).reversals.length;
    // 20 times 24 levels in 7 fields of strata each
    expect(sum).toBeLessThan(5);
  });

  test('tell where a finding points the other way though it holds on the whole', async () => {
    const { against } = await found(
      tableOfCounts([
        { levels: { plan: 'pro', source: 'web' }, won: 200, lost: 100 },
        { levels: { plan: 'free', source: 'web' }, won: 100, lost: 200 },
        { levels: { plan: 'pro', source: 'fair' }, won: 10, lost: 40 },
        { levels: { plan: 'free', source: 'fair' }, won: 30, lost: 20 },
      ]),
      ['source'],
    );
    expect(against.map(({ field, bin, strata, stratum }) => `${field} ${bin.label} ${strata} ${stratum}`)).toEqual([
      'plan free source fair',
      'plan pro source fair',
    ]);
  });

  test('of empty and one-sided tables: none', async () => {
    expect(await found({ ids: [], won: new Uint8Array(), columns: [] })).toEqual({ reversals: [], against: [] });
    const oneSided = tableOfCounts([
      { levels: { a: 'x', b: 'u' }, won: 60, lost: 0 },
      { levels: { a: 'y', b: 'v' }, won: 60, lost: 0 },
    ]);
    expect((await found(oneSided)).reversals).toEqual([]);
  });
});
