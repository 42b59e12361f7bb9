import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChainCounts } from '../../../src/attribution/core/chain.ts';
import { eliminated } from '../../../src/attribution/core/eliminate.ts';
import { markovCredits } from '../../../src/attribution/core/markov.ts';
import { relaxed } from '../../../src/attribution/core/relax.ts';
import { shapleyValues } from '../../../src/attribution/core/shapley.ts';
import { finished } from '../../../src/attribution/core/steps.ts';
import { chanceFrom } from '../../../src/kernel/chance.ts';
import { type PlainPath, plainMarkov, plainShapley, toNumber } from '../../support/attribution-oracle.ts';
import { fileCredits } from '../../support/file-credits.ts';

const SEED = 20_260_331;
const CHANNELS = ['ads', 'e-mail', 'search', 'événement'];

const anyPaths = fc.array(
  fc.record({
    path: fc.array(fc.constantFrom(...CHANNELS), { maxLength: 6 }),
    conversions: fc.integer({ min: 0, max: 5 }),
    nulls: fc.integer({ min: 0, max: 9 }),
  }),
  { minLength: 1, maxLength: 10 },
);
const order = fc.constantFrom(1 as const, 2 as const);

describe('removal effects', () => {
  it('say how far they are, each channel once', () => {
    const counts = new ChainCounts(1);
    counts.add(['a', 'b', 'c', 'd', 'e', 'f', 'a'], 1n, 1n);
    expect(Array.from(eliminated(counts.chain()))).toEqual([1, 2, 3, 4, 5, 6].map((done) => ({ done, total: 6 })));
  });

  it('are those of exact fractions, each removal solved anew', () => {
    fc.assert(
      fc.property(anyPaths, order, (paths, order) => {
        const plain = plainMarkov(paths, order);
        const credits = markovCredits(paths, order);
        expect(credits.map((one) => one.channel)).toEqual([...plain.keys()].sort());
        for (const { channel, removalEffect, credit } of credits) {
          const exact = plain.get(channel);
          if (exact === undefined) throw new Error(channel);
          expect(Math.abs(removalEffect - toNumber(exact.effect))).toBeLessThan(1e-13);
          expect(Math.abs(credit - toNumber(exact.credit))).toBeLessThan(1e-12);
        }
      }),
      { seed: SEED, numRuns: 150 },
    );
  });

  it('do not depend on the order of the paths, nor on how counts are split', () => {
    fc.assert(
      fc.property(anyPaths, order, (paths, order) => {
        const split = paths.flatMap(({ path, conversions, nulls }) => [
          { path, conversions: conversions / 10, nulls: 0 },
          { path, conversions: conversions - conversions / 10, nulls },
        ]);
        const one = markovCredits(paths, order);
        expect(markovCredits(paths.toReversed(), order)).toEqual(one);
        expect(markovCredits(split.toReversed(), order)).toEqual(one);
      }),
      { seed: SEED },
    );
  });

  it('come out the same by sweeps as by elimination, on chains with many states', () => {
    const paths = randomPaths(1500, 16);
    const counts = new ChainCounts(2);
    for (const { path, conversions, nulls } of paths) counts.add(path, BigInt(conversions), BigInt(nulls));
    const chain = counts.chain();
    expect(chain.channelOf.length).toBeGreaterThan(200);
    const swept = finished(relaxed(chain));
    for (const [i, effect] of finished(eliminated(chain)).entries()) expect(Math.abs(effect - (swept?.[i] ?? 1))).toBeLessThan(1e-12);
  });

  it('are left to elimination where sweeps would take too long', () => {
    const counts = new ChainCounts(1);
    counts.add(
      Array.from({ length: 40_000 }, (_, i) => (i % 2 === 0 ? 'a' : 'b')),
      1n,
      0n,
    );
    counts.add(['c'], 1n, 2n);
    const chain = counts.chain();
    expect(finished(relaxed(chain))).toBeUndefined();
    // a and b are on the way to half of what converts, in a chain of one in three
    expect([...finished(eliminated(chain))].map((effect) => effect.toFixed(9))).toEqual(['0.500000000', '0.500000000', '0.500000000']);
  });

  it('are solved where paths go round for ever, nearly', () => {
    const round = Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 'a' : 'b'));
    const paths = [
      { path: round, conversions: 1, nulls: 0 },
      { path: ['a'], conversions: 0, nulls: 1 },
      { path: ['c', 'c', 'c'], conversions: 1, nulls: 0 },
    ];
    for (const order of [1, 2] as const) {
      const plain = plainMarkov(paths, order);
      for (const { channel, removalEffect } of markovCredits(paths, order))
        expect(Math.abs(removalEffect - toNumber(plain.get(channel)?.effect ?? { n: -1n, d: 1n }))).toBeLessThan(1e-12);
    }
  });

  it.each<[string, PlainPath[], { channel: string; removalEffect: number; credit: number }[]]>([
    ['no paths', [], []],
    ['a path without touches', [{ path: [], conversions: 3, nulls: 1 }], []],
    ['no conversion', [{ path: ['a', 'b'], conversions: 0, nulls: 4 }], [none('a'), none('b')]],
    ['nothing counted', [{ path: ['a'], conversions: 0, nulls: 0 }], []],
    ['one touch', [{ path: ['a'], conversions: 2, nulls: 0 }], [{ channel: 'a', removalEffect: 1, credit: 2 }]],
    ['one channel again and again', [{ path: ['a', 'a', 'a'], conversions: 2, nulls: 6 }], [{ channel: 'a', removalEffect: 1, credit: 2 }]],
  ])('are said of %s', (_, paths, expected) => {
    expect(markovCredits(paths, 1)).toEqual(expected);
    expect(markovCredits(paths, 2)).toEqual(expected);
  });

  it('remember two touches where that matters', () => {
    // what comes after b hangs on what was before it
    const paths = [
      { path: ['a', 'b'], conversions: 4, nulls: 0 },
      { path: ['c', 'b'], conversions: 0, nulls: 4 },
    ];
    const effects = (order: 1 | 2) => Object.fromEntries(markovCredits(paths, order).map((one) => [one.channel, one.removalEffect]));
    expect(effects(1)).toEqual({ a: 0.5, b: 1, c: 0.5 });
    expect(effects(2)).toEqual({ a: 1, b: 1, c: 0 });
  });
});

