import fc from 'fast-check';
import { expect, it } from 'vitest';
import { creditLines } from '../../../src/attribution/core/credit-lines.ts';
import { type Deal, type DealTouch, meaningOf, pathOf } from '../../../src/attribution/core/deal.ts';
import { PathCounts } from '../../../src/attribution/core/path-counts.ts';
import { MILLION, Tally } from '../../../src/attribution/core/tally.ts';
import { touchesOf } from '../../../src/attribution/core/touch-sql.ts';
import { TouchWords } from '../../../src/attribution/core/touch-words.ts';
import type { Attribution } from '../../../src/definitions/core/attribution.ts';
import type { Taxonomy } from '../../../src/definitions/core/taxonomy.ts';
import { shippedDefinitions } from '../../../src/definitions/shipped.ts';

const DAY = 86_400_000;

const deal = fc.record({
  currency: fc.constantFrom('eur', 'usd', null),
  cents: fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
  steps: fc.array(fc.record({ group: fc.constantFrom('a', 'b', 'c', ''), part: fc.integer({ min: 1, max: 50 }) }), { maxLength: 8 }),
});

function tallied(deals: readonly (typeof deal extends fc.Arbitrary<infer T> ? T : never)[]) {
  const tally = new Tally(['channel']);
  for (const { currency, cents, steps } of deals) {
    const of = { currency, cents, millionths: MILLION };
    const parts = steps.map(({ part }) => part);
    const whole = parts.reduce((sum, part) => sum + part, 0);
    if (steps.length === 0) tally.leave(of, '');
    else
      tally.share(
        of,
        steps.map(({ group }) => group),
        { parts, whole },
      );
  }
  return tally.rows();
}

it('rows add up to exactly the deals of each currency, in whatever order they are added', () => {
  fc.assert(
    fc.property(fc.array(deal, { maxLength: 12 }), (deals) => {
      const rows = tallied(deals);
      expect(tallied([...deals].reverse())).toEqual(rows);
      for (const currency of ['eur', 'usd', null]) {
        const own = rows.filter((row) => row.currency === currency);
        const due = deals.filter((one) => one.currency === currency);
        expect(own.reduce((sum, { cents }) => sum + cents, 0)).toBe(due.reduce((sum, { cents }) => sum + cents, 0));
        expect(own.reduce((sum, { millionths }) => sum + millionths, 0)).toBe(due.length * MILLION);
      }
    }),
    { seed: 8, numRuns: 200 },
  );
});

it('removal effects share out all that was touched, in each currency and month', () => {
  fc.assert(
    fc.property(fc.array(deal, { minLength: 1, maxLength: 12 }), fc.constantFrom(1 as const, 2 as const), (deals, order) => {
      const counts = new PathCounts(order);
      const tally = new Tally(['channel', 'period']);
      const touched = deals.filter(({ steps }) => steps.length > 0);
      for (const [i, { currency, cents, steps }] of touched.entries())
        counts.add(
          steps.map(({ group }) => group),
          i % 4 === 3 ? null : { currency, cents, period: i % 2 === 0 ? '2026-01' : '2026-02' },
        );
      counts.shareInto(tally, (step, period) => `${step}\u0000${period ?? ''}`);
      const rows = tally.rows();
      for (const currency of ['eur', 'usd', null]) {
        const due = touched.filter((one, i) => i % 4 !== 3 && one.currency === currency);
        const own = rows.filter((row) => row.currency === currency);
        expect(own.reduce((sum, { cents }) => sum + cents, 0)).toBe(due.reduce((sum, { cents }) => sum + cents, 0));
        expect(own.reduce((sum, { millionths }) => sum + millionths, 0)).toBe(due.length * MILLION);
      }
    }),
    { seed: 9, numRuns: 100 },
  );
});

