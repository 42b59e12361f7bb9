import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Credit, creditOf, type Path, type PathwiseModel } from '../../../src/attribution/core/credit.ts';
import { shareOut } from '../../../src/attribution/core/share-out.ts';
import { fraction, plainShapley, toNumber } from '../../support/attribution-oracle.ts';

const DAY = 86_400_000;
const SEED = 20_260_331;

const path = (text: string, milestones: Path['milestones'] = {}, daysBefore?: readonly number[]): Path => {
  const channels = text.split(' ');
  const at = (i: number) => 1_700_000_000_000 - (daysBefore?.[i] ?? channels.length - i) * DAY;
  return {
    touches: channels.map((channel, i) => ({ channel, at: at(i), direct: channel === 'direct' })),
    milestones,
    convertedAt: 1_700_000_000_000,
  };
};
/** In lowest terms, as `3/10`. */
const fractions = (credit: Credit) =>
  credit.parts.map((part) => {
    const { n, d } = fraction(part, credit.whole);
    return d === 1n ? `${n}` : `${n}/${d}`;
  });
const weights = (given: Record<string, number>): PathwiseModel => ({ type: 'weighted', weights: given });
const POSITION = weights({ first_touch: 40, last_touch: 40, others: 20 });
const W = weights({ first_touch: 30, lead_created: 30, opportunity_created: 30, others: 10 });

describe('the credit of one path', () => {
  it.each<[string, PathwiseModel, Path, string[]]>([
    ['all to the first', weights({ first_touch: 100 }), path('a b c'), ['1', '0', '0']],
    ['all to the last', weights({ last_touch: 100 }), path('a b c'), ['0', '0', '1']],
    ['position of five', POSITION, path('a b c d e'), ['2/5', '1/15', '1/15', '1/15', '2/5']],
    ['position of two: the middle goes to both', POSITION, path('a b'), ['1/2', '1/2']],
    ['position of one', POSITION, path('a'), ['1']],
    ['uneven ends of two gain the same', weights({ first_touch: 60, last_touch: 20, others: 20 }), path('a b'), ['7/10', '3/10']],
    [
      'milestones on their touches',
      W,
      path('a b c d e', { lead_created: 2, opportunity_created: 4 }),
      ['3/10', '1/20', '3/10', '1/20', '3/10'],
    ],
    ['milestones on one touch add up', W, path('a b c', { lead_created: 0, opportunity_created: 2 }), ['3/5', '1/10', '3/10']],
    ['no middle', W, path('a b c', { lead_created: 1, opportunity_created: 2 }), ['1/3', '1/3', '1/3']],
    ['no middle and two on one touch', W, path('a b', { lead_created: 0, opportunity_created: 1 }), ['2/3', '1/3']],
    ['a milestone not reached goes to those that were', W, path('a b c', { lead_created: 1 }), ['9/20', '9/20', '1/10']],
    ['only the first is there', W, path('a b c'), ['9/10', '1/20', '1/20']],
    ['none of the weights is earned', weights({ closed_won: 100 }), path('a b'), ['1/2', '1/2']],
    ['a milestone before all touches', W, path('a b', { lead_created: -1, opportunity_created: 9 }), ['9/10', '1/10']],
    ['a weight of nothing names no touch', weights({ first_touch: 0, last_touch: 60, others: 40 }), path('a b c'), ['1/5', '1/5', '3/5']],
    ['half percents', weights({ first_touch: 22.5, last_touch: 77.5 }), path('a b'), ['9/40', '31/40']],
    ['the last that did not come by itself', { type: 'last_non_direct' }, path('a b direct direct'), ['0', '1', '0', '0']],
    ['where all came by themselves, the last', { type: 'last_non_direct' }, path('direct direct'), ['0', '1']],
    ['linear', { type: 'linear' }, path('a b a'), ['1/3', '1/3', '1/3']],
    ['shapley, a channel twice', { type: 'shapley', value: 'paths_within' }, path('a b a'), ['1/4', '1/2', '1/4']],
    ['whole half-lives are exact', { type: 'time_decay', half_life_days: 7 }, path('a b c', {}, [14, 7, 0]), ['1/7', '2/7', '4/7']],
    ['of one age, in all', { type: 'time_decay', half_life_days: 7 }, path('a b', {}, [3, 3]), ['1/2', '1/2']],
    [
      'seventy half-lives are exact too',
      { type: 'time_decay', half_life_days: 1 },
      path('a b', {}, [70, 0]),
      [`1/${2n ** 70n + 1n}`, `${2n ** 70n}/${2n ** 70n + 1n}`],
    ],
    ['what is ages older earns nothing', { type: 'time_decay', half_life_days: 1 }, path('a b', {}, [3000, 0]), ['0', '1']],
  ])('%s', (_, model, given, expected) => expect(fractions(creditOf(model, given))).toEqual(expected));

  it('is nothing without a touch', () => {
    const credit = creditOf(POSITION, { touches: [], milestones: {}, convertedAt: 0 });
    expect([credit, shareOut(500, credit)]).toEqual([{ parts: [], whole: 0 }, []]);
  });

  it('decays between whole half-lives as the power of two does', () => {
    const ages = [30, 10, 3.5, 1, 0.25];
    const credit = creditOf({ type: 'time_decay', half_life_days: 7 }, path('a b c d e', {}, ages));
    const powers = ages.map((age) => 2 ** (-age / 7));
    const sum = powers.reduce((a, b) => a + b);
    for (const [i, part] of credit.parts.entries())
      expect(toNumber(fraction(part, credit.whole))).toBeCloseTo((powers[i] as number) / sum, 14);
  });
});

