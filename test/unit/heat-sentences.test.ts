import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeSentences, type Standing, unknownSentence, whySentences } from '../../src/accounts/core/heat-sentences.ts';
import { heatTests, meetsAll } from '../../src/accounts/core/heat-tests.ts';
import { rubricDocument } from '../../src/definitions/core/rubric.ts';
import { caseBatch } from '../support/arbitraries.ts';
import { nodesOf, rowsOf, subjectsOf } from '../support/case-batch.ts';
import { scoreByOracle } from '../support/oracle.ts';

const rubric = rubricDocument.parse({
  kind: 'rubric',
  tiers: { A: 70, B: 45 },
  groups: { fit: { cap: 60 }, engagement: { cap: 40 } },
  criteria: [
    { id: 'industry', label: 'Industry', group: 'fit', when: { field: 'account.industry', eq: 'software' }, points: 20 },
    { id: 'visits', label: 'Visits', group: 'engagement', events: { types: ['visit'], window_days: 60, points: 5, cap: 40 } },
    { id: 'loss', group: 'engagement', events: { types: ['leave'], window_days: 60, points: -5, cap: 40 } },
  ],
  disqualify: [{ id: 'rival', label: 'Competitor', when: { field: 'account.rival', eq: true }, reason: 'REL-02' }],
  heat: {
    hot: { points: 20, people: 2, momentum_percent: 150 },
    warm: { points: 10 },
    act_now: [{ type: 'funding', within_days: 30 }],
  },
});

const standing = (change: Partial<Standing> = {}): Standing => ({
  asOf: '2026-03-02',
  heat: 'hot',
  score: 50,
  tier: 'B',
  counts: { depth: 30, people: 2, thisWeek: 3, weeksBefore: 6, actNow: false },
  points: new Map([
    ['industry', 20],
    ['visits', 30],
  ]),
  undecided: new Set(),
  disqualifiedBy: [],
  ...change,
});

describe('why', () => {
  test('hot by every test', () => {
    expect(whySentences(rubric, standing(), [])).toEqual([
      'It is hot because it meets every test for hot.',
      'Engagement earns 30 points (needed: hot 20, warm 10).',
      '2 known people engaged in the last 28 days (needed: hot 2).',
      '3 events this week and 6 in the three weeks before: 150 % of their weekly mean (needed: hot 150 %).',
      'Its score is 50 of 100 (tier B); most of it: Visits 30, Industry 20.',
    ]);
  });

  const reason = (change: Partial<Standing>) => whySentences(rubric, standing(change), [])[0];
  const weak = { depth: 10, people: 0, thisWeek: 0, weeksBefore: 0, actNow: false };

  test.each<[Partial<Standing>, string]>([
    [
      { heat: 'warm', counts: weak },
      'It is warm because it meets every test for warm; for hot it lacks engagement points, engaged people and momentum.',
    ],
    [
      { heat: 'warm', counts: { ...weak, depth: 20, people: 2 } },
      'It is warm because it meets every test for warm; for hot it lacks momentum.',
    ],
    [{ heat: 'hot', counts: { ...weak, actNow: true } }, 'It is hot because it meets every test for warm and a signal says to act now.'],
    [
      { heat: 'warm', counts: { ...weak, depth: 9, actNow: true } },
      'It is warm because a signal says to act now; without it, it would lack engagement points.',
    ],
    [{ heat: 'cold', counts: { ...weak, depth: 0 } }, 'It is cold because for warm it lacks engagement points.'],
    [{ heat: 'cold', tier: 'disqualified', disqualifiedBy: ['rival'] }, 'It is cold because it is disqualified: Competitor (REL-02).'],
  ])('%j', (change, expected) => {
    expect(reason(change)).toBe(expected);
  });

  test('one of each, and none', () => {
    const counts = { depth: 1, people: 1, thisWeek: 1, weeksBefore: 0, actNow: true };
    const signals = [
      { label: 'Funding round', ageDays: 0, withinDays: 30 },
      { label: 'Hiring', ageDays: 1, withinDays: 1 },
    ];
    expect(whySentences(rubric, standing({ heat: 'warm', tier: 'A', counts, points: new Map() }), signals).slice(1)).toEqual([
      'Engagement earns 1 point (needed: hot 20, warm 10).',
      '1 known person engaged in the last 28 days (needed: hot 2).',
      '1 event this week and none in the three weeks before (needed: hot 150 %).',
      'Act now: Funding round, today; it counts for 30 days.',
      'Act now: Hiring, yesterday; it counts for 1 day.',
      'Its score is 50 of 100 (tier A).',
    ]);
  });
});

