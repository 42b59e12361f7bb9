import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chanceFrom } from '../../../src/kernel/chance.ts';
import { binomial } from '../../../src/review/core/draws.ts';
import { detectableLift, powerTable, rowsNeeded } from '../../../src/review/core/power.ts';

describe('what so many rows can show', () => {
  test.each([
    [200, 24.1],
    [500, 15.0],
    [1000, 10.4],
    [2000, 7.2],
    [5000, 4.5],
  ])('of %i, a fifth of which wins %d points more than the 25 % of the rest', (n, points) => {
    expect(Math.round((detectableLift(n, 0.2, 0.25) ?? 0) * 1000) / 10).toBe(points);
  });

  test('is found by a test of level 5 % in four of five cases', () => {
    const random = chanceFrom(12);
    const lift = detectableLift(800, 0.3, 0.2) ?? 0;
    let found = 0;
    for (let round = 0; round < 4000; round++) {
      const [a, c] = [binomial(240, 0.2 + lift, random) / 240, binomial(560, 0.2, random) / 560];
      if (Math.abs(a - c) > 1.959964 * Math.sqrt((a * (1 - a)) / 240 + (c * (1 - c)) / 560)) found += 1;
    }
    expect(found / 4000).toBeGreaterThan(0.78);
    expect(found / 4000).toBeLessThan(0.82);
  });

  test('and the rows that a rise needs are those that show it', () => {
    const shares = fc.double({ min: 0.02, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 100_000 }), shares, shares, (n, share, base) => {
        const lift = detectableLift(n, share, base);
        if (lift === null) return;
        expect(Math.abs((rowsNeeded(lift, share, base) ?? 0) - n)).toBeLessThanOrEqual(1);
        expect(detectableLift(n * 2, share, base)).toBeLessThan(lift);
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  test('nothing is said where nothing can be compared', () => {
    expect([detectableLift(0, 0.2, 0.2), detectableLift(90, 0, 0.2), detectableLift(90, 1, 0.2), detectableLift(90, 0.2, 1)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect([detectableLift(4, 0.2, 0.25), detectableLift(Number.NaN, 0.2, 0.2)]).toEqual([null, null]);
    expect([rowsNeeded(0, 0.2, 0.2), rowsNeeded(0.9, 0.2, 0.2), rowsNeeded(0.1, 1, 0.2), rowsNeeded(-0.3, 0.2, 0.2)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(rowsNeeded(-0.1, 0.2, 0.25)).toBeGreaterThan(500);
    expect([powerTable(0, 0), powerTable(9, 0.25), powerTable(500, 0.25).map(({ share }) => share)]).toEqual([
      [],
      [],
      [0.05, 0.1, 0.2, 0.3, 0.5],
    ]);
  });
});
