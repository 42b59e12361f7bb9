import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceFrom } from '../../../src/kernel/chance.ts';
import { binField, binsOfRows } from '../../../src/review/core/bins.ts';
import { codedTable, type OutcomeTable } from '../../../src/review/core/outcome-table.ts';
import { plainCuts } from '../../support/plain-outcomes.ts';

function fieldOf(column: OutcomeTable['columns'][number], rows: number) {
  const ids = Array.from({ length: rows }, (_, row) => String(row).padStart(6, '0'));
  const table = codedTable({ ids, won: new Uint8Array(rows), columns: [column] });
  const [field] = table.fields;
  if (field === undefined) throw new Error('one column');
  return { table, field };
}

function numbers(values: readonly number[]) {
  return fieldOf({ name: 'x', label: 'X', type: 'number', values: Float64Array.from(values) }, values.length);
}

function levels(cells: readonly (string | null)[]) {
  const names = [...new Set(cells.filter((cell) => cell !== null))].sort();
  const codes = Int32Array.from(cells, (cell) => (cell === null ? -1 : names.indexOf(cell)));
  return fieldOf({ name: 'x', label: 'X', type: 'level', codes, levels: names }, cells.length);
}

const times = <T>(n: number, value: T): T[] => new Array<T>(n).fill(value);

describe('bins', () => {
  it('cut numbers at the tenths that the protocol names, whatever is tied', () => {
    const value = fc.oneof(
      fc.integer({ min: 0, max: 30 }),
      fc.constant(Number.NaN),
      fc.constant(5),
      fc.double({ noNaN: true, min: -50, max: 50 }),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 11, maxLength: 200 }), (values) => {
        const distinct = new Set(values.filter((x) => !Number.isNaN(x)).map((x) => x + 0));
        fc.pre(distinct.size > 10);
        const { table, field } = numbers(values);
        const binning = binField(field, table.won);
        const cuts = plainCuts(values);
        const ranges = binning.bins.filter(({ kind }) => kind === 'range');
        expect(ranges.length).toBe(cuts.length + 1);
        // an edge has few digits where that parts the values alike
        for (const [i, { above = null, to = null }] of ranges.entries())
          for (const x of distinct) {
            expect(to === null || x <= to).toBe(i === cuts.length || x <= (cuts[i] ?? 0));
            expect(above === null || x > above).toBe(i === 0 || x > (cuts[i - 1] ?? 0));
          }
        const missing = cuts.length + 1;
        const plain = values.map((x) => (Number.isNaN(x) ? missing : cuts.filter((cut) => cut < x).length));
        expect([...binsOfRows(binning)]).toEqual(plain);
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  it('keep a level with thirty rows, put the rare ones together and give gaps a bin of their own', () => {
    const { table, field } = levels([...times(40, 'b'), ...times(30, 'a'), ...times(29, 'c'), 'd', null]);
    const { bins, n } = binField(field, table.won);
    expect(bins.map(({ kind, label }) => `${kind} ${label}`)).toEqual(['level a', 'level b', 'other 2 rare values', 'missing not known']);
    expect([...n]).toEqual([30, 40, 30, 1]);
  });

  it('ask for half a percent of many rows', () => {
    const { table, field } = levels([...times(9950, 'a'), ...times(49, 'b'), 'c']);
    expect(binField(field, table.won).bins.map(({ label }) => label)).toEqual(['a', '2 rare values']);
    const just = levels([...times(9950, 'a'), ...times(50, 'b')]);
    expect(binField(just.field, just.table.won).bins.map(({ label }) => label)).toEqual(['a', 'b']);
  });

  it('take ten distinct numbers as levels and eleven as ranges', () => {
    const ten = numbers(Array.from({ length: 500 }, (_, i) => i % 10));
    expect(binField(ten.field, ten.table.won).bins.every(({ kind }) => kind === 'level')).toBe(true);
    expect(binField(ten.field, ten.table.won).bins[3]).toEqual({ kind: 'level', label: '3', level: '3', above: 2, to: 3 });
    const eleven = numbers(Array.from({ length: 550 }, (_, i) => i % 11));
    expect(binField(eleven.field, eleven.table.won).bins.every(({ kind }) => kind === 'range')).toBe(true);
  });

  it('are named by few digits, no two alike', () => {
    const random = chanceFrom(3);
    const { table, field } = numbers(Array.from({ length: 4000 }, () => random() / 3));
    const labels = binField(field, table.won).bins.map(({ label }) => label);
    expect(labels.slice(0, 2)).toEqual(['up to 0.0344', 'above 0.0344 to 0.067']);
    expect(labels.every((label) => label.length < 30)).toBe(true);
    const thirds = numbers(Array.from({ length: 300 }, (_, i) => (i % 3) / 3));
    expect(binField(thirds.field, thirds.table.won).bins.map(({ label }) => label)).toEqual(['0', '0.333', '0.667']);
    const near = numbers(Array.from({ length: 300 }, (_, i) => 1_000_000.25 + (i % 3) / 1000));
    expect(new Set(binField(near.field, near.table.won).bins.map(({ label }) => label)).size).toBe(3);
  });

  it('are made of the rows given and say of a value that was not among them that it has none', () => {
    const { table, field } = levels([...times(30, 'a'), ...times(30, 'b'), ...times(5, 'c')]);
    const binning = binField(
      field,
      table.won,
      Int32Array.from({ length: 60 }, (_, row) => row),
    );
    expect([...binsOfRows(binning, Int32Array.of(0, 30, 60))]).toEqual([0, 1, -1]);
  });
});

describe('the order of rows', () => {
  it('is that of the bytes of their ids, also beyond the first plane', () => {
    const ids = ['b', '\u{1F600}', '\uFFFD', 'a', 'B', '\uE000', '', 'é'];
    const { ids: ordered } = codedTable({ ids, won: new Uint8Array(ids.length), columns: [] });
    expect(ordered).toEqual(ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  });

  it('is that of their contents where ids are the same', () => {
    const values = [3, Number.NaN, 1, 2];
    const column = { name: 'x', label: 'X', type: 'number', values: Float64Array.from(values) } as const;
    const table = (rows: number[]) => ({
      ids: rows.map(() => 'same'),
      won: Uint8Array.from(rows, (row) => row % 2),
      columns: [{ ...column, values: Float64Array.from(rows, (row) => values[row] ?? 0) }],
    });
    expect(codedTable(table([0, 1, 2, 3]))).toEqual(codedTable(table([3, 1, 0, 2])));
  });
});
