import { describe, expect, test } from 'vitest';
import type { OracleEvent, OracleSubject } from '../support/oracle.ts';
import { account, at, many, part, score } from '../support/score-one.ts';

describe('bands', () => {
  const bands = {
    field: 'account.n',
    steps: [
      [1, -3],
      [50, 10],
      [200, 20],
    ],
  };
  test.each([
    [0.99, 0, 0],
    [1, -3, 0],
    [49.99, -3, 0],
    [50, 10, 0],
    [199, 10, 0],
    [200, 20, 0],
    [1e15, 20, 0],
    ['50', 4, 1],
    [null, 4, 1],
    [undefined, 4, 1],
  ])('%s earns %i', (n, points, unknown) => {
    expect(part({ bands, missing: 4 }, account({ accountFields: { n } }))).toEqual([points, unknown]);
  });
});

describe('events', () => {
  const rule = { types: ['visit'], window_days: 60, half_life_days: 14, points: 6, cap: 18 };
  const rows: [string, object, OracleEvent[], number][] = [
    ['a fresh one is worth its points', {}, [at(0)], 6],
    ['the day before the first half-life', {}, [at(13)], 6],
    ['at the half-life', {}, [at(14)], 3],
    ['6 × 2500/10000 = 1.5', {}, [at(28)], 1],
    ['two quarters make 3 before the floor', {}, [at(28), at(41)], 3],
    ['6 × 1250/10000 = 0.75', {}, [at(42)], 0],
    ['the last day of the window, without decay', { half_life_days: undefined }, [at(59)], 6],
    ['the day after', { half_life_days: undefined }, [at(60)], 0],
    ['tomorrow', {}, [at(-1)], 0],
    ['another type', {}, [at(0, 'click')], 0],
    ['the cap', {}, [at(0), at(0), at(0), at(0)], 18],
    ['two fresh and one halved', {}, [at(0), at(0), at(14)], 15],
    ['negative, floored down: −1.5', { points: -6 }, [at(28)], -2],
    ['negative, −0.75', { points: -6 }, [at(42)], -1],
    ['negative, capped', { points: -6 }, [at(0), at(0), at(0), at(0)], -18],
    ['none is 0, not −0', { points: -6 }, [], 0],
    ['10000/2^13 = 1.22 → 1 basis point; 40 × 1/10000', { points: 40, half_life_days: 1 }, [at(13)], 0],
    ['after 14 halvings nothing is left, not even below 0', { points: -40, half_life_days: 1 }, [at(14)], 0],
    ['one basis point below 0 is −1', { points: -40, half_life_days: 1 }, [at(13)], -1],
  ];
  test.each(rows)('%s', (_name, change, events, expected) => {
    expect(part({ events: { ...rule, ...change } }, account({ events }))).toEqual([expected, 0]);
  });
});

describe('who a criterion is for', () => {
  const seniority = { when: { field: 'person.seniority', eq: 'vp' }, points: 10, missing: 3 };
  const nested = { when: { any: [{ field: 'account.x', exists: true }, { not: { field: 'person.y', exists: true } }] }, points: 10 };
  const lead: OracleSubject = { ...account(), kind: 'lead', personFields: { seniority: 'vp' } };
  test('a person’s field makes it for leads', () => {
    expect(part(seniority, lead)).toEqual([10, 0]);
    expect(part(seniority, account())).toEqual([0, 0]);
    expect(part(nested, account())).toEqual([0, 0]);
    expect(part(nested, lead)).toEqual([10, 0]);
    expect(part({ bands: { field: 'person.level', steps: [[1, 5]] }, missing: 2 }, account())).toEqual([0, 0]);
  });
  test('unless it says otherwise: an account has no person’s fields', () => {
    expect(part({ ...seniority, for: 'both' }, account())).toEqual([3, 1]);
    expect(part({ ...seniority, for: 'account' }, lead)).toEqual([0, 0]);
  });
  test('for: account, for: lead', () => {
    const events = { events: { types: ['visit'], window_days: 7, points: 2, cap: 9 } };
    expect(part({ ...events, for: 'account' }, account({ events: [at(0)] }))).toEqual([2, 0]);
    expect(part({ ...events, for: 'lead' }, account({ events: [at(0)] }))).toEqual([0, 0]);
  });
});

