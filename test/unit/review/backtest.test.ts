import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plantedTable } from '../../../bench/support/planted-outcomes.ts';
import { chanceFrom } from '../../../src/kernel/chance.ts';
import { auc } from '../../../src/review/core/auc.ts';
import { aucIntervals } from '../../../src/review/core/auc-interval.ts';
import { backtest } from '../../../src/review/core/backtest.ts';
import { codedTable, type OutcomeTable } from '../../../src/review/core/outcome-table.ts';
import { capacityOf, migration, tierAt, tierResults, tiersByCapacity } from '../../../src/review/core/tiers.ts';
import { timeSplit } from '../../../src/review/core/time-split.ts';
import { areaDifference } from '../../support/plain-statistics.ts';

const days = (...values: number[]) => Float64Array.from(values);

describe('the split in time', () => {
  test('keeps the rows of a day together, in the later part, and leaves out what has no day', () => {
    const split = timeSplit(days(5, 1, Number.NaN, 2, 2, 4, 4, 4, 3), null);
    expect(split).toEqual({
      trained: Int32Array.of(1, 3, 4, 8),
      tested: Int32Array.of(0, 5, 6, 7),
      undated: 1,
      censored: { rows: 0, days: 0 },
    });
  });

  test('leaves out deals opened within the days that nine of ten need', () => {
    // ten deals of 10 days each, one of 90, and three opened late that ended quickly
    const opened = days(0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 5, 97, 98, 110);
    const closed = days(10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 95, 99, 99, 112);
    const split = timeSplit(closed, opened);
    expect(split?.censored).toEqual({ rows: 1, days: 10 });
    expect([...(split?.trained ?? []), ...(split?.tested ?? [])]).not.toContain(13);
  });

  test('does not mind deals that were closed before they were opened', () => {
    expect(timeSplit(days(1, 2, 3, 4), days(9, 9, 9, 9))?.censored).toEqual({ rows: 0, days: 0 });
  });

  test('is none without an earlier and a later part', () => {
    expect([timeSplit(days(), null), timeSplit(days(Number.NaN), null), timeSplit(days(7, 7, 7), null), timeSplit(days(7), null)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('intervals of areas', () => {
  const random = chanceFrom(8);
  const won = Uint8Array.from({ length: 400 }, () => (random() < 0.3 ? 1 : 0));
  const scored = (signal: number, noise: number) => Float64Array.from(won, (w) => Math.floor(10 * (signal * w + noise * random())));
  const [fresh, current] = [scored(0.6, 1.2), scored(0.2, 1.2)];

  test('are as wide as placements say, around the areas themselves', () => {
    const found = aucIntervals(fresh, current, won, 5);
    const plain = areaDifference(fresh, current, won);
    expect(found?.fresh.value).toBe(auc(fresh, won));
    expect(found?.current?.value).toBe(auc(current, won));
    expect(found?.difference?.value).toBeCloseTo(plain.difference, 12);
    const width = (found?.difference?.high ?? 0) - (found?.difference?.low ?? 0);
    expect(width / (2 * 1.959964 * plain.error)).toBeGreaterThan(0.9);
    expect(width / (2 * 1.959964 * plain.error)).toBeLessThan(1.1);
  });

  test('of a score against itself leave no difference', () => {
    expect(aucIntervals(fresh, fresh, won, 5)?.difference).toEqual({ value: 0, low: 0, high: 0 });
    expect(aucIntervals(fresh, null, won, 5)).toMatchObject({ current: null, difference: null });
  });

  test('are none with one outcome or without rows', () => {
    expect(aucIntervals(days(1, 2), null, Uint8Array.of(1, 1), 5)).toBeNull();
    expect(aucIntervals(days(), null, Uint8Array.of(), 5)).toBeNull();
  });
});

describe('tiers', () => {
  test('hold as near as can be what can be worked, and every row is in one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 80 }),
        fc.integer({ min: 0, max: 50 }),
        fc.integer({ min: 0, max: 50 }),
        (scores, a, b) => {
          const points = Float64Array.from(scores);
          const tiers = tiersByCapacity(points, { A: a / 100, B: b / 100 });
          expect(tiers.B).toBeLessThanOrEqual(tiers.A);
          const off = (score: number) => Math.abs(scores.filter((one) => one >= score).length / scores.length - a / 100);
          for (const score of [...scores, 101]) expect(off(tiers.A)).toBeLessThanOrEqual(off(score) + 1e-12);
          const held = capacityOf(points, tiers);
          expect(held.A + held.B).toBeLessThanOrEqual(1 + 1e-12);
          const moves = migration(
            [...points].map((one) => tierAt(one, tiers)),
            [...points].map((one) => tierAt(one, tiers)),
            new Uint8Array(points.length),
          );
          expect(moves.filter(({ from, to }) => from === to).reduce((sum, { n }) => sum + n, 0)).toBe(scores.length);
        },
      ),
      { numRuns: 200, seed: 3 },
    );
  });

  test('say win rate and lift, and nothing of a tier without rows', () => {
    const results = tierResults('new', days(80, 80, 10, 10), { A: 70, B: 45 }, Uint8Array.of(1, 1, 1, 0));
    expect(results.map(({ tier, n, won, rate, lift }) => [tier, n, won, rate, lift])).toEqual([
      ['A', 2, 2, 1, 4 / 3],
      ['B', 0, 0, null, null],
      ['C', 2, 1, 0.5, 2 / 3],
    ]);
    expect(tierResults('new', days(80), { A: 70, B: 45 }, Uint8Array.of(0))[0]?.lift).toBeNull();
  });
});

describe('a backtest', () => {
  const FIELDS = [
    { name: 'industry', shares: [0.2, 0.4, 0.4], rise: 0.3 },
    { name: 'size', shares: [0.3, 0.7], rise: 0.15 },
    { name: 'noise', shares: [0.5, 0.5], rise: 0 },
  ];
  const table = plantedTable(1600, 0.2, FIELDS, chanceFrom(14));
  const closed = Float64Array.from(table.ids, (_, row) => 19_000 + ((row * 7) % 365));
  const dated: OutcomeTable = { ...table, closed };
  const coded = codedTable(dated);
  const worse = { points: Float64Array.from(coded.fields[1]?.codes ?? [], (code) => (code === 0 ? 60 : 30)), tiers: { A: 70, B: 45 } };

  test('takes what counts as beyond chance as it is given', () => {
    expect(backtest(coded, { q: 1e-300 }).backtest?.auc_new.value).toBe(0.5);
    expect(backtest(coded).backtest?.auc_new.value).toBeGreaterThan(0.55);
  });

  test('finds the better rubric better, on rows that it has not seen', () => {
    const { backtest: found, untested } = backtest(coded, { current: worse });
    expect(found?.trained.rows).toBe(1200);
    expect((found?.trained.to ?? '') < (found?.tested.from ?? '')).toBe(true);
    expect(found?.auc_difference?.low).toBeGreaterThan(0);
    expect(found?.auc_current?.value).toBeLessThan(found?.auc_new.value ?? 0);
    expect(found?.calibration.reduce((sum, { n }) => sum + n, 0)).toBe(found?.tested.rows);
    expect(found?.migration.reduce((sum, { n }) => sum + n, 0)).toBe(found?.tested.rows);
    expect(found?.capacity.map(({ tier }) => tier)).toEqual(['A', 'B', 'C']);
    expect(found?.tiers.filter(({ rubric }) => rubric === 'current').map(({ n }) => n)[0]).toBe(0);
    expect(untested.map(({ code }) => code)).toEqual(['opening_not_known']);
  });

  test('says nothing of fields that take no part', () => {
    const [all, some] = [backtest(coded), backtest(coded, { names: new Set(['noise']) })];
    expect(some.backtest?.auc_new.value).toBeLessThan(0.56);
    expect(all.backtest?.auc_new.value).toBeGreaterThan(0.6);
  });

  test('is the same whatever the order of rows', () => {
    const order = [...table.ids.keys()].sort((a, b) => ((a * 7919) % 1600) - ((b * 7919) % 1600));
    const shuffled: OutcomeTable = {
      ids: order.map((row) => table.ids[row] as string),
      won: Uint8Array.from(order, (row) => table.won[row] as number),
      closed: Float64Array.from(order, (row) => closed[row] as number),
      columns: table.columns.map((column) =>
        column.type === 'level' ? { ...column, codes: Int32Array.from(order, (row) => column.codes[row] as number) } : column,
      ),
    };
    expect(backtest(codedTable(shuffled))).toEqual(backtest(coded));
  });

  test('leaves out the young where days of opening are known', () => {
    const opened = Float64Array.from(coded.closed ?? [], (day, row) => day - (row % 40));
    const { backtest: found, untested } = backtest(coded, { opened });
    expect(found?.censored.days).toBe(35);
    expect(found?.censored.rows).toBeGreaterThan(0);
    expect((found?.trained.rows ?? 0) + (found?.tested.rows ?? 0) + (found?.censored.rows ?? 0)).toBe(1600);
    expect(untested).toEqual([]);
  });

  test('tells what moved between the parts', () => {
    const moved = codedTable({
      ...dated,
      columns: table.columns.map((column) =>
        column.name === 'noise' && column.type === 'level'
          ? { ...column, codes: Int32Array.from(column.codes, (code, row) => ((closed[row] as number) > 19_300 ? 0 : code)) }
          : column,
      ),
    });
    expect(backtest(moved).drift.map(({ field, verdict }) => [field, verdict])).toEqual([
      ['industry', 'steady'],
      ['size', 'steady'],
      ['noise', 'act'],
    ]);
  });

  test.each<[string, Partial<OutcomeTable>, string[]]>([
    ['no days', {}, ['no_days']],
    ['one day', { closed: new Float64Array(1600).fill(3) }, ['one_day']],
    ['days that are not known', { closed: new Float64Array(1600).fill(Number.NaN) }, ['one_day']],
    ['no wins', { closed, won: new Uint8Array(1600) }, ['backtest_too_small']],
    ['days beyond any calendar', { closed: Float64Array.from({ length: 1600 }, (_, row) => (row - 800) * 1e9) }, ['one_day']],
  ])('with %s says why there is none', (_, change, codes) => {
    const found = backtest(codedTable({ ...table, ...change }));
    expect(found.backtest).toBeNull();
    expect(found.untested.map(({ code }) => code)).toEqual(codes);
  });
});