describe('what changed', () => {
  test('nothing', () => {
    expect(changeSentences(rubric, standing(), standing({ asOf: '2026-02-23' }))).toEqual([
      'Nothing that the rubric looks at has changed since 2026-02-23.',
    ]);
  });
  test('everything', () => {
    const before = standing({
      asOf: '2026-02-23',
      heat: 'cold',
      score: 4,
      tier: 'disqualified',
      counts: { depth: 0, people: 1, thisWeek: 0, weeksBefore: 0, actNow: true },
      points: new Map([['loss', 2]]),
      undecided: new Set(['industry']),
      disqualifiedBy: ['rival'],
    });
    expect(changeSentences(rubric, standing(), before)).toEqual([
      'It was cold on 2026-02-23 and is hot on 2026-03-02.',
      'It was disqualified and is tier B.',
      'The score went from 4 to 50.',
      'Industry: +20 points, unknown before.',
      'Visits: +30 points.',
      'loss: −2 points.',
      'Competitor no longer disqualifies it.',
      'Events in the last 7 days: 3, from 0.',
      'Known people engaged in 28 days: 2, from 1.',
      'No signal says to act any longer.',
    ]);
    expect(changeSentences(rubric, before, standing())).toContain('Industry: −20 points, now unknown.');
    expect(changeSentences(rubric, before, standing())).toContain('It was tier B and is disqualified.');
  });
});

test('what an unknown field could do', () => {
  const outcome = (score: number, tier: string) => ({ score, tier });
  expect(unknownSentence({ label: 'Employees', best: outcome(66, 'B'), worst: outcome(31, 'C') })).toBe(
    'Employees is unknown: with it, the score would be 31 to 66, tier C to B.',
  );
  expect(unknownSentence({ label: 'Employees', best: outcome(31, 'C'), worst: outcome(31, 'C') })).toBe(
    'Employees is unknown: with it, the score would be 31, tier C.',
  );
  expect(unknownSentence({ label: 'Domain', best: outcome(31, 'C'), worst: outcome(31, 'disqualified') })).toBe(
    'Domain is unknown: with it, the score would be 31, tier C or disqualified.',
  );
});

test('the reason given is always the reason: the tests shown and the signal decide the heat', () => {
  fc.assert(
    fc.property(caseBatch, ({ rubric: random, asOfDay, ...rest }) => {
      for (const { subject } of subjectsOf(rowsOf(nodesOf({ rubric: random, asOfDay, ...rest })))) {
        if (subject.kind === 'lead') continue;
        const oracle = scoreByOracle(random, subject, asOfDay);
        if (oracle.disqualified > 0) continue;
        const actNow = (random.heat.act_now ?? []).some(({ type, within_days }) =>
          subject.events.some((event) => event.type === type && event.day <= asOfDay && asOfDay - event.day < within_days),
        );
        const { depth, people, thisWeek, before } = oracle;
        const tests = heatTests(random.heat, { depth, people, thisWeek, weeksBefore: before, actNow });
        const warm = meetsAll(tests, 'warm');
        const shown = meetsAll(tests, 'hot') || (warm && actNow) ? 'hot' : warm || actNow ? 'warm' : 'cold';
        expect(shown).toBe(oracle.heat);
      }
    }),
    { seed: 11, numRuns: 60 },
  );
});
