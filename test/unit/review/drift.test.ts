import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calibration } from '../../../src/review/core/calibration.ts';
import { driftOf, stabilityIndex } from '../../../src/review/core/drift.ts';

const FIELD = { name: 'size', label: 'Size' };

describe('drift', () => {
  test('is the sum of differences times logarithms of ratios', () => {
    // shares .5 .3 .2 and .4 .4 .2: .1 ln 1.25 + .1 ln (4/3)
    const index = stabilityIndex([500_000, 300_000, 200_000], [400_000, 400_000, 200_000]) ?? 0;
    expect(index).toBeCloseTo(0.1 * Math.log(1.25) + 0.1 * Math.log(4 / 3), 5);
  });

  test.each<[string, number[], number[], string | undefined]>([
    ['steady', [500, 300, 200], [470, 320, 210], 'steady'],
    ['worth watching', [500, 300, 200], [340, 400, 260], 'watch'],
    ['moved', [500, 300, 200], [250, 300, 450], 'act'],
    ['a level that is new', [1000, 0], [500, 500], 'act'],
    ['a constant', [1000], [400], 'steady'],
    ['too few rows to tell', [30, 10, 10, 10], [12, 20, 10, 10], undefined],
    ['an empty part', [100, 50], [0, 0], undefined],
    ['nothing at all', [], [], undefined],
  ])('%s', (_, before, after, verdict) => expect(driftOf(FIELD, before, after)?.verdict).toBe(verdict));

  test('is never below zero, and the same both ways where parts are as large', () => {
    const counts = fc.array(fc.nat(400), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(counts, counts, (one, other) => {
        const after = one.map((_, at) => other[at] ?? 0);
        const index = stabilityIndex(one, after);
        if (index === null) return;
        expect(index).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(index)).toBe(true);
        expect(stabilityIndex(after, one)).toBeCloseTo(index, 10);
      }),
      { numRuns: 200, seed: 9 },
    );
  });
});

describe('calibration', () => {
  test('holds what was predicted against what happened, in groups of equally many', () => {
    const predicted = Array.from({ length: 100 }, (_, i) => (i % 10) / 10 + 0.05);
    const won = predicted.map((chance, i) => (i / 10 < chance * 10 ? 1 : 0));
    const found = calibration(predicted, won);
    expect(found?.bins).toHaveLength(10);
    expect(found?.bins[3]).toEqual({ n: 10, won: 4, predicted: expect.closeTo(0.35, 12), rate: 0.4 });
    expect(found?.error).toBeCloseTo(0.05, 12);
  });

  test('keeps rows of one prediction together, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.boolean()), { minLength: 1, maxLength: 120 }), (rows) => {
        const of = (some: [number, boolean][]) =>
          calibration(
            some.map(([step]) => step / 12),
            some.map(([, isWon]) => (isWon ? 1 : 0)),
          );
        const found = of(rows);
        expect(found?.bins.reduce((sum, { n }) => sum + n, 0)).toBe(rows.length);
        expect(found?.bins.length).toBeLessThanOrEqual(10);
        expect(found?.bins.map(({ predicted }) => predicted)).toEqual(
          found?.bins.map(({ predicted }) => predicted).toSorted((a, b) => a - b),
        );
        expect(of(rows.toReversed())?.bins.map(({ n, won }) => [n, won])).toEqual(found?.bins.map(({ n, won }) => [n, won]));
      }),
      { numRuns: 150, seed: 4 },
    );
  });

  test('of no rows is none', () => expect(calibration([], [])).toBeNull());
});
