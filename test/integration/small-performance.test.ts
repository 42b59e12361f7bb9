import { expect, it } from 'vitest';
import { derivedId } from '../../src/kernel/ids.ts';
import { rateOf } from '../../src/review/core/performance-statistics.ts';
import { reviewPerformance } from '../../src/review/review-performance.ts';
import { describeDatabases } from '../support/databases.ts';
import { fillPerformance } from '../support/fill-performance-world.ts';
import { useWorkspaces } from '../support/imports.ts';
import { type Deal, inventPerformance, type Story } from '../support/performance-world.ts';

const DAY = 86_400_000;

describeDatabases('review_performance of a few records', (open) => {
  const fresh = useWorkspaces(open);

  it('one deal, at odds with itself, is told as such', async () => {
    const one = await fresh();
    const deal = (fields: Deal['fields'], i: number): Deal => ({
      id: derivedId('opportunity', one.workspaceId, String(i)),
      account: null,
      fields,
      stages: [],
    });
    const fields = { stage: 'closed_won', created_date: '2026-02-20', close_date: '2026-02-10', amount: -12.5, currency: 'usd' };
    const deals = [
      deal(fields, 1),
      deal({ stage: 'proposal', created_date: '2026-02-03', currency: 'eur' }, 2),
      deal({ is_closed: true, close_date: '2026-02-05' }, 3),
    ];
    await fillPerformance(one, { now: one.now().getTime(), people: [], stories: [], deals, scores: [], touches: [] });
    const review = await reviewPerformance(one, {});
    expect(review.won.this).toEqual(rateOf({ hits: 1, of: 1 }));
    expect(review.pipeline[1]?.totals).toEqual([
      {
        currency: 'usd',
        this: { currency: 'usd', deals: 1, unpriced: 0, amount: -12.5, low: -37, high: 12 },
        before: { currency: 'usd', deals: 0, unpriced: 0, amount: 0, low: null, high: null },
      },
    ]);
    expect(review.velocity).toMatchObject([
      { currency: 'eur', open: 1, n: 0, per_day: null },
      { currency: 'usd', open: 0, n: 0, per_day: null },
    ]);
    expect(review.statements).toEqual([
      'Nobody was handed off in the month.',
      'One deal was closed in the month: a rate of one tells nothing.',
      'No deal of the year has a tier of the day it was opened: nothing was scored then.',
      'Nothing had a score at the end of either month.',
      'Deals are in «eur», «usd»: amounts are never added across currencies.',
      'No velocity in «eur»: no deal with an amount and both days was won.',
      '1 deal of the month without an amount: counted, and adding nothing to amounts.',
      '1 deal of the month with an amount below zero: in the sums, and in no velocity.',
      '1 deal of the month closed before created: no course is counted of them.',
      '1 deal of the month closed without saying whether won: left out of win rates.',
      '1 deal without the day they were created: in no cohort, and no pipeline created.',
      '2 deals of no account: nobody of a buying group is known of them.',
    ]);
  });

  it('tells a change from noise', async () => {
    const two = await fresh();
    const base = inventPerformance(two.workspaceId, 3, two.now().getTime(), 1);
    const story = (month: string, i: number, rejected: boolean): Story => {
      const handed = Date.parse(`2026-${month}-01`) + (i % 27) * DAY;
      const events = [{ kind: rejected ? 'reject' : 'accept', at: handed + 3_600_000 }];
      const none = { qualified: null, opened: null, ended: null };
      const id = (kind: string) => derivedId(kind, two.workspaceId, `${month} ${i}`);
      const how = rejected
        ? { stage: 'recycled', code: 'FIT-01', closed: handed + 3_600_000, accepted: null }
        : { stage: 'accepted', code: null, closed: null, accepted: handed + 3_600_000 };
      return {
        id: id('hand_off'),
        person: id('person'),
        handed,
        source: i % 2 === 0 ? 'webinar' : 'event',
        tier: 'A',
        events,
        disposed: handed + 3_600_000,
        ...none,
        ...how,
      };
    };
    const many = (month: string, n: number, rejects: (i: number) => boolean) =>
      Array.from({ length: n }, (_, i) => story(month, i, rejects(i)));
    // one in five was rejected; then every second one of webinars, which are half
    const stories = [...many('01', 200, (i) => i % 5 === 0), ...many('02', 200, (i) => i % 4 === 0 || (i % 5 === 0 && i % 2 === 1))];
    await fillPerformance(two, { ...base, people: [], deals: [], scores: [], touches: [], stories });
    const review = await reviewPerformance(two, {});
    expect(review.changes.map(({ what }) => what)).toContain('rejected, source webinar');
    expect(review.changes.map(({ what }) => what)).not.toContain('rejected, source event');
    const [change] = review.changes;
    expect(change).toMatchObject({
      what: 'rejected, source webinar',
      unit: 'percent',
      before: 20,
      this: 50,
      difference: 30,
      n: { this: 100, before: 100 },
    });
    expect(change?.q).toBeLessThan(0.001);
    expect(review.compared).toBeGreaterThan(review.changes.length);
  });
});
