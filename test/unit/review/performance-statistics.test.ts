import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceFrom } from '../../../src/kernel/chance.ts';
import {
  countsDiffer,
  type Histogram,
  pairedChance,
  pairedDifference,
  quantilesOf,
  rankSum,
  rateOf,
} from '../../../src/review/core/performance-statistics.ts';

describe('rates', () => {
  it('come with Wilson’s interval, and none of nothing', () => {
    // 81 of 263: Newcombe, Statistics in Medicine 17 (1998), table I
    expect(rateOf({ hits: 81, of: 263 })).toEqual({ hits: 81, of: 263, percent: 30.8, low: 25.5, high: 36.6 });
    expect(rateOf({ hits: 0, of: 20 })).toMatchObject({ percent: 0, low: 0, high: 16.1 });
    expect(rateOf({ hits: 0, of: 0 })).toEqual({ hits: 0, of: 0, percent: null, low: null, high: null });
  });
});

describe('medians', () => {
  it('are those of the values written out, whatever the order of the counts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 }), (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        const found = quantilesOf(values.map((value): [number, number] => [value, 1]));
        expect(found).toMatchObject({
          n: values.length,
          median: sorted[Math.ceil(values.length / 2) - 1] ?? null,
          p90: sorted[Math.ceil((values.length * 9) / 10) - 1] ?? null,
        });
        expect(quantilesOf([...counted(values)].reverse())).toEqual(found);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('have an interval that holds the true one in about 95 of 100 samples', () => {
    const chance = chanceFrom(3);
    let held = 0;
    for (let run = 0; run < 2000; run += 1) {
      const { low, high } = quantilesOf(Array.from({ length: 41 }, (): [number, number] => [Math.floor(chance() * 10_000), 1]));
      if (low !== null && high !== null && low <= 5000 && high >= 5000) held += 1;
    }
    expect(held / 2000).toBeGreaterThan(0.93);
    expect(held / 2000).toBeLessThan(0.985);
  });

  it('of a few have none', () => {
    expect(quantilesOf([[3, 5]])).toEqual({ n: 5, median: 3, low: null, high: null, p90: 3 });
    expect(quantilesOf([])).toEqual({ n: 0, median: null, low: null, high: null, p90: null });
  });
});

describe('the same records at two instants', () => {
  it('change by chance as often as every way of their joining and leaving says, written out', () => {
    for (let joined = 0; joined <= 9; joined += 1)
      for (let left = 0; joined + left <= 9; left += 1) {
        const moved = joined + left;
        let asFar = 0;
        for (let way = 0; way < 2 ** moved; way += 1) {
          let ones = 0;
          for (let bits = way; bits > 0; bits >>= 1) ones += bits & 1;
          if (Math.abs(2 * ones - moved) >= Math.abs(joined - left)) asFar += 1;
        }
        expect(pairedChance({ joined, left })).toBeCloseTo(asFar / 2 ** moved, 10);
      }
    expect(pairedChance({ joined: 3000, left: 3000 })).toBe(1);
    expect(pairedChance({ joined: 60_000, left: 40_000 })).toBeLessThan(1e-100);
  });

  it('differ within Newcombe’s interval for pairs', () => {
    // Statistics in Medicine 17 (1998), 2635-2650, table III: 36, 12, 2, 0 of 50, method 10
    expect(pairedDifference({ n: 50, both: 36, joined: 12, left: 2 })).toEqual({ points: 20, low: 5.69, high: 34.04 });
    expect(pairedDifference({ n: 0, both: 0, joined: 0, left: 0 })).toBeNull();
    const counts = fc.record({ both: fc.nat(400), joined: fc.nat(60), left: fc.nat(60), neither: fc.nat(400) });
    fc.assert(
      fc.property(counts, ({ both, joined, left, neither }) => {
        const n = both + joined + left + neither;
        const found = pairedDifference({ n, both, joined, left });
        if (found === null) return;
        expect(found.low).toBeLessThanOrEqual(found.points);
        expect(found.high).toBeGreaterThanOrEqual(found.points);
        const { points, low, high } = pairedDifference({ n, both, joined: left, left: joined }) ?? found;
        expect([points + 0, low + 0, high + 0]).toEqual([-found.points + 0, -found.high + 0, -found.low + 0]);
      }),
      { seed: 4, numRuns: 200 },
    );
  });
});

describe('what differs by chance', () => {
  it('two counts: the binomial distribution summed in whole numbers', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.integer({ min: 1, max: 31 }), fc.integer({ min: 1, max: 31 }), (a, b, days, others) => {
        const exact = Math.min(1, 2 * Math.min(tail(a + b, days, days + others, a), tail(a + b, others, days + others, b)));
        expect(countsDiffer({ n: a, days }, { n: b, days: others })).toBeCloseTo(exact, 10);
      }),
      { seed: 11, numRuns: 200 },
    );
    expect(countsDiffer({ n: 1_000_000, days: 30 }, { n: 1_000_000, days: 30 })).toBe(1);
    expect(countsDiffer({ n: 1_000_000, days: 30 }, { n: 900_000, days: 30 })).toBeLessThan(1e-100);
  });

  it('two samples: of one distribution few are told apart, and a shift is found', () => {
    const chance = chanceFrom(9);
    const sample = (n: number, shift: number): Histogram => [
      ...counted(Array.from({ length: n }, () => Math.floor(-20 * Math.log(1 - chance())) + shift)),
    ];
    let found = 0;
    for (let run = 0; run < 1000; run += 1) if ((rankSum(sample(40, 0), sample(60, 0)) ?? 1) <= 0.05) found += 1;
    expect(found).toBeGreaterThan(20);
    expect(found).toBeLessThan(75);
    expect(rankSum(sample(200, 0), sample(200, 15))).toBeLessThan(1e-6);
    expect(rankSum([[4, 30]], [[4, 30]])).toBe(1);
    expect(rankSum([[4, 9]], [[4, 30]])).toBeNull();
  });

  it('of two sides it does not matter which comes first', () => {
    const some = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 10, maxLength: 30 });
    fc.assert(
      fc.property(some, some, (a, b) => {
        expect(rankSum([...counted(a)], [...counted(b)])).toBeCloseTo(rankSum([...counted(b)], [...counted(a)]) ?? -1, 12);
      }),
      { seed: 2, numRuns: 100 },
    );
  });
});

function counted(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** The chance of `found` or more of `n` with a chance of `a` in `b` each, in whole numbers. */
function tail(n: number, a: number, b: number, found: number): number {
  let sum = 0n;
  let choose = 1n;
  for (let k = 0; k <= n; k += 1) {
    if (k >= found) sum += choose * BigInt(a) ** BigInt(k) * BigInt(b - a) ** BigInt(n - k);
    choose = (choose * BigInt(n - k)) / BigInt(k + 1);
  }
  const digits = 10n ** 20n;
  return Number((sum * digits) / BigInt(b) ** BigInt(n)) / 1e20;
}
