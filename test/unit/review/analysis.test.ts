import { describe, expect, it } from 'vitest';
import { generatedOutcomes } from '../../../bench/support/generated-outcomes.ts';
import { analyseOutcomes } from '../../../src/review/core/analyse-outcomes.ts';
import type { AnalysisOptions, IcpAnalysis } from '../../../src/review/core/analysis.ts';
import type { Column, OutcomeTable } from '../../../src/review/core/outcome-table.ts';

/** Every number of a result that is not finite, by its path. */
function notFinite(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path}: ${value}`];
  if (value === undefined) return [`${path}: undefined`];
  if (typeof value === 'string') return /NaN|Infinity|undefined|\[object/.test(value) ? [`${path}: ${value}`] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => notFinite(member, `${path}.${key}`));
}

async function analysed(table: OutcomeTable, options?: AnalysisOptions): Promise<IcpAnalysis> {
  const analysis = await analyseOutcomes(table, options);
  expect(notFinite(analysis)).toEqual([]);
  return analysis;
}

const numberColumn = (name: string, values: readonly number[]): Column => ({
  name,
  label: name,
  type: 'number',
  values: Float64Array.from(values),
});
function tableOf(won: readonly number[], columns: readonly Column[], rest: Partial<OutcomeTable> = {}): OutcomeTable {
  return { ids: won.map((_, row) => `d${row}`), won: Uint8Array.from(won), columns, ...rest };
}
const alternating = (rows: number) => Array.from({ length: rows }, (_, row) => row % 2);
const counting = (rows: number) => Array.from({ length: rows }, (_, row) => row);

describe('an analysis', () => {
  const { table, current } = generatedOutcomes(1500, 6, 3);
  const options = { current: { points: current, tiers: { A: 60, B: 45 } }, folds: { set: 'test' } };

  it('finds what tells won from lost, and nothing in what does not', async () => {
    const analysis = await analysed(table, options);
    const found = new Set(analysis.proposals.map(({ field }) => field));
    expect([...found].sort()).toEqual(['column_01', 'column_04']);
    expect(analysis.fields.map(({ field, use }) => [field, use])).toEqual([
      ['column_01', 'kept'],
      ['column_02', 'no_signal'],
      ['column_03', 'no_signal'],
      ['column_04', 'kept'],
      ['column_05', 'no_signal'],
      ['column_06', 'no_signal'],
    ]);
    expect(analysis.rubric?.fields.reduce((sum, { most }) => sum + most, 0)).toBe(100);
    const { logistic, rubric, proposed } = analysis.cross_validation ?? {};
    expect(Math.abs((rubric?.auc ?? 0) - (logistic?.auc ?? 1))).toBeLessThan(0.01);
    expect(proposed?.auc).toBeGreaterThan(0.6);
    expect(analysis.backtest?.auc_difference).not.toBeNull();
  });

  it('is the same, byte for byte, whatever the order of rows', async () => {
    const once = JSON.stringify(await analyseOutcomes(table, options));
    const order = Int32Array.from(table.ids.keys()).map((row) => (row * 769 + 31) % table.ids.length);
    const picked = (values: Float64Array) => Float64Array.from(order, (row) => values[row] ?? 0);
    const shuffled: OutcomeTable = {
      ids: Array.from(order, (row) => table.ids[row] ?? ''),
      won: Uint8Array.from(order, (row) => table.won[row] ?? 0),
      closed: picked(table.closed ?? new Float64Array()),
      columns: table.columns.map((column) =>
        column.type === 'number'
          ? { ...column, values: picked(column.values) }
          : { ...column, codes: order.map((row) => column.codes[row] ?? 0) },
      ),
    };
    expect(JSON.stringify(await analyseOutcomes(shuffled, { ...options, current: { ...options.current, points: picked(current) } }))).toBe(
      once,
    );
  });

  it('reports how far it is, and ends where it is cancelled', async () => {
    const steps: string[] = [];
    const controller = new AbortController();
    const run = analyseOutcomes(table, {
      signal: controller.signal,
      progress: (done, total, what) => {
        steps.push(`${done} of ${total}`);
        if (what === 'Screening') controller.abort(new Error('enough'));
      },
    });
    await expect(run).rejects.toThrow('enough');
    expect(steps.at(-1)).toBe('3 of 7');
  });

  it('leaves out what it is told to, and says so', async () => {
    const { fields, proposals } = await analysed(table, { exclude: ['column_01'] });
    expect(fields.find(({ field }) => field === 'column_01')).toMatchObject({ use: 'excluded', coefficient: 0 });
    expect(proposals.some(({ field }) => field === 'column_01')).toBe(false);
  });
});

describe('a table that tells nothing', () => {
  it('is refused with the reason', async () => {
    const columns = (rows: number) => [numberColumn('x', counting(rows))];
    const codes = async (made: OutcomeTable) => (await analysed(made)).refused?.code;
    expect(await codes(tableOf([], columns(0)))).toBe('no_rows');
    expect(await codes(tableOf([1], columns(1)))).toBe('one_row');
    expect(await codes(tableOf([0, 0, 0], columns(3)))).toBe('no_wins');
    expect(await codes(tableOf([1, 1, 1], columns(3)))).toBe('no_losses');
    expect(await codes(tableOf([1, 0], []))).toBe('no_columns');
  });

  it('is analysed as far as it goes where it is merely small', async () => {
    const analysis = await analysed(tableOf(alternating(12), [numberColumn('x', counting(12))]), { folds: { set: 'small' } });
    expect(analysis).toMatchObject({ refused: null, rubric: null, proposals: [], backtest: null, cross_validation: null });
    expect(analysis.no_proposals?.code).toBe('nothing_tested');
    expect(analysis.untested.map(({ code }) => code)).toContain('fit_too_small');
  });

  it('says of columns that are constant, empty or nearly so that they are', async () => {
    const rows = 400;
    const many = Array.from({ length: rows }, (_, row) => `level ${String(row).padStart(4, '0')}`);
    const analysis = await analysed(
      tableOf(alternating(rows), [
        numberColumn('constant', new Array(rows).fill(3)),
        numberColumn('missing', new Array(rows).fill(Number.NaN)),
        numberColumn('infinite', new Array(rows).fill(Number.POSITIVE_INFINITY)),
        { name: 'many', label: 'Many', type: 'level', codes: Int32Array.from(counting(rows)), levels: many },
        { name: 'none', label: 'None', type: 'level', codes: new Int32Array(rows).fill(-1), levels: [] },
      ]),
    );
    expect(analysis.fields.map(({ use }) => use)).toEqual(['constant', 'all_missing', 'all_missing', 'constant', 'all_missing']);
    expect(analysis).toMatchObject({ rubric: null, proposals: [], tested: { levels: 0 } });
  });

  it('takes ten thousand levels as one rare mixture beside those that have rows', async () => {
    const rows = 10_500;
    const levels = Array.from({ length: 10_000 }, (_, level) => String(level).padStart(5, '0'));
    const codes = Int32Array.from(counting(rows), (row) => (row < 10_000 ? row : 7));
    const analysis = await analysed(tableOf(alternating(rows), [{ name: 'x', label: 'X', type: 'level', codes, levels }]));
    expect(analysis.levels.map(({ bin, n }) => [bin.label, n])).toEqual([
      ['00007', 501],
      ['9999 rare values', 9999],
    ]);
    expect(analysis.untested.map(({ code }) => code)).toContain('rare_levels');
  });

  it('keeps its figures where a column parts the outcomes fully, days are no days and ids are one', async () => {
    const won = alternating(600);
    const closed = Float64Array.from(won, (_, row) => [Number.NaN, 1e12, -5, 20_000 + row][row % 4] ?? 0);
    const table = tableOf(won, [numberColumn('oracle', won), numberColumn('x', counting(600))], { closed, ids: won.map(() => 'same') });
    const analysis = await analysed(table, { folds: { set: 'one' } });
    expect(analysis.leaks.map(({ field }) => field)).toEqual(['oracle']);
    expect(analysis.proposals).toEqual([]);
    expect(analysis.cross_validation).toBeNull();
  });
});
