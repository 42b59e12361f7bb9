import { describe, expect, test } from 'vitest';
import { plantedTable } from '../../../bench/support/planted-outcomes.ts';
import { chanceFrom } from '../../../src/kernel/chance.ts';
import { analyseOutcomes } from '../../../src/review/core/analyse-outcomes.ts';
import type { Column } from '../../../src/review/core/outcome-table.ts';

describe('the analysis and its guards', () => {
  const random = chanceFrom(44);
  const table = plantedTable(
    1500,
    0.25,
    [
      { name: 'industry', shares: [0.25, 0.35, 0.4], rise: 0.25 },
      { name: 'noise', shares: [0.5, 0.5], rise: 0 },
    ],
    random,
  );
  const perRow = (of: (won: boolean, row: number) => number) => Float64Array.from(table.won, (won, row) => of(won === 1, row));
  const number = (name: string, values: Float64Array): Column => ({ name, label: name, type: 'number', values });

  test('leave out what knows the outcome, under whatever name, and propose what does not', async () => {
    const columns = [
      ...table.columns,
      number(
        'talk',
        perRow((won) => (won ? 250 : 60) + 400 * random()),
      ),
      number(
        'days_to_close',
        perRow((_, row) => row % 90),
      ),
      number(
        'filled_late',
        perRow((won) => (random() < (won ? 0.1 : 0.6) ? Number.NaN : 20 * random())),
      ),
    ];
    const found = await analyseOutcomes({ ...table, columns });
    expect(found.leaks.map(({ field, left_out }) => [field, left_out])).toEqual([
      ['talk', true],
      ['days_to_close', true],
      ['filled_late', false],
    ]);
    expect(found.proposals.map(({ field, bin }) => `${field} ${bin.label}`).sort()).toEqual([
      'industry level 0',
      'industry level 1',
      'industry level 2',
    ]);
    expect(found.held_back.some(({ code, subject }) => code === 'leak' && subject?.startsWith('filled_late'))).toBe(true);
  });
});
