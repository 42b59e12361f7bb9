import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquareTail } from '../../../src/kernel/chi-square-tail.ts';
import type { Bin } from '../../../src/review/core/analysis.ts';
import { chiSquare } from '../../../src/review/core/chi-square.ts';
import { foldOf } from '../../../src/review/core/folds.ts';
import { compared, screen } from '../../../src/review/core/screen.ts';

describe('the chi-square', () => {
  it('has the tails of the tables', () => {
    // quantiles of one degree of freedom, as printed; the last two by erfc in 50 digits
    expect(chiSquareTail(3.841458820694124)).toBeCloseTo(0.05, 12);
    expect(chiSquareTail(6.634896601021213)).toBeCloseTo(0.01, 12);
    expect(chiSquareTail(10.827566170662733)).toBeCloseTo(0.001, 13);
    expect(chiSquareTail(100) / 1.5239706048321e-23).toBeCloseTo(1, 10);
    expect(chiSquareTail(0)).toBe(1);
  });

  it('passes from its series to its fraction without a step', () => {
    expect(chiSquareTail(8 - 1e-9) / chiSquareTail(8 + 1e-9)).toBeCloseTo(1, 7);
  });

  it('is that of observed and expected counts', () => {
    const cell = fc.integer({ min: 0, max: 200 });
    fc.assert(
      fc.property(cell, cell, cell, cell, (won, lost, othersWon, othersLost) => {
        const found = chiSquare({ won, lost, othersWon, othersLost });
        const all = won + lost + othersWon + othersLost;
        const rows = [won + lost, othersWon + othersLost];
        const columns = [won + othersWon, lost + othersLost];
        if ([...rows, ...columns].includes(0)) return expect(found).toBeNull();
        const observed = [won, lost, othersWon, othersLost];
        const expected = rows.flatMap((row) => columns.map((column) => (row * column) / all));
        const value = observed.reduce((sum, count, i) => sum + (count - (expected[i] ?? 1)) ** 2 / (expected[i] ?? 1), 0);
        expect(found?.value).toBeCloseTo(value, 6);
        expect(found?.least).toBeCloseTo(Math.min(...expected), 9);
      }),
      { seed: 8, numRuns: 300 },
    );
  });
});

const bins = (count: number): Bin[] => Array.from({ length: count }, (_, at) => ({ kind: 'level', label: String(at), level: String(at) }));
const binning = (cells: readonly [number, number][]) => ({
  bins: bins(cells.length),
  n: Int32Array.from(cells, ([n]) => n),
  won: Int32Array.from(cells, ([, won]) => won),
});

describe('screening', () => {
  it('is exact where few are expected', () => {
    // twice the chance of two or more of 5 marked among 4 drawn of 100
    const exact = compared({ won: 2, lost: 2, othersWon: 3, othersLost: 93 });
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
    const tail = [2, 3, 4].reduce((sum, k) => sum + (choose(5, k) * choose(95, 4 - k)) / choose(100, 4), 0);
    expect(exact?.test).toBe('fisher');
    expect(exact?.p).toBeCloseTo(2 * tail, 12);
    expect(compared({ won: 20, lost: 20, othersWon: 30, othersLost: 60 })?.test).toBe('chi_square');
    expect(compared({ won: 5, lost: 5, othersWon: 0, othersLost: 0 })).toBeNull();
  });

  it('tests what has fifty rows, ten wins and ten losses, and says of the rest that it cannot', () => {
    const found = screen([
      binning([
        [50, 10],
        [49, 20],
        [60, 9],
        [60, 51],
        [300, 150],
      ]),
    ]);
    expect(found.map(({ support }) => support)).toEqual(['enough', 'not_enough_data', 'not_enough_data', 'not_enough_data', 'enough']);
    expect(found.map(({ p }) => p !== null)).toEqual([true, false, false, false, true]);
  });

  it('asks for half a percent of a large table', () => {
    const found = screen([
      binning([
        [99, 50],
        [100, 50],
        [19_801, 9000],
      ]),
    ]);
    expect(found.map(({ support }) => support)).toEqual(['not_enough_data', 'enough', 'enough']);
  });

  it('corrects over all fields together, keeping the order of the chances and never below them', () => {
    const cells = fc.array(
      fc.integer({ min: 20, max: 300 }).chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 0, max: n }))),
      { minLength: 2, maxLength: 8 },
    );
    fc.assert(
      fc.property(fc.array(cells, { minLength: 1, maxLength: 4 }), (fields) => {
        const tested = screen(fields.map(binning)).flatMap(({ p, q }) => (p === null || q === null ? [] : [{ p, q }]));
        tested.sort((a, b) => a.p - b.p);
        let below = 0;
        for (const [rank, { p, q }] of tested.entries()) {
          expect(q).toBeGreaterThanOrEqual(p * (1 - 1e-12));
          expect(q).toBeLessThanOrEqual(Math.min(1, (p * tested.length) / (rank + 1)) * (1 + 1e-12));
          expect(q).toBeGreaterThanOrEqual(below);
          below = q;
        }
      }),
      { seed: 8, numRuns: 200 },
    );
  });
});

describe('folds', () => {
  it('are the first four bytes of the digest modulo five', () => {
    for (const id of ['0', '41187', '1C1I7A6R', 'é']) {
      const digest = createHash('sha256').update(`bank:${id}`).digest();
      expect(foldOf('bank', id)).toBe(digest.readUInt32BE(0) % 5);
    }
  });
});
