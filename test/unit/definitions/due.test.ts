import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cadence, Review } from '../../../src/definitions/core/cadence.ts';
import { dueReviews, dueText } from '../../../src/definitions/core/due.ts';
import { WEEKDAYS } from '../../../src/definitions/core/sla.ts';
import { dayFromIso, isoFromDay } from '../../../src/kernel/dates.ts';

function cadence(every: Review['every'], on: Review['on'], more: Partial<Review> = {}): Cadence {
  const review: Review = {
    id: 'it',
    label: 'Review',
    every,
    on,
    minutes: 30,
    owner: 'sales',
    attends: ['sales'],
    agenda: [{ topic: 'x' }],
    ...more,
  };
  return { kind: 'cadence', reviews: [review] };
}

function due(every: Review['every'], on: Review['on'], { asOf, since, held }: { asOf: string; since: string; held?: string | undefined }) {
  const [one] = dueReviews(cadence(every, on), { asOf, since, held: new Map(held === undefined ? [] : [['it', held]]) });
  if (one === undefined) throw new Error('no review');
  return one;
}

describe('a review is due', () => {
  // 2026-11-22 is a Sunday
  it.each([
    ['week', 'monday', '2026-11-22', '2026-11-20', undefined, '2026-11-23', null],
    ['week', 'monday', '2026-11-23', '2026-11-20', undefined, '2026-11-23', null],
    ['week', 'monday', '2026-11-24', '2026-11-20', undefined, '2026-11-30', '2026-11-23'],
    ['week', 'monday', '2026-11-24', '2026-11-01', undefined, '2026-11-30', '2026-11-02'],
    // held on the Tuesday of its week, or on the Sunday at its end
    ['week', 'monday', '2026-11-23', '2026-11-01', '2026-11-17', '2026-11-23', null],
    ['week', 'monday', '2026-11-24', '2026-11-01', '2026-11-22', '2026-11-30', '2026-11-23'],
    ['week', 'friday', '2026-11-21', '2026-11-01', '2026-11-16', '2026-11-27', null],
    ['month', 'tuesday', '2026-11-22', '2026-11-05', undefined, '2026-12-01', null],
    ['month', 'tuesday', '2026-12-02', '2026-11-05', undefined, '2027-01-05', '2026-12-01'],
    ['month', 'tuesday', '2026-12-02', '2026-11-05', '2026-11-30', '2027-01-05', '2026-12-01'],
    ['month', 'tuesday', '2026-12-20', '2026-11-05', '2026-12-15', '2027-01-05', null],
    ['quarter', 'wednesday', '2026-11-22', '2026-10-08', undefined, '2027-01-06', null],
    ['quarter', 'wednesday', '2026-10-07', '2026-01-01', '2026-07-31', '2026-10-07', null],
    ['quarter', 'wednesday', '2026-10-08', '2026-01-01', '2026-07-31', '2027-01-06', '2026-10-07'],
    ['month', 'thursday', '2028-02-29', '2028-02-29', undefined, '2028-03-02', null],
  ] as const)(
    'every %s on %s, as of %s (since %s, held %s): next %s, overdue since %s',
    (every, on, asOf, since, held, next, overdueSince) => {
      expect(due(every, on, { asOf, since, held })).toMatchObject({ next, overdueSince, lastHeld: held ?? null });
    },
  );

  it('its report is there so many days before', () => {
    const [one] = dueReviews(cadence('week', 'monday', { report: 'handoffs', report_days_before: 3 }), {
      asOf: '2026-11-22',
      since: '2026-11-22',
      held: new Map(),
    });
    expect(one?.reportBy).toBe('2026-11-20');
    expect(one && dueText(one)).toBe('Review: next on 2026-11-23, its report by 2026-11-20; none is recorded as held.');
  });

  it('as a search through the days has it', () => {
    const period = (every: Review['every'], day: number) => {
      const date = new Date(day * 86_400_000);
      if (every === 'week') return Math.floor((day + 3) / 7);
      const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
      return every === 'month' ? month : Math.floor(month / 3);
    };
    const isWeekday = (day: number, on: Review['on']) => new Date(day * 86_400_000).getUTCDay() === (WEEKDAYS.indexOf(on) + 1) % 7;
    /** A due day is the first such weekday of its period. */
    const isDue = (every: Review['every'], on: Review['on'], day: number) => {
      if (!isWeekday(day, on)) return false;
      for (let before = day - 1; period(every, before) === period(every, day); before -= 1) if (isWeekday(before, on)) return false;
      return true;
    };
    const start = dayFromIso('2024-01-01');
    fc.assert(
      fc.property(
        fc.constantFrom('week', 'month', 'quarter'),
        fc.constantFrom(...WEEKDAYS),
        fc.nat(1200),
        fc.nat(400),
        fc.option(fc.nat(400)),
        (every, on, since, later, heldBefore) => {
          const [from, asOf] = [start + since, start + since + later];
          const held = heldBefore === null ? undefined : asOf - heldBefore;
          let next = asOf;
          while (!isDue(every, on, next)) next += 1;
          let overdue: number | null = held === undefined ? from : held;
          while (!isDue(every, on, overdue) || (held !== undefined && period(every, overdue) === period(every, held))) overdue += 1;
          if (overdue >= asOf) overdue = null;
          const found = due(every, on, {
            asOf: isoFromDay(asOf),
            since: isoFromDay(from),
            held: held === undefined ? undefined : isoFromDay(held),
          });
          expect(found).toMatchObject({ next: isoFromDay(next), overdueSince: overdue === null ? null : isoFromDay(overdue) });
        },
      ),
      { seed: 20261122, numRuns: 400 },
    );
  });
});
