import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SamepageError } from '../../../src/kernel/errors.ts';
import type { FileRoles } from '../../../src/review/core/file-table.ts';
import { codedTable } from '../../../src/review/core/outcome-table.ts';
import { columnOf, rowsOf, tableOf } from '../../support/outcome-rows.ts';

function failure(work: () => unknown): SamepageError {
  try {
    work();
  } catch (error) {
    if (error instanceof SamepageError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('outcomes', () => {
  const of = (values: readonly string[], roles: Partial<FileRoles>) =>
    tableOf(
      values.map((y, i) => ({ y, x: String(i % 2) })),
      roles,
    );

  test('lost is the plain opposite where there is one, and what is open is said', () => {
    const { table, outcomes } = of(['Won', 'Lost', 'Engaging', 'Won', '', 'Prospecting'], { won: ['Won'] });
    expect([...table.won].sort()).toEqual([0, 1, 1]);
    expect(outcomes).toEqual({
      won: ['Won'],
      lost: [{ value: 'Lost', n: 1 }],
      open: [
        { value: 'Engaging', n: 1 },
        { value: 'Prospecting', n: 1 },
      ],
      empty: 1,
    });
  });

  test('else it is every other value, or those that are given', () => {
    expect(of(['a', 'b', 'c'], { won: ['a'] }).outcomes.lost.map(({ value }) => value)).toEqual(['b', 'c']);
    expect(of(['a', 'b', 'c'], { won: ['a'], lost: ['c'] }).outcomes.open.map(({ value }) => value)).toEqual(['b']);
    expect(of(['closedwon', 'closedlost', 'presentationscheduled'], { won: ['closedwon'] }).outcomes.open).toHaveLength(1);
    expect(of(['Won', 'Lost - price', 'Lost - timing'], { won: ['Won'] }).outcomes.lost).toHaveLength(2);
    expect(of(['Won', 'Won'], { won: ['Won'] }).outcomes.lost).toEqual([]);
  });

  test.each([
    [['TRUE', 'FALSE'], 'true', ['TRUE']],
    [['1.0', '0.0', ''], '1', ['1.0']],
    [['0', '1'], '1.0', ['1']],
    [['Closed Won', 'closed won', 'Closed Lost', 'Open'], 'Closed won', ['Closed Won', 'closed won']],
  ])('of %j %s is %j, and its opposite is lost', (values, won, found) => {
    const { outcomes } = of(values, { won: [won] });
    expect(outcomes.won).toEqual(found);
    expect(outcomes.lost).toHaveLength(1);
  });

  test('a value that is given as lost is not won in other letters', () => {
    expect(of(['A', 'a'], { won: ['A'], lost: ['a'] }).outcomes).toMatchObject({ won: ['A'], lost: [{ value: 'a', n: 1 }] });
  });

  test('a file without a win is told so, and is offered nothing that was lost', () => {
    const error = failure(() => of(['Closed Lost', 'Closed Lost'], { won: ['Closed Won'] }));
    expect(error.message).toBe(
      '--won "Closed Won" is no value of the column "y": no deal of the file was won, so nothing tells won from lost',
    );
    expect(error.next).toBe('Its values are "Closed Lost".');
    expect(failure(() => of(['no', 'Yes'], { won: ['yess'] })).message).toContain('was "Yes" meant?');
  });

  test('a value that is not there is refused with those that are', () => {
    const error = failure(() => of(['Won', 'Lost', 'Lost'], { won: ['wan'] }));
    expect(error.message).toBe('--won "wan" is no value of the column "y"; was "Won" meant?');
    expect(error.next).toBe('Its values are "Lost", "Won".');
    expect(failure(() => of(['<=50K.', '<=50K.', '>50K.'], { won: ['>50K'] })).message).toContain('was ">50K." meant?');
    expect(failure(() => of(['Won', 'Lost'], { won: ['Won'], lost: ['Won'] })).message).toBe('Won is given with --won and with --lost.');
  });
});

describe('roles', () => {
  test('where all outcomes are yet to come, no other column is blamed for it', () => {
    const rows = ['Won', 'Lost'].map((y) => ({ y, begun: '2025-01-01', ended: '2999-01-01' }));
    const { table, notes } = tableOf(rows, { won: ['Won'], time: 'ended', opened: 'begun' });
    expect(table.ids).toEqual([]);
    expect(notes.join()).toContain('nothing can have closed yet');
  });

  test('a score is a number in every row', () => {
    const scored = rowsOf(6, 'x', (i) => String(10 * i));
    expect([...(tableOf(scored, { score: 'x' }).scores ?? [])]).toEqual([0, 10, 20, 30, 40, 50]);
    expect(tableOf(scored, { score: 'x' }).table.columns).toEqual([]);
    const odd = rowsOf(6, 'x', (i) => (i === 3 ? '' : '7'));
    expect(failure(() => tableOf(odd, { score: 'x' })).message).toBe('--score "x" is no column of scores: it is empty in places.');
  });

  const rows = rowsOf(
    30,
    'industry',
    (i) => ['a', 'b'][i % 2] as string,
    (i) => ({ ref: `r${i}`, closed: `2026-0${1 + (i % 9)}-15` }),
  );

  test('a column that is not there is named with the nearest', () => {
    expect(failure(() => tableOf(rows, { id: 'reff' })).message).toBe(
      '--id names the column "reff", which the file does not have; was "ref" meant?',
    );
    expect(tableOf(rows, { id: 'Ref' }).columns).toEqual(tableOf(rows, { id: 'ref' }).columns);
    expect(failure(() => tableOf(rows, { exclude: ['industri,ref'] })).message).toContain('was "industry" meant?');
    expect(failure(() => tableOf(rows, { outcome: 'zzzz' })).next).toBe('Its columns are "industry", "y", "ref", "closed".');
    expect(failure(() => tableOf(rows, { id: 'y' })).message).toContain('is the outcome');
  });

  test('a segment is a column, and one that takes no part is said', () => {
    expect(failure(() => tableOf(rows, { segments: ['industri'] })).message).toContain('--segments names the column "industri"');
    expect(tableOf(rows, { segments: [' industry'] }).segments).toEqual(['industry']);
    expect(tableOf(rows, { segments: ['industry', 'closed'] }).notes.join()).toContain('“closed” takes no part');
  });

  test('excluded columns take no part', () => {
    const { table, columns } = tableOf(rows, { exclude: ['industry, closed'] });
    expect(table.columns).toEqual([]);
    expect(columns.filter(({ note }) => note === 'left out as asked').map(({ name }) => name)).toEqual(['industry', 'closed']);
  });

  test('ids name each row, but for one in a hundred', () => {
    const twice = (n: number) => rowsOf(n, 'ref', (i) => (i === 1 ? 'r0' : `r${i}`));
    const error = failure(() => tableOf(twice(99), { id: 'ref' }));
    expect(error.problems).toEqual([{ path: 'line 3', value: 'r0', reason: 'has the id of line 2' }]);
    const { notes, table } = tableOf(twice(100), { id: 'ref' });
    expect(notes).toEqual(['1 row (1.0 %) has no id, or that of another; each counts as a deal of its own.']);
    expect(table.ids).toHaveLength(100);
  });

  test('without one a row is what it says; for folds it is its place', () => {
    const [here, there] = [tableOf(rows), tableOf([...rows].reverse())];
    expect(there.table.ids).toEqual([...here.table.ids].reverse());
    expect(tableOf(rows, { byPlace: true }).table.ids.slice(0, 3)).toEqual(['0', '1', '2']);
  });

  test('times are days, and no outcome is of tomorrow', () => {
    const { table, notes } = tableOf([...rows.slice(0, 29), { ...(rows[29] as object), closed: '2026-11-24' }], { time: 'closed' });
    expect(table.closed?.[0]).toBe(20_468);
    expect(notes).toEqual(['1 row with an outcome after today, 2026-11-23: nothing can have closed yet, so left out.']);
    expect(table.won).toHaveLength(29);
    expect(failure(() => tableOf(rows, { time: 'industry' })).message).toBe('--time "industry" is no column of dates: "a" is none.');
  });

  test.each([
    ['month first', (i: number) => `${1 + (i % 12)}/${1 + (i % 28)}/2025`],
    ['day first', (i: number) => `${1 + (i % 28)}/${1 + (i % 12)}/2025`],
    ['with points', (i: number) => `${1 + (i % 28)}.${1 + (i % 12)}.2025`],
    ['seconds', (i: number) => `${Date.UTC(2025, i % 12, 1 + (i % 28)) / 1000}`],
    ['milliseconds', (i: number) => `${Date.UTC(2025, i % 12, 1 + (i % 28))}.0`],
    ['serial numbers', (i: number) => `${Date.UTC(2025, i % 12, 1 + (i % 28)) / 86_400_000 + 25_569}`],
  ])('times in %s', (_, text) => {
    const dated = rowsOf(30, 'x', text);
    expect([...(tableOf(dated, { time: 'x' }).table.closed ?? [])]).toEqual(
      dated.map((_row, i) => Date.UTC(2025, i % 12, 1 + (i % 28)) / 86_400_000),
    );
  });

  test.each(['Jan-2026', 'January 2026', '2026-01'])('the month %s is its first day', (month) => {
    expect(
      tableOf(
        rowsOf(6, 'x', () => month),
        { time: 'x' },
      ).table.closed?.[0],
    ).toBe(Date.UTC(2026, 0, 1) / 86_400_000);
  });

  test('dates with the day first here and the month first there are refused', () => {
    const mixed = rowsOf(30, 'x', (i) => (i % 2 === 0 ? `${13 + (i % 9)}/1/2025` : `1/${13 + (i % 9)}/2025`));
    expect(failure(() => tableOf(mixed, { time: 'x' })).message).toContain('the day first and others with the month first');
  });

  test('a date is an age where it lies long before the outcome, and else left out', () => {
    const dated = (day: (i: number) => string) => rowsOf(40, 'x', day, (i) => ({ closed: `2026-03-${10 + (i % 9)}` }));
    const asked = (day: (i: number) => string) => columnOf(dated(day), 'x', { time: 'closed' });
    const founded = asked((i) => (i === 3 ? '2026-06-01' : `20${10 + (i % 9)}-03-10`));
    expect(founded.read).toMatchObject({
      as: 'number',
      note: 'days before the outcome; 1 row with a date after the outcome, taken as missing',
    });
    expect(founded.column?.type === 'number' && [...founded.column.values].slice(0, 4)).toEqual([5844, 5480, 5115, Number.NaN]);
    expect(asked((i) => `2026-02-${10 + (i % 9)}`).read?.note).toContain('how long a deal took is known only at its end');
    expect(asked((i) => `2026-04-${10 + (i % 9)}`).read?.note).toBe('holds dates of which 100.0 % come after the outcome');
  });
});

describe('any file', () => {
  const cell = fc.oneof(
    fc.constantFrom('', 'a', 'b', '1', '2.5', '$3', 'NA', '2026-01-02', '03/04/2026', '12%', '\u{1f600}'),
    fc.string({ maxLength: 4 }),
  );

  test('gives the same table in any order of its rows, and only numbers or none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ x: cell, z: cell, y: fc.constantFrom('yes', 'no', '') }), { minLength: 1, maxLength: 40 }),
        (given) => {
          const rows = [...given, { x: 'a', z: 'b', y: 'yes' }];
          const shuffled = rows.map((row, i) => ({ row, at: (i * 7919) % 41 })).sort((a, b) => a.at - b.at);
          const [one, other] = [tableOf(rows), tableOf(shuffled.map(({ row }) => row))];
          expect(other.columns).toEqual(one.columns);
          expect(codedTable(other.table).digest).toBe(codedTable(one.table).digest);
          for (const column of one.table.columns)
            if (column.type === 'number')
              for (const value of column.values) expect(Number.isFinite(value) || Number.isNaN(value)).toBe(true);
        },
      ),
      { seed: 8, numRuns: 150 },
    );
  });
});
