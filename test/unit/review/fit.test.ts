import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceFrom } from '../../../src/kernel/chance.ts';
import { auc } from '../../../src/review/core/auc.ts';
import { fitLogistic } from '../../../src/review/core/logistic.ts';
import { informationValue, weightsOfEvidence } from '../../../src/review/core/woe.ts';
import { plainAuc, plainLogistic, plainSlope } from '../../support/plain-outcomes.ts';

const outcomes = (min: number, max: number) =>
  fc.array(fc.integer({ min: 0, max: 1 }), { minLength: min, maxLength: max }).filter((won) => new Set(won).size === 2);

describe('the area under the curve', () => {
  it('is that of all pairs, ties counting half', () => {
    const rows = fc.array(
      fc.record({ score: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), won: fc.integer({ min: 0, max: 1 }) }),
      {
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(rows, (all) => {
        const [scores, won] = [all.map(({ score }) => score), all.map((row) => row.won)];
        const plain = plainAuc(scores, won);
        const exact = auc(Float64Array.from(scores), Uint8Array.from(won));
        if (plain === null) expect(exact).toBeNull();
        else expect(exact).toBeCloseTo(plain, 12);
      }),
      { seed: 8, numRuns: 300 },
    );
  });
});

describe('weights of evidence', () => {
  it('are the logarithm of the smoothed shares of wins and losses', () => {
    // (30.5 / 101) / (20.5 / 151) and (70.5 / 101) / (130.5 / 151) by hand
    const [first = 0, second = 0] = weightsOfEvidence(Int32Array.of(50, 200), Int32Array.of(30, 70));
    expect(first).toBeCloseTo(0.799461, 5);
    expect(second).toBeCloseTo(-0.213602, 5);
  });

  const bins = fc.array(fc.record({ won: fc.integer({ min: 0, max: 50 }), lost: fc.integer({ min: 0, max: 50 }) }), {
    minLength: 1,
    maxLength: 12,
  });
  it('stand in the order of the smoothed odds, and hold no information below 0', () => {
    fc.assert(
      fc.property(bins, (cells) => {
        const [n, won] = [Int32Array.from(cells, (cell) => cell.won + cell.lost), Int32Array.from(cells, (cell) => cell.won)];
        const woe = weightsOfEvidence(n, won);
        const odds = cells.map((cell) => (cell.won + 0.5) / (cell.lost + 0.5));
        for (const [i, one] of odds.entries())
          for (const [j, other] of odds.entries()) if (one < other) expect(woe[i]).toBeLessThanOrEqual((woe[j] ?? 0) + 1e-12);
        expect(informationValue(n, won)).toBeGreaterThanOrEqual(-1e-12);
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  it('are nothing where the raw value is infinite', () => {
    expect(informationValue(Int32Array.of(10, 10), Int32Array.of(10, 5), 0)).toBeNull();
  });
});

describe('the logistic fit', () => {
  const sets = outcomes(8, 40).chain((won) =>
    fc.record({
      won: fc.constant(won),
      columns: fc.array(
        fc.array(
          fc.integer({ min: -4, max: 4 }).map((x) => x / 4),
          { minLength: won.length, maxLength: won.length },
        ),
        {
          maxLength: 4,
        },
      ),
    }),
  );

  it('lies where the loss has no slope, and above a bound where the slope presses on it', () => {
    fc.assert(
      fc.property(sets, ({ won, columns }) => {
        const given = columns.map((column) => Float64Array.from(column));
        for (const signs of ['free', 'not_negative'] as const) {
          const { intercept, coefficients } = fitLogistic(given, Uint8Array.from(won), signs);
          const slope = plainSlope(columns, won, [intercept, ...coefficients]);
          expect(Math.abs(slope[0] ?? 1)).toBeLessThan(1e-6);
          for (const [j, coefficient] of coefficients.entries()) {
            if (signs === 'free' || coefficient > 0) expect(Math.abs(slope[j + 1] ?? 1)).toBeLessThan(1e-6);
            else expect(slope[j + 1]).toBeGreaterThan(-1e-6);
            if (signs === 'not_negative') expect(coefficient).toBeGreaterThanOrEqual(0);
          }
        }
      }),
      { seed: 8, numRuns: 150 },
    );
  });

  it.each([511, 512, 1539])('comes there in a few steps also over %i rows', (rows) => {
    const chance = chanceFrom(rows);
    const columns = Array.from({ length: 5 }, () => Float64Array.from({ length: rows }, () => chance() * 2 - 1));
    const won = Uint8Array.from({ length: rows }, (_, row) => Number(chance() < 0.3 + 0.3 * (columns[0]?.[row] ?? 0)));
    const { intercept, coefficients, steps } = fitLogistic(columns, won, 'free');
    const slope = plainSlope(
      columns.map((column) => [...column]),
      [...won],
      [intercept, ...coefficients],
    );
    for (const one of slope) expect(Math.abs(one)).toBeLessThan(1e-6);
    // where the curvature is wrong it goes on, or never comes there
    expect(steps).toBeLessThanOrEqual(8);
  });

  it('is what walking downhill comes to', () => {
    const [won, columns] = [
      [1, 0, 1, 1, 0, 0, 1, 0, 1, 0],
      [
        [0.5, -0.5, 1, 0.25, 0.5, -1, 0.75, 0, 0.5, -0.25],
        [-1, 0.5, 0.5, -0.25, 0, 1, -0.75, 0.5, 0.25, 0],
      ],
    ];
    for (const signs of ['free', 'not_negative'] as const) {
      const { intercept, coefficients } = fitLogistic(
        columns.map((column) => Float64Array.from(column)),
        Uint8Array.from(won),
        signs,
      );
      const plain = plainLogistic(columns, won, signs === 'not_negative');
      for (const [j, value] of [intercept, ...coefficients].entries()) expect(value).toBeCloseTo(plain[j] ?? 0, 6);
    }
  });

  it('ends where columns are the same, constant or part the outcomes fully', () => {
    const won = Uint8Array.from({ length: 400 }, (_, row) => row % 2);
    const parted = Float64Array.from(won, (value) => (value === 1 ? 5 : -5));
    const { intercept, coefficients, steps } = fitLogistic([parted, parted, new Float64Array(400).fill(1)], won);
    expect([intercept, ...coefficients].every(Number.isFinite)).toBe(true);
    expect(coefficients[0]).toBeCloseTo(coefficients[1] ?? 0, 6);
    expect(steps).toBeLessThan(40);
  });
});
