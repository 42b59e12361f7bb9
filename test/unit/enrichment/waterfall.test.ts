import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Statistics } from '../../../src/enrichment/core/expectations.ts';
import { forecast } from '../../../src/enrichment/core/forecast.ts';
import { fuse } from '../../../src/enrichment/core/fusion.ts';
import { marketOf } from '../../../src/enrichment/core/market.ts';
import type { ProviderAnswer, ProviderOffer } from '../../../src/enrichment/core/provider.ts';
import { type Tally, weightOf } from '../../../src/enrichment/core/tally.ts';
import { Waterfall } from '../../../src/enrichment/core/waterfall.ts';
import { hit, MISS, offerOf } from '../../support/static-providers.ts';

const FIELDS = ['account.industry', 'account.employees', 'account.city'];
const limits = { budgetMicros: 100_000, deadlineMs: 5000, atOnce: 24, worthMicros: 2_000_000 };

function planner(
  offers: readonly ProviderOffer[],
  given: Partial<typeof limits> = {},
  inputs: Record<string, string> = { 'account.domain': 'a.example' },
) {
  const market = marketOf(offers);
  return new Waterfall(market, new Statistics().expect(market, ''), { ...limits, ...given }, { inputs, wanted: FIELDS, today: 0 });
}

const anyOffers = fc
  .array(
    fc.record({
      billing: fc.constantFrom('none', 'hit', 'request', 'field'),
      price: fc.integer({ min: 1, max: 60_000 }),
      extra: fc.integer({ min: 0, max: 30_000 }),
      fields: fc.subarray(FIELDS, { minLength: 1 }),
      family: fc.integer({ min: 0, max: 3 }),
      hitRate: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((list) =>
    list.map(({ billing, price, extra, fields, family, hitRate }, i) => {
      const offer = offerOf(`p${i}`, fields, {
        billing,
        family: `f${family}`,
        hitRate,
        priceMicros: billing === 'none' ? 0 : price,
      } as Partial<ProviderOffer>);
      return { ...offer, fields: offer.fields.map((field) => ({ ...field, extraMicros: billing === 'none' ? 0 : extra })) };
    }),
  );

describe('the planner', () => {
  test('never holds or spends more than its budget, asks nobody twice, and comes to an end', () => {
    fc.assert(
      fc.property(
        anyOffers,
        fc.integer({ min: 0, max: 150_000 }),
        fc.array(fc.nat(3), { minLength: 1, maxLength: 40 }),
        (offers, budgetMicros, fate) => {
          const waterfall = planner(offers, { budgetMicros });
          const market = marketOf(offers);
          const asked = new Set<number>();
          let held = 0;
          let billed = 0;
          let turn = 0;
          for (let now = 0; !waterfall.isFinished; now += 100) {
            const out = waterfall.next(now).filter((ask) => !ask.hedge);
            const priced = out.map((ask) => ({ ask, worst: worst(market.offers[ask.provider] as ProviderOffer, ask.fields) }));
            for (const { ask, worst: micros } of priced) {
              expect(asked.has(ask.provider)).toBe(false);
              asked.add(ask.provider);
              held += micros;
            }
            expect(held + billed).toBeLessThanOrEqual(budgetMicros);
            for (const { ask, worst: micros } of priced) {
              turn += 1;
              const answer = answerBy(fate[turn % fate.length] ?? 0, ask.fields, micros);
              held -= micros;
              billed += answer.chargedMicros ?? micros;
              waterfall.answered(ask.provider, answer);
            }
            expect(waterfall.spentMicros).toBe(billed);
            expect(now).toBeLessThanOrEqual(limits.deadlineMs + 100);
          }
        },
      ),
      { seed: 5, numRuns: 150 },
    );
  });

  test('asks free providers before paid ones that offer the same, and nobody once all is sure', () => {
    const waterfall = planner([
      offerOf('dear', FIELDS, { billing: 'hit', priceMicros: 90_000 }),
      offerOf('free', FIELDS),
      offerOf('also free', FIELDS),
    ]);
    const asks = waterfall.next(0);
    expect(
      asks
        .map(({ provider }) => provider)
        .slice(0, 2)
        .sort(),
    ).toEqual([1, 2]);
    const found = hit({ 'account.industry': 'software', 'account.employees': 5, 'account.city': 'Oslo' });
    for (const { provider } of asks) waterfall.answered(provider, found);
    expect(waterfall.next(100)).toEqual([]);
    expect(waterfall.isFinished).toBe(true);
  });

  test('asks whom a found value makes askable', () => {
    const waterfall = planner(
      [offerOf('names', ['account.domain'], { inputs: [['account.name']] }), offerOf('domains', FIELDS)],
      {},
      { 'account.name': 'Acme' },
    );
    // the domain itself is not wanted, so nobody asks for it
    expect(waterfall.next(0)).toEqual([]);
    const market = marketOf([offerOf('names', ['account.domain'], { inputs: [['account.name']] }), offerOf('domains', FIELDS)]);
    const wanting = new Waterfall(market, new Statistics().expect(market, ''), limits, {
      inputs: { 'account.name': 'Acme' },
      wanted: ['account.domain', ...FIELDS],
      today: 0,
    });
    expect(wanting.next(0).map(({ provider }) => provider)).toEqual([0]);
    wanting.answered(0, hit({ 'account.domain': 'acme.com' }));
    expect(wanting.next(100).map(({ provider }) => provider)).toEqual([1]);
  });

  test('sends a late free call again, once; never one that costs', () => {
    const waterfall = planner([
      offerOf('free', FIELDS, { idempotent: true }),
      offerOf('paid', FIELDS, { idempotent: true, billing: 'hit', priceMicros: 100 }),
    ]);
    expect(waterfall.next(0)).toHaveLength(2);
    expect(waterfall.next(600).filter(({ hedge }) => hedge)).toMatchObject([{ provider: 0 }]);
    expect(waterfall.next(900).filter(({ hedge }) => hedge)).toEqual([]);
  });

  test('a field with a price of its own is asked for only where it is worth it', () => {
    const offer = offerOf('phones', FIELDS, { billing: 'hit', priceMicros: 1000 });
    const dear = offer.fields.map((field, i) => ({ ...field, extraMicros: i === 2 ? 95_000 : 0 }));
    expect(planner([{ ...offer, fields: dear }], { worthMicros: 100_000 }).next(0)).toMatchObject([{ fields: FIELDS.slice(0, 2) }]);
  });

  test('a forecast is the same every time, and its worst case is no more than the budget', () => {
    const market = marketOf([offerOf('free', FIELDS), offerOf('paid', FIELDS, { billing: 'request', priceMicros: 80_000 })]);
    const drawn = () =>
      forecast(market, new Statistics().expect(market, ''), limits, { inputs: { 'account.domain': 'a' }, wanted: FIELDS, today: 0 });
    expect(drawn()).toEqual(drawn());
    expect(drawn().worstMicros).toBe(80_000);
    expect(drawn().expectedMicros).toBeLessThanOrEqual(80_000);
  });
});

describe('fusion', () => {
  const vote = (provider: string, family: string, value: string, accuracy: number) => ({ provider, family, value, key: value, accuracy });
  const anyVotes = fc.array(
    fc.record({
      provider: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      family: fc.constantFrom('x', 'y', 'z'),
      value: fc.constantFrom('1', '2', '3'),
      accuracy: fc.double({ min: 0.05, max: 0.99, noNaN: true }),
    }),
    { minLength: 1, maxLength: 8 },
  );

  test('is the same in any order, and what it gives is a distribution', () => {
    fc.assert(
      fc.property(anyVotes, (given) => {
        const votes = given.map((one) => vote(one.provider, one.family, one.value, one.accuracy));
        const fused = fuse(votes);
        const turned = fuse([...votes].reverse());
        expect(turned.map(({ key }) => key)).toEqual(fused.map(({ key }) => key));
        for (const [i, { confidence }] of fused.entries()) expect(turned[i]?.confidence).toBeCloseTo(confidence, 10);
        expect(fused.reduce((sum, { confidence }) => sum + confidence, 0)).toBeLessThanOrEqual(1);
      }),
      { seed: 6 },
    );
  });

  test('a single vote is as sure as its accuracy; a family repeats itself in vain; two families agree for good', () => {
    const alone = fuse([vote('a', 'x', '1', 0.8)])[0]?.confidence;
    expect(alone).toBeCloseTo(0.8, 10);
    expect(fuse([vote('a', 'x', '1', 0.8), vote('b', 'x', '1', 0.7)])[0]?.confidence).toBeCloseTo(0.8, 10);
    expect(fuse([vote('a', 'x', '1', 0.8), vote('b', 'y', '1', 0.8)])[0]?.confidence).toBeGreaterThan(0.99);
    const [best, other] = fuse([vote('a', 'x', '1', 0.8), vote('b', 'y', '2', 0.9)]);
    expect([best?.value, other?.value]).toEqual(['2', '1']);
  });
});

describe('what is learned', () => {
  const tally = (hits: number, calls: number, segment = 'us'): Tally => ({
    provider: 'p',
    segment,
    field: '',
    period: 3,
    counts: {
      calls,
      exposure: calls * 1000,
      hits,
      latency: Math.round(calls * Math.log(1000) * 1000),
      latency_squares: Math.round(calls * Math.log(1000) ** 2 * 1000),
    },
  });
  const market = marketOf([offerOf('p', FIELDS, { hitRate: 0.5 })]);
  const rate = (statistics: Statistics, segment = 'us') => statistics.expect(market, segment).hit[0] ?? 0;

  test('moves from what a description says to what was seen, for a segment more than for the others', () => {
    const statistics = new Statistics();
    expect(rate(statistics)).toBeCloseTo(0.5, 10);
    statistics.add(tally(5, 100));
    expect(rate(statistics)).toBeLessThan(0.1);
    statistics.add(tally(90, 100, 'de'));
    expect(rate(statistics, 'de')).toBeGreaterThan(0.7);
    expect(rate(statistics, 'us')).toBeLessThan(0.15);
    expect(Math.exp(statistics.expect(market, 'us').lnMedianMs[0] ?? 0)).toBeGreaterThan(800);
  });

  test('counts less the older it is', () => {
    expect(weightOf(10, 10 * 7)).toBe(1);
    expect(weightOf(10, (10 + 13) * 7)).toBeCloseTo(0.5, 10);
    expect(weightOf(12, 10 * 7)).toBe(1);
  });
});

function worst(offer: ProviderOffer, fields: readonly string[]): number {
  if (offer.billing === 'none') return 0;
  const extras = offer.fields.filter(({ field }) => fields.includes(field)).reduce((sum, { extraMicros }) => sum + extraMicros, 0);
  return extras + offer.priceMicros * (offer.billing === 'field' ? fields.length : 1);
}

function answerBy(fate: number, fields: readonly string[], micros: number): ProviderAnswer {
  if (fate === 0) return MISS;
  if (fate === 1) return { outcome: 'unknown', values: {}, chargedMicros: null, latencyMs: 10 };
  if (fate === 2) return { outcome: 'error', values: {}, chargedMicros: 0, latencyMs: 10 };
  return hit(Object.fromEntries(fields.map((field) => [field, 'x'])), micros);
}