describe("Shapley's value", () => {
  it('of the paths within a set is that of every order of the channels', () => {
    fc.assert(
      fc.property(anyPaths, (paths) => {
        const plain = plainShapley(paths);
        const credits = fileCredits(paths, 'shapley');
        expect(credits.map((one) => one.channel)).toEqual([...plain.keys()].sort());
        for (const { channel, credit } of credits) expect(Math.abs(credit - (plain.get(channel) ?? -1))).toBeLessThan(1e-9);
      }),
      { seed: SEED },
    );
  });

  it('of the conversion rate is shared within each set, and does not hang on the order of paths', () => {
    const paths = [
      { path: ['a', 'b', 'a'], conversions: 4, nulls: 4 },
      { path: ['a'], conversions: 1, nulls: 3 },
      { path: ['b'], conversions: 0, nulls: 2 },
    ];
    // a alone .25, b alone 0, both .5: of the set's 4 conversions a earns (.25 + .5) / 2 of .5, b the rest
    const expected = [
      { channel: 'a', credit: 1 + 4 * 0.75 },
      { channel: 'b', credit: 4 * 0.25 },
    ];
    expect(fileCredits(paths, 'shapley_conversion_rate')).toEqual(expected);
    expect(fileCredits(paths.toReversed(), 'shapley_conversion_rate')).toEqual(expected);
  });

  it('of a game of one, of none, and of too many', () => {
    expect(shapleyValues(1, () => 3)).toEqual([3]);
    expect(shapleyValues(0, () => 3)).toEqual([]);
    expect(() => shapleyValues(17, () => 0)).toThrow(RangeError);
  });
});

function none(channel: string) {
  return { channel, removalEffect: 0, credit: 0 };
}

function randomPaths(count: number, channels: number): PlainPath[] {
  const chance = chanceFrom(7);
  return Array.from({ length: count }, () => ({
    path: Array.from({ length: 1 + Math.floor(chance() * 9) }, () => `channel ${Math.floor(chance() ** 2 * channels)}`),
    conversions: Math.floor(chance() * 3),
    nulls: Math.floor(chance() * 20),
  }));
}