describe('groups, score and tier', () => {
  const flat = (id: string, group: string, points: number) => ({ id, group, when: { field: 'account.there', exists: false }, points });
  const total = (parts: [string, number][], change: object = {}) =>
    score({ ...change, criteria: parts.map(([group, points], i) => flat(`c${i}`, group, points)) }, account());

  test('a group is capped after its criteria are added', () => {
    const result = total([
      ['engagement', 20],
      ['engagement', 20],
      ['engagement', -10],
      ['fit', 7],
    ]);
    expect(result.groups).toEqual({ fit: { sum: 7, points: 7 }, engagement: { sum: 30, points: 25 } });
    expect([result.score, result.points]).toEqual([32, [20, 20, -10, 7]]);
  });
  test('a group may go below 0 and take from the others', () => {
    expect(
      total([
        ['engagement', -30],
        ['fit', 50],
      ]),
    ).toMatchObject({ total: 20, score: 20, tier: 'C' });
  });
  test('the score is clamped at 0 and at max', () => {
    expect(total([['fit', -5]])).toMatchObject({ total: -5, score: 0, tier: 'C' });
    expect(total([['fit', 101]])).toMatchObject({ total: 101, score: 100, tier: 'A' });
    expect(total([['fit', 101]], { max: 60 })).toMatchObject({ total: 101, score: 60, tier: 'B' });
  });
  test.each([
    [70, 'A'],
    [69, 'B'],
    [45, 'B'],
    [44, 'C'],
  ])('%i is %s', (points, tier) => {
    expect(total([['fit', points]]).tier).toBe(tier);
  });
  test('bit 40 of a mask is kept', () => {
    const criteria = Array.from({ length: 41 }, (_, i) => ({ id: `c${i}`, group: 'fit', when: { field: 'account.x', eq: 1 }, points: 1 }));
    expect(score({ criteria }, account()).unknown).toBe(2 ** 41 - 1);
  });
});

describe('disqualifiers', () => {
  const criteria = [{ id: 'c', group: 'fit', when: { field: 'account.there', exists: false }, points: 80 }];
  const disqualify = [
    { id: 'rival', when: { field: 'account.domain', in_list: 'rivals' }, reason: 'REL-02' },
    { id: 'student', when: { field: 'person.student', eq: true }, reason: 'REL-02' },
    { id: 'nobody', when: { not: { field: 'person.named', exists: true } }, reason: 'DATA-03' },
  ];
  const result = (subject: OracleSubject) => score({ criteria, disqualify, heat: { hot: {}, warm: {} } }, subject);
  test('one that holds takes the tier and the heat, not the score', () => {
    expect(result(account({ accountFields: { domain: 'rival.com' } }))).toMatchObject({
      disqualified: 1,
      tier: 'disqualified',
      heat: 'cold',
      score: 80,
    });
  });
  test('unknown does not disqualify; those of a person are not for accounts', () => {
    expect(result(account())).toMatchObject({ disqualified: 0, tier: 'A', heat: 'hot' });
  });
  test('a lead meets all three', () => {
    const lead: OracleSubject = { ...account({ accountFields: { domain: 'rival.com' } }), kind: 'lead', personFields: { student: true } };
    expect(result(lead)).toMatchObject({ disqualified: 7, heat: null, tier: 'disqualified' });
    expect(result({ ...lead, personFields: { named: true, student: 'yes' } })).toMatchObject({ disqualified: 1 });
  });
});

