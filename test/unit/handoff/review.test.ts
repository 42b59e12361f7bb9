import { describe, expect, it } from 'vitest';
import { moreThanNoise } from '../../../src/handoff/core/review-changes.ts';
import { type DecidedCount, reviewFigures } from '../../../src/handoff/core/review-figures.ts';
import { lastPeriod, lastWeek, periodOf, reviewPeriod } from '../../../src/handoff/core/review-period.ts';
import { chanceFrom } from '../../../src/kernel/chance.ts';
import { isoFromDay } from '../../../src/kernel/dates.ts';

describe('a period by its name', () => {
  const days = (name: string) => {
    const period = reviewPeriod(name);
    return period && [isoFromDay(period.from), isoFromDay(period.to - 1)];
  };

  it('is a week of ISO 8601, or the days that are named', () => {
    expect(days('2026-W47')).toEqual(['2026-11-16', '2026-11-22']);
    expect(days('2026-W01')).toEqual(['2025-12-29', '2026-01-04']);
    // 2026 begins on a Thursday, so it has 53 weeks; 2025 has 52
    expect(days('2026-W53')).toEqual(['2026-12-28', '2027-01-03']);
    expect(days('2024-02-28..2024-03-01')).toEqual(['2024-02-28', '2024-03-01']);
  });

  it('is a month or a quarter of the calendar', () => {
    expect(days('2024-02')).toEqual(['2024-02-01', '2024-02-29']);
    expect(days('2026-12')).toEqual(['2026-12-01', '2026-12-31']);
    expect(days('2026-Q1')).toEqual(['2026-01-01', '2026-03-31']);
    expect(days('2026-Q4')).toEqual(['2026-10-01', '2026-12-31']);
  });

  it('every day is in one week, month and quarter, whose name is read back', () => {
    const chance = chanceFrom(3);
    for (let i = 0; i < 300; i += 1) {
      const day = Math.floor(chance() * 30_000);
      for (const every of ['week', 'month', 'quarter'] as const) {
        const period = periodOf(every, day);
        expect(period.from <= day && day < period.to).toBe(true);
        expect(periodOf(every, period.to - 1)).toEqual(period);
        expect(periodOf(every, period.to).from).toBe(period.to);
        expect(reviewPeriod(period.name)).toEqual(period);
      }
    }
  });

  it.each([
    '2025-W53',
    '2026-W00',
    '2026-W54',
    '2026-47',
    '2026-00',
    '2026-13',
    '2026-1',
    '2026-Q0',
    '2026-Q5',
    '0000-01',
    '0000-W10',
    'last week',
    '2026-11-02..2026-11-01',
    '2026-02-30..2026-03-01',
    '2024-01-01..2026-01-01',
    '',
  ])('%s is none', (name) => expect(reviewPeriod(name)).toBeUndefined());

  it('the last week is over, and has its own name', () => {
    for (const [now, name] of [
      ['2026-11-23T00:00:00Z', '2026-W47'],
      ['2026-11-22T23:59:59Z', '2026-W46'],
      ['2027-01-04T12:00:00Z', '2026-W53'],
    ] as const) {
      const week = lastWeek(new Date(now));
      expect(week.name).toBe(name);
      expect(reviewPeriod(week.name)).toEqual(week);
    }
    const now = new Date('2027-01-01T00:00:00Z');
    expect([lastPeriod('month', now).name, lastPeriod('quarter', now).name]).toEqual(['2026-12', '2026-Q4']);
  });
});

describe('what changed', () => {
  const pair = (what: string, before: [number, number], after: [number, number]) => {
    const share = ([hits, of]: [number, number]) => ({ hits, of });
    return { what, before: share(before), after: share(after) };
  };

  it('is more than noise, whichever way, the largest first', () => {
    const found = moreThanNoise([
      pair('up', [50, 200], [90, 200]),
      pair('still', [50, 200], [55, 200]),
      pair('down', [150, 200], [60, 200]),
      pair('nothing before', [0, 0], [60, 200]),
    ]);
    expect(found.map(({ what, difference }) => [what, Math.sign(difference.points)])).toEqual([
      ['down', -1],
      ['up', 1],
    ]);
  });

  it('of what does not change, no more than one week in twenty is told', () => {
    let told = 0;
    for (let week = 0; week < 600; week += 1) {
      const chance = chanceFrom(week);
      const hits = (p: number) => Array.from({ length: 120 }, chance).filter((one) => one < p).length;
      const pairs = Array.from({ length: 20 }, (_, i) => pair(String(i), [hits((i + 1) / 22), 120], [hits((i + 1) / 22), 120]));
      told += moreThanNoise(pairs).length > 0 ? 1 : 0;
    }
    expect(told / 600).toBeLessThanOrEqual(0.05);
  });
});

