import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TableBuilder } from '../../../src/identity/core/build-table.ts';
import { clusterReviews } from '../../../src/identity/core/cluster-reviews.ts';
import { jointStake, NO_STAKE, reviewSentence, reviewValue } from '../../../src/identity/core/review-value.ts';
import { type KnownLinks, type Stitched, stitchTable } from '../../../src/identity/core/stitch.ts';

const stake = fc.record({ open_opportunities: fc.nat(9), customer: fc.boolean(), events: fc.nat(2000) });
const bits = fc.double({ min: -12, max: 12, noNaN: true });

describe('the value of a review', () => {
  test.each([
    [{ open_opportunities: 0, customer: false, events: 0 }, 0, 8],
    [{ open_opportunities: 0, customer: false, events: 0 }, -1.4, 7],
    [{ open_opportunities: 0, customer: false, events: 0 }, 30, 0],
    [{ open_opportunities: 2, customer: false, events: 1 }, 30, 17],
    [{ open_opportunities: 9, customer: true, events: 1000 }, 30, 66],
    [{ open_opportunities: 0, customer: false, events: 3 }, 0, 10],
  ])('of %j at %d bits is %d', (one, at, value) => expect(reviewValue(one, at)).toBe(value));

  test('grows with what hangs on it, and falls with what is known', () => {
    fc.assert(
      fc.property(stake, bits, bits, (one, x, y) => {
        const [near, far] = Math.abs(x) < Math.abs(y) ? [x, y] : [y, x];
        expect(reviewValue(one, near)).toBeGreaterThanOrEqual(reviewValue(one, far));
        expect(reviewValue({ ...one, customer: true }, x)).toBeGreaterThanOrEqual(reviewValue(one, x));
        expect(reviewValue({ ...one, events: one.events * 2 + 1 }, x)).toBeGreaterThan(reviewValue(one, x));
        expect(reviewValue(one, x)).toBe(reviewValue(one, -x));
      }),
      { seed: 20_260_305 },
    );
  });

  test('counts the opportunities of one account once', () => {
    const side = { ...NO_STAKE, accountId: 'a', openOpportunities: 2, events: 3 };
    expect(jointStake(side, { ...side, events: 4, isCustomer: true })).toEqual({ open_opportunities: 2, customer: true, events: 7 });
    expect(jointStake(side, { ...side, accountId: 'b' }).open_opportunities).toBe(4);
    expect(jointStake({ ...side, accountId: null }, { ...side, accountId: null }).open_opportunities).toBe(4);
  });

  test('comes with a sentence that says why a likely pair was not merged', () => {
    const explained = { model: 'm', prior: -2, evidence: [], bits: 5, p: 0.97 };
    expect(reviewSentence('other_domain', explained)).toMatch(
      /^Not merged, since their domains differ: .* By the evidence alone: The same/,
    );
    expect(reviewSentence('uncertain', explained)).toMatch(/^Perhaps the same/);
  });
});

describe('the reviews of a stitching', () => {
  const builder = new TableBuilder(['first_name', 'last_name'], ['first', 'last']);
  for (const family of ['Quistgaard', 'Ostrander', 'Vandermeer', 'Blomkvist', 'Iacobelli', 'Szymanski']) builder.add(['Zelda', family]);
  const fitted = stitchTable(builder.finish(Uint32Array.of(0, 1, 2, 3, 4, 5)));
  const own = ['a', 'b', 'c', 'd', 'e', 'f'];
  const free: KnownLinks = { together: [], apartFrom: () => [] };
  /** Pairs of records with their bits; the clusters as given. */
  const stitched = (pairs: readonly (readonly [a: number, b: number, bits: number])[], cluster = [0, 1, 2, 3, 4, 5]): Stitched => ({
    ...fitted,
    prior: 0,
    cluster: Int32Array.from(cluster),
    edges: {
      a: Int32Array.from(pairs, ([a]) => a),
      b: Int32Array.from(pairs, ([, b]) => b),
      evidence: Float32Array.from(pairs, ([, , one]) => one),
      length: pairs.length,
    },
  });
  const told = (of: Stitched, links = free, entities = own) =>
    clusterReviews(of, entities, links).map(({ a, b, bits: sum, reason }) => [a, b, sum, reason]);

  test('are the pairs that are likely enough and were not joined', () => {
    const pairs = [
      [0, 1, 1],
      [2, 3, -1],
      [2, 4, -1.5],
      [3, 4, 5],
      [1, 5, 9],
    ] as const;
    expect(told(stitched(pairs, [0, 1, 2, 3, 4, 1]))).toEqual([
      [0, 1, 1, 'uncertain'],
      [2, 3, -1, 'uncertain'],
      [3, 4, 5, 'guarded'],
    ]);
  });

  test('leave out what a person decided, wherever in the two clusters, and what is one entity', () => {
    const pairs = [[0, 1, 1]] as const;
    const apart = (i: number, j: number): KnownLinks => ({ together: [], apartFrom: (record) => (record === i ? [j] : []) });
    expect(told(stitched(pairs), apart(1, 0))).toEqual([]);
    expect(told(stitched(pairs, [0, 1, 0, 3, 4, 5]), apart(2, 1))).toEqual([]);
    expect(told(stitched(pairs), free, ['a', 'a', 'c', 'd', 'e', 'f'])).toEqual([]);
    expect(told(stitched(pairs), apart(2, 3))).toHaveLength(1);
  });

  test('of two clusters are one: the strongest of their pairs, in whatever order they come', () => {
    const pairs = [
      [0, 2, 1],
      [1, 3, 1.5],
      [0, 3, 1.5],
      [1, 2, 0],
    ] as const;
    const cluster = [0, 0, 2, 2, 4, 5];
    expect(told(stitched(pairs, cluster))).toEqual([[0, 3, 1.5, 'uncertain']]);
    expect(told(stitched(pairs.toReversed(), cluster))).toEqual([[0, 3, 1.5, 'uncertain']]);
  });
});