describe('heat', () => {
  const criteria = [
    { id: 'visits', group: 'engagement', events: { types: ['visit'], window_days: 60, points: 5, cap: 40 } },
    { id: 'leaves', group: 'engagement', events: { types: ['leave'], window_days: 60, points: -5, cap: 10 } },
  ];
  const heat = (rules: object, events: OracleEvent[]) => score({ criteria, heat: rules }, account({ events })).heat;
  const rules = {
    hot: { points: 20, people: 2, momentum_percent: 150 },
    warm: { points: 10 },
    act_now: [{ type: 'funding', within_days: 30 }],
  };

  test('hot takes depth, people and momentum together', () => {
    const four = [at(0, 'visit', 'ann'), at(1, 'visit', 'bob'), at(2), at(3)];
    expect(heat(rules, four)).toBe('hot');
    expect(heat(rules, four.slice(0, 3))).toBe('warm');
    expect(
      heat(
        rules,
        four.map((event) => ({ ...event, personId: 'ann' })),
      ),
    ).toBe('warm');
    expect(heat(rules, four.slice(0, 1))).toBe('cold');
    expect(heat(rules, [...four, ...many(9, 10)])).toBe('warm');
  });
  test('depth is after the criterion’s cap and before the group’s', () => {
    const result = score({ criteria, heat: { hot: { points: 40 }, warm: {} } }, account({ events: many(9, 0) }));
    expect(result).toMatchObject({ depth: 40, score: 25, heat: 'hot' });
  });
  test('depth counts what takes away; below 0 an empty rule is not met', () => {
    expect(score({ criteria, heat: { hot: { points: 5 }, warm: {} } }, account({ events: [at(0), at(0, 'leave')] }))).toMatchObject({
      depth: 0,
      heat: 'warm',
    });
    expect(score({ criteria, heat: { hot: { points: 5 }, warm: {} } }, account({ events: [at(0, 'leave')] }))).toMatchObject({
      depth: -5,
      heat: 'cold',
    });
  });
  test('a signal lifts by one step, also from cold', () => {
    const warm = [at(0), at(0)];
    expect(heat(rules, [...warm, at(29, 'funding')])).toBe('hot');
    expect(heat(rules, [...warm, at(30, 'funding')])).toBe('warm');
    expect(heat(rules, [at(29, 'funding')])).toBe('warm');
    expect(heat(rules, [])).toBe('cold');
  });
  test('people are counted once, in 28 days, anonymous ones never', () => {
    const events = [
      at(0, 'visit', 'ann'),
      at(27, 'visit', 'ann'),
      at(27, 'visit', 'bob'),
      at(28, 'visit', 'cy'),
      at(0),
      at(0, 'leave', 'dee'),
    ];
    expect(score({ criteria }, account({ events })).people).toBe(2);
    expect(score({ criteria, heat: { hot: {}, warm: {}, people_days: 29 } }, account({ events })).people).toBe(3);
    expect(score({ criteria, heat: { hot: {}, warm: {}, types: ['leave'] } }, account({ events })).people).toBe(1);
  });
  test('the weeks of momentum', () => {
    const events = [at(-1), at(0), at(6), at(7), at(27), at(28)];
    expect(score({ criteria }, account({ events }))).toMatchObject({ thisWeek: 2, before: 2 });
  });
  test.each([
    [1, 2, 150, true], // 300 ≥ 300
    [1, 3, 150, false], // 300 < 450
    [1, 0, 10_000, true], // nothing before
    [0, 0, 1, false], // nothing at all
    [0, 6, 1, false],
    [2, 6, 100, true], // exactly the mean of the three weeks before
    [2, 7, 100, false],
  ])('%i this week after %i in the three before, asked for %i %%: %s', (now, before, momentum_percent, expected) => {
    const events = [...many(now, 3), ...many(before, 14)];
    expect(heat({ hot: { momentum_percent }, warm: { points: 1000 } }, events) === 'hot').toBe(expected);
  });
  test('a lead has none', () => {
    expect(score({ criteria, heat: { hot: {}, warm: {} } }, { ...account(), kind: 'lead' }).heat).toBeNull();
  });
});
