import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chanceFrom } from '../../../src/kernel/chance.ts';
import { binomial, multinomial, seedOf } from '../../../src/review/core/draws.ts';
import { halvesAgree, signStability } from '../../../src/review/core/stability.ts';
import { binomialChances } from '../../support/plain-statistics.ts';

describe('draws', () => {
  test.each([
    [5, 0.3],
    [40, 0.1],
    [60, 0.5],
    [300, 0.04],
    [1000, 0.9],
    [78_000, 0.2],
  ])('of %i at %d each are spread as the binomial distribution', (n, p) => {
    const [draws, random] = [20_000, chanceFrom(seedOf('draws', String(n), String(p)))];
    const seen = new Map<number, number>();
    for (let i = 0; i < draws; i++) {
      const k = binomial(n, p, random);
      seen.set(k, (seen.get(k) ?? 0) + 1);
    }
    // cells of at least 50 expected, from one end to the other
    const chances = binomialChances(n, p);
    let [chiSquare, cells, expected, observed, left] = [0, 0, 0, 0, 1];
    for (let k = 0; k <= n; k++) {
      const chance = chances[k] ?? 0;
      expected += chance * draws;
      left -= chance;
      observed += seen.get(k) ?? 0;
      if (k < n && (expected < 50 || left * draws < 50)) continue;
      chiSquare += (observed - expected) ** 2 / expected;
      [cells, expected, observed] = [cells + 1, 0, 0];
    }
    // four standard deviations above its mean
    expect(chiSquare).toBeLessThan(cells + 4 * Math.sqrt(2 * cells));
    expect(cells).toBeGreaterThan(3);
  });

  test('share out all there is, and only over cells that have a weight', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 12 }), fc.nat(100_000), fc.nat(), (weights, n, seed) => {
        fc.pre(weights.some((weight) => weight > 0));
        const out = new Int32Array(weights.length);
        multinomial(n, weights, chanceFrom(seed), out);
        expect(out.reduce((sum, count) => sum + count, 0)).toBe(n);
        expect(Math.min(...out)).toBeGreaterThanOrEqual(0);
        expect(weights.every((weight, cell) => weight > 0 || out[cell] === 0)).toBe(true);
      }),
      { numRuns: 200, seed: 5 },
    );
  });

  test('of nothing, of no chance and of certainty', () => {
    const random = chanceFrom(1);
    expect([binomial(0, 0.5, random), binomial(9, 0, random), binomial(9, 1, random)]).toEqual([0, 0, 9]);
  });
});

describe('stability of a sign', () => {
  test.each([
    { won: 40, lost: 60, othersWon: 100, othersLost: 300 },
    { won: 30, lost: 70, othersWon: 100, othersLost: 300 },
    { won: 12, lost: 48, othersWon: 110, othersLost: 330 },
  ])('is what drawing the rows one by one gives: %o', (cells) => {
    const rows = [cells.won, cells.lost, cells.othersWon, cells.othersLost].flatMap((count, cell) => new Array<number>(count).fill(cell));
    const sign = Math.sign(cells.won * cells.othersLost - cells.lost * cells.othersWon);
    const random = chanceFrom(77);
    let kept = 0;
    for (let round = 0; round < 1000; round++) {
      const drawn = [0, 0, 0, 0];
      for (let i = 0; i < rows.length; i++) {
        const cell = rows[Math.floor(random() * rows.length)] ?? 0;
        drawn[cell] = (drawn[cell] ?? 0) + 1;
      }
      const [a = 0, b = 0, c = 0, d = 0] = drawn;
      if (Math.sign(a / (a + b) - c / (c + d)) === sign) kept += 1;
    }
    expect(Math.abs(signStability(cells, seedOf('a')) - kept / 1000)).toBeLessThan(0.045);
  });

  test('is the same for the same seed, and 0 where nothing differs', () => {
    const cells = { won: 20, lost: 40, othersWon: 50, othersLost: 160 };
    expect(signStability(cells, 3)).toBe(signStability(cells, 3));
    expect(signStability({ won: 10, lost: 20, othersWon: 20, othersLost: 40 }, 3)).toBe(0);
    expect(signStability({ won: 0, lost: 0, othersWon: 0, othersLost: 0 }, 3)).toBe(0);
  });

  test('of a field: one half tells what the other says where there is something to say, and half of the time where there is not', () => {
    expect(halvesAgree([50, 20, 30], [100, 200, 100], 4)).toBeGreaterThan(0.98);
    const random = chanceFrom(6);
    let sum = 0;
    for (let round = 0; round < 60; round++) {
      const won = Array.from({ length: 8 }, () => binomial(100, 0.25, random));
      sum += halvesAgree(
        won,
        won.map((wins) => 100 - wins),
        round,
      ) as number;
    }
    expect(sum / 60).toBeGreaterThan(0.35);
    expect(sum / 60).toBeLessThan(0.65);
    expect([halvesAgree([9], [9], 1), halvesAgree([0, 0], [9, 9], 1), halvesAgree([0, 0], [0, 0], 1)]).toEqual([null, 0, 0]);
  });
});