it('shares of a currency are hundredths of a percent that add up, where amounts allow for shares', () => {
  const row = (channel: string, cents: number) => ({ channel, untouched: false, currency: 'eur', millionths: 333_333, cents });
  const credited = (cents: number[]) => ({
    rows: [cents.map((one, i) => row('abc'.charAt(i), one))],
    totals: [{ currency: 'eur', deals: 1, cents: 0, untouched: { deals: 0, cents: 0 } }],
  });
  const shares = (cents: number[]) =>
    creditLines({ ...credited(cents), touches: 3, doubts: NO_DOUBTS }, 'channel', 'pipeline_amount').map(({ share }) => share);
  expect(shares([1, 1, 1])).toEqual([3334, 3333, 3333]);
  expect(shares([5, -1, 0])).toEqual([null, null, null]);
  expect(shares([0, 0, 0])).toEqual([null, null, null]);
});

const NO_DOUBTS = { no_amount: 0, too_large: 0, negative: 0, no_currency: 0, no_account: 0, future: 0, won_before_created: 0, undated: 0 };

it('the touch of a milestone is the last one at or before it, of those in the look-back', () => {
  const at = (day: number) => ({ at: day * DAY + 1, type: 'call', person: `p${day}`, attributes: null });
  const touches: DealTouch[] = [at(95), at(99), at(100)];
  const one: Deal = { id: 'x', name: null, accountId: 'a', created: 100, closed: null, won: null, cents: 0, currency: null };
  const path = (known: Record<string, number[]>) =>
    pathOf(one, touches, [], {
      conversion: 'opportunity_created',
      lookbackDays: 10,
      milestones: [
        ['lead_created', 'inquiry'],
        ['opportunity_created', 'opportunity'],
        ['closed_won', 'won'],
      ],
      reached: (person) => known[person] ?? [],
    }).milestones;
  expect(path({ p99: [98 * DAY] })).toEqual({ lead_created: 0, opportunity_created: 2 });
  // somebody known before the look-back is no new lead, and nobody touched before the first was
  expect(path({ p95: [80 * DAY], p100: [100 * DAY + 1] })).toEqual({ lead_created: 2, opportunity_created: 2 });
  expect(path({ p95: [94 * DAY] })).toEqual({ opportunity_created: 2 });
  expect(path({ p95: [101 * DAY] })).toEqual({ opportunity_created: 2 });
});

it('a touch says its source by a word that a lead source has', async () => {
  const taxonomy = (await shippedDefinitions()).taxonomy as Taxonomy;
  const words = new TouchWords(taxonomy);
  expect(words.source('call', { 'UTM Source': 'google', utm_medium: 'PPC' })).toBe('paid_search');
  expect(words.source('call', { utm_medium: 'email', lead_source: 'Newsletter' })).toBe('email');
  expect(words.source('call', { utm_source: 'SEO', Source: 'Trade Show' })).toBe('event');
  expect(words.source('webinar', { utm_source: 'unheard of' })).toBe('webinar');
  expect(words.source('product_signup', null)).toBe('product');
  expect(words.source('call', { source: 7 })).toBeNull();
  // one name written twice: the order of the keys decides nothing
  expect(words.campaign({ 'UTM Campaign': 'b', utm_campaign: 'a' })).toBe('a');
  expect(words.campaign({ utm_campaign: 'a', 'UTM Campaign': 'b' })).toBe('a');
  expect(words.campaign({ campaign: '–' })).toBeNull();
  const attribution = (await shippedDefinitions()).attribution as Attribution;
  expect(meaningOf('lead_created', attribution, taxonomy)).toBe('inquiry');
  expect(meaningOf('lead_created', { ...attribution, milestones: { lead_created: 'sal' } }, taxonomy)).toBe('accepted');
  expect(meaningOf('closed_won', { ...attribution, milestones: {} }, taxonomy)).toBe('won');
});

it('reads the touches of a row', () => {
  expect(touchesOf(undefined)).toEqual([]);
  expect(touchesOf('-5 call \n7 webinar 0a5ec6bc {"a": "x y"}\n8 call  ')).toEqual([
    { at: -5, type: 'call', person: null, attributes: null },
    { at: 7, type: 'webinar', person: '0a5ec6bc', attributes: { a: 'x y' } },
    { at: 8, type: 'call', person: null, attributes: null },
  ]);
});