describe('the figures of a period', () => {
  const codes = [
    { code: 'FIT-01', reason: 'too small', owner: 'marketing', action: 'nurture' },
    { code: 'OWN-01', reason: 'wrong territory', owner: 'revops', action: 'reroute' },
  ] as const;
  const decided = (n: number, rest: Partial<DecidedCount>): DecidedCount => {
    return { source: 'web', this: true, code: null, kept: false, owner: 'ann', n, ...rest };
  };
  const counts: Parameters<typeof reviewFigures>[0] = {
    handed: [
      { source: 'web', this: true, overridden: false, waits: false, merged: false, n: 8 },
      { source: 'web', this: true, overridden: true, waits: false, merged: true, n: 3 },
      { source: null, this: true, overridden: true, waits: true, merged: false, n: 2 },
      { source: 'web', this: false, overridden: false, waits: false, merged: false, n: 5 },
    ],
    decided: [
      decided(3, { kept: true }),
      decided(1, { kept: true, code: 'OWN-01' }),
      decided(1, { kept: true, code: 'FIT-01' }),
      decided(2, { code: 'FIT-01' }),
      decided(1, { code: 'FIT-01', owner: 'bob', source: null }),
      decided(2, { code: 'OWN-01' }),
      decided(4, { code: 'FIT-01', this: false }),
    ],
    clocks: [
      { clock: 'first_touch', source: 'web', this: true, n: 6, kept: 4 },
      { clock: 'first_touch', source: null, this: true, n: 2, kept: 0 },
      { clock: 'first_touch', source: 'web', this: false, n: 6, kept: 6 },
    ],
    times: [
      { clock: 'first_touch', source: null, whole: true, median: 50, p90: null },
      { clock: 'first_touch', source: null, whole: false, median: null, p90: null },
      { clock: 'first_touch', source: 'web', whole: false, median: 40, p90: 300 },
    ],
  };
  const figures = reviewFigures(counts, codes);

  it('are the same in whatever order a database gives the rows', () => {
    // two sources and two owners that are alike
    const more = {
      ...counts,
      handed: [...counts.handed, { source: 'event', this: true, overridden: false, waits: false, merged: false, n: 2 }],
      decided: [...counts.decided, decided(1, { owner: 'cy' })],
    };
    const back = {
      handed: more.handed.toReversed(),
      decided: more.decided.toReversed(),
      clocks: more.clocks.toReversed(),
      times: more.times.toReversed(),
    };
    expect(JSON.stringify(reviewFigures(back, codes))).toBe(JSON.stringify(reviewFigures(more, codes)));
  });

  it('count each hand-off once', () => {
    expect(figures.volumes).toEqual({
      handed_off: 10,
      overridden: 2,
      waiting: 2,
      merged: 3,
      accepted: 5,
      rejected: 3,
      rerouted: 2,
      acceptance: 62.5,
    });
    expect(figures.before).toMatchObject({ handed_off: 5, accepted: 0, rejected: 4, acceptance: 0 });
    expect(figures.by_source.map(({ source, handed_off, acceptance }) => [source, handed_off, acceptance])).toEqual([
      ['web', 8, 71.4],
      [null, 2, 0],
    ]);
    expect(figures.by_owner).toEqual([
      { owner: 'ann', accepted: 5, rejected: 2, acceptance: 71.4 },
      { owner: 'bob', accepted: 0, rejected: 1, acceptance: 0 },
    ]);
  });

  it('a code that sends a lead on counts also where the next owner took it, another where it ended the hand-off', () => {
    expect(figures.codes).toEqual([
      {
        ...{ code: 'FIT-01', reason: 'too small', fixer: 'marketing', given: 3, before: 4 },
        sources: [
          { source: 'web', given: 2 },
          { source: null, given: 1 },
        ],
        owners: [
          { owner: 'ann', given: 2 },
          { owner: 'bob', given: 1 },
        ],
      },
      {
        ...{ code: 'OWN-01', reason: 'wrong territory', fixer: 'revops', given: 3, before: 0 },
        sources: [{ source: 'web', given: 3 }],
        owners: [{ owner: 'ann', given: 3 }],
      },
    ]);
  });

  it('a promise is kept or not, and times that have not ended are not known', () => {
    expect(figures.clocks).toEqual([
      {
        ...{ clock: 'first_touch', kept: 4, breached: 4, attainment: 50, median_minutes: 50, p90_minutes: null },
        by_source: [
          { source: 'web', kept: 4, breached: 2, attainment: 66.7, median_minutes: 40, p90_minutes: 300 },
          { source: null, kept: 0, breached: 2, attainment: 0, median_minutes: null, p90_minutes: null },
        ],
      },
    ]);
  });
});
