import { describe, expect, test } from 'vitest';
import { falseDiscovery, powerAt500 } from '../../../bench/support/planted-outcomes.ts';
import type { Leak, LevelResult } from '../../../src/review/core/analysis.ts';
import { type ProposalInput, proposalsOf } from '../../../src/review/core/proposals.ts';

const level = (rest: Partial<LevelResult> = {}): LevelResult => ({
  field: 'industry',
  field_label: 'Industry',
  bin: { kind: 'level', label: 'software', level: 'software' },
  n: 100,
  won: 45,
  rate: 0.45,
  low: 0.356,
  high: 0.548,
  lift: 1.8,
  woe: 0.9,
  test: 'chi_square',
  p: 0.0001,
  q: 0.002,
  support: 'enough',
  detectable: 0.12,
  rows_needed: 300,
  sign_stability: 1,
  reversed: false,
  ...rest,
});
const leak: Leak = {
  field: 'industry',
  label: 'Industry',
  left_out: false,
  reasons: [{ rule: 'missing_tracks_outcome', figure: 0.4, limit: 0.15, text: 'Gaps.' }],
};
const propose = (levels: LevelResult[], rest: Partial<ProposalInput> = {}) =>
  proposalsOf({ levels, leaks: [], rubric: null, against: [], base: 0.25, q: 0.1, ...rest });

describe('proposals', () => {
  test('are levels that differ beyond chance, each with its evidence', () => {
    const rubric = {
      fields: [
        {
          field: 'industry',
          label: 'Industry',
          least: 0,
          most: 30,
          otherwise: 0,
          levels: [{ bin: level().bin, points: 30, n: 100, won: 45 }],
        },
      ],
      tiers: { A: 70, B: 45 },
      at_ends: { at_0: 0, at_100: 0 },
      auc: 0.7,
      auc_fit: 0.7,
    };
    const { proposals, no_proposals } = propose(
      [level(), level({ rate: 0.1, won: 10, bin: { kind: 'level', label: 'retail', level: 'retail' } })],
      {
        rubric,
        against: [{ field: 'industry', bin: level().bin, strata: 'region', stratum: 'north', n: 40, others: 90 }],
      },
    );
    expect(no_proposals).toBeNull();
    expect(proposals.map(({ bin, direction, points }) => [bin.label, direction, points])).toEqual([
      ['software', 'more', 30],
      ['retail', 'less', 0],
    ]);
    expect(proposals[0]?.text).toBe(
      'Industry software: 45 of 100 won, 45.0 % (35.6 % to 54.8 %) against 25.0 % of all; q 0.002, the same sign in 100.0 % of resamples. ' +
        'It points the other way where region is north.',
    );
  });

  test.each<[string, LevelResult, Partial<ProposalInput>]>([
    ['leak', level(), { leaks: [leak] }],
    ['reversed', level({ reversed: true }), {}],
    ['unstable', level({ sign_stability: 0.89 }), {}],
    ['unstable', level({ sign_stability: null }), {}],
    ['not_enough_data', level({ support: 'not_enough_data' }), {}],
  ])('hold back what may be wrong: %s', (code, one, rest) => {
    const found = propose([one], rest);
    expect(found.proposals).toEqual([]);
    expect(found.held_back.map((statement) => [statement.code, statement.subject])).toEqual([[code, 'industry: software']]);
    expect(found.no_proposals?.code).toBe('all_held_back');
  });

  test('are none where nothing differs, and where nothing could be compared', () => {
    expect(propose([level({ q: 0.11 })])).toEqual({
      proposals: [],
      no_proposals: expect.objectContaining({ code: 'no_signal' }),
      held_back: [],
    });
    expect(propose([level({ p: null, q: null })]).no_proposals?.code).toBe('nothing_tested');
    expect(propose([]).no_proposals?.code).toBe('nothing_tested');
  });

  test('are not made of what has no value, nor of mixtures of rare ones', () => {
    expect(
      propose([level({ bin: { kind: 'missing', label: 'not known' } }), level({ bin: { kind: 'other', label: '9 rare values' } })])
        .proposals,
    ).toEqual([]);
  });
});

describe('the screening, in worlds whose truth is known', () => {
  // standard errors of 150 repetitions are .023 and .037
  test('is wrong in no more than it may be', () => {
    expect(falseDiscovery(150, 0, 7)).toBeLessThan(0.15);
    expect(falseDiscovery(150, 3, 8)).toBeLessThan(0.13);
  });

  test('finds a fifth of 500 deals that wins 40 % against 25 %', () => {
    expect(powerAt500(150, 4, 3)).toBeGreaterThan(0.6);
  });
});