const anyWeights = fc
  .tuple(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 5, maxLength: 5 }), fc.boolean())
  .map(([[a = 0, b = 0, c = 0, d = 0, e = 0], hasOthers]) => {
    const [first, last, lead, opportunity, won] = [a, b, c, d, e].map((n) => n / 2) as [number, number, number, number, number];
    const rest = 100 - first - last - lead - opportunity - won;
    const named = { first_touch: first, lead_created: lead, opportunity_created: opportunity, closed_won: won };
    return weights(hasOthers ? { ...named, last_touch: last, others: rest } : { ...named, last_touch: last + rest });
  });
const anyModel = fc.oneof<fc.Arbitrary<PathwiseModel>[]>(
  anyWeights,
  fc.constant({ type: 'last_non_direct' }),
  fc.constant({ type: 'linear' }),
  fc.integer({ min: 1, max: 90 }).map((n) => ({ type: 'time_decay', half_life_days: n })),
  fc.constant({ type: 'shapley', value: 'paths_within' }),
);
const index = fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined });
const anyPath = fc
  .record({
    touches: fc.array(
      fc.record({ channel: fc.constantFrom('a', 'b', 'c', 'd'), at: fc.integer({ min: 0, max: 300 * DAY }), direct: fc.boolean() }),
      { minLength: 1, maxLength: 12 },
    ),
    lead: index,
    opportunity: index,
    won: index,
  })
  .map(
    ({ touches, lead, opportunity, won }): Path => ({
      touches: touches.toSorted((a, b) => a.at - b.at),
      milestones: {
        ...(lead !== undefined && { lead_created: lead }),
        ...(opportunity !== undefined && { opportunity_created: opportunity }),
        ...(won !== undefined && { closed_won: won }),
      },
      convertedAt: 301 * DAY,
    }),
  );

describe('any path and amount', () => {
  it('is shared out to the cent, each share within a cent of its part', () => {
    fc.assert(
      fc.property(anyModel, anyPath, fc.maxSafeInteger(), (model, given, cents) => {
        const credit = creditOf(model, given);
        const whole = BigInt(credit.whole);
        const parts = Array.from(credit.parts as readonly (number | bigint)[], (part) => BigInt(part));
        expect(parts.every((part) => part >= 0n)).toBe(true);
        expect(parts.reduce((a, b) => a + b)).toBe(whole);
        const shares = shareOut(cents, credit);
        expect(shares.reduce((sum, share) => sum + BigInt(share), 0n)).toBe(BigInt(cents));
        for (const [i, share] of shares.entries()) {
          const error = BigInt(share) * whole - BigInt(cents) * (parts[i] as bigint);
          expect(error < whole && error > -whole).toBe(true);
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('has the same shares by large integers as by small ones', () => {
    fc.assert(
      fc.property(anyPath, fc.integer({ min: 0, max: 100_000 }), (given, cents) => {
        const { parts, whole } = creditOf(POSITION, given) as { parts: number[]; whole: number };
        expect(shareOut(cents, { parts: parts.map(BigInt), whole: BigInt(whole) })).toEqual(shareOut(cents, { parts, whole }));
      }),
      { seed: SEED },
    );
  });

  it('gives what is left by the largest remainder, among equals to the earliest', () => {
    const thirds = { parts: [1, 1, 1], whole: 3 };
    expect(shareOut(100, thirds)).toEqual([34, 33, 33]);
    expect(shareOut(-101, thirds)).toEqual([-34, -34, -33]);
    expect(shareOut(1, { parts: [1, 3, 3], whole: 7 })).toEqual([0, 1, 0]);
    expect(() => shareOut(0.5, thirds)).toThrow(RangeError);
  });

  it("has the channels' Shapley values of the game by definition", () => {
    fc.assert(
      fc.property(anyPath, (given) => {
        const { parts, whole } = creditOf({ type: 'shapley', value: 'paths_within' }, given);
        const plain = plainShapley([{ path: given.touches.map((touch) => touch.channel), conversions: 1, nulls: 0 }]);
        for (const [channel, credit] of plain) {
          const sum = given.touches.reduce((total, touch, i) => total + (touch.channel === channel ? Number(parts[i]) : 0), 0);
          expect(sum / Number(whole)).toBeCloseTo(credit, 12);
        }
      }),
      { seed: SEED },
    );
  });
});
