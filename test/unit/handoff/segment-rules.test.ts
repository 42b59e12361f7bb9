import { describe, expect, it } from 'vitest';
import type { RejectionCode } from '../../../src/definitions/core/taxonomy.ts';
import { enforceSegments } from '../../../src/handoff/core/enforce-segments.ts';
import { planSegmentRules, type StandingRule } from '../../../src/handoff/core/plan-segment-rules.ts';
import { decisionsOn, RULE_STATES, ruleAfter } from '../../../src/handoff/core/segment-rule-moves.ts';
import type { SegmentCount, SegmentFinding } from '../../../src/handoff/core/segment-tests.ts';
import type { ActiveRule } from '../../../src/handoff/core/segments.ts';

const DAY = 86_400_000;
const NOW = 400 * DAY;
const code = (name: string, rest: Partial<RejectionCode> = {}): RejectionCode => ({
  code: name,
  reason: 'because',
  owner: 'marketing',
  action: 'archive',
  ...rest,
});
const CODES = [code('FIT-01', { segment_rule: 'exclude' }), code('OWN-01', { segment_rule: 'reroute', auto: true }), code('QUAL-01')];

const finding = (of: string, segment: string | null = '1'): SegmentFinding => ({
  ...count(of, 100, 60, segment),
  p: 0.001,
  q: 0.01,
  difference: { points: 40, low: 30, high: 50 },
});
const count = (of: string, decided: number, rejected: number, segment: string | null = '1'): SegmentCount => ({
  code: of,
  side: 'size',
  segment,
  decided,
  rejected,
  rest: { decided: 1000, rejected: 200 },
});
const rule = (of: string, rest: Partial<StandingRule> = {}): StandingRule => ({
  id: 'r',
  code: of,
  side: 'size',
  segment: '1',
  state: 'in_force',
  changed_at: NOW - 100 * DAY,
  by_person: false,
  points: 40,
  ...rest,
});
const plan = (rules: StandingRule[], findings: SegmentFinding[], counts: SegmentCount[] = findings) =>
  planSegmentRules(rules, { findings, counts, codes: CODES, sides: ['size'], now: NOW }).map((one) =>
    'finding' in one ? `${one.note} ${one.action}` : `${one.note}${one.note === 'doubt' ? ` ${one.why}` : ''}`,
  );

describe('what a comparison changes', () => {
  it('proposes what the code says, applies what it says to apply, and nothing without a rule', () => {
    expect(plan([], [finding('FIT-01'), finding('OWN-01'), finding('QUAL-01')])).toEqual(['propose exclude', 'apply reroute']);
  });

  it('proposes once, and another segment by itself', () => {
    expect(plan([rule('FIT-01', { state: 'proposed' })], [finding('FIT-01')])).toEqual([]);
    expect(plan([rule('FIT-01', { state: 'proposed' })], [finding('FIT-01'), finding('FIT-01', null)])).toEqual(['propose exclude']);
    for (const state of ['in_force', 'doubted'] as const) expect(plan([rule('FIT-01', { state })], [finding('FIT-01')])).toEqual([]);
  });

  it('leaves a person’s no for a quarter, and never applies by itself what a person took back', () => {
    const no = (days: number) => rule('OWN-01', { state: 'removed', by_person: true, changed_at: NOW - days * DAY });
    expect(plan([no(89)], [finding('OWN-01')])).toEqual([]);
    expect(plan([no(90)], [finding('OWN-01')])).toEqual(['propose reroute']);
    expect(plan([rule('FIT-01', { state: 'declined', by_person: true, changed_at: NOW - 5 * DAY })], [finding('FIT-01')])).toEqual([]);
    expect(plan([rule('FIT-01', { state: 'removed', changed_at: NOW - DAY })], [finding('FIT-01')])).toEqual(['propose exclude']);
  });

  it('drops a proposal that is found no more', () => {
    expect(plan([rule('FIT-01', { state: 'proposed' })], [])).toEqual(['lapse']);
    expect(plan([rule('QUAL-01', { state: 'proposed' })], [finding('QUAL-01')])).toEqual(['lapse']);
  });

  it('doubts a rule whose difference is gone, one that cannot be tested, and one that the taxonomy knows no more', () => {
    expect(plan([rule('FIT-01')], [], [count('FIT-01', 300, 66)])).toEqual(['doubt no_longer']);
    expect(plan([rule('FIT-01')], [], [count('FIT-01', 300, 150)])).toEqual([]);
    // forty leads do not rule out half of forty points
    expect(plan([rule('FIT-01')], [], [count('FIT-01', 40, 12)])).toEqual([]);
    expect(plan([rule('FIT-01', { changed_at: NOW - 29 * DAY })], [], [count('FIT-01', 300, 66)])).toEqual([]);
    expect(plan([rule('FIT-01')], [], [])).toEqual([]);
    expect(plan([rule('FIT-01', { changed_at: NOW - 180 * DAY })], [], [count('FIT-01', 29, 29)])).toEqual(['doubt untested']);
    expect(plan([rule('QUAL-01')], [], [])).toEqual(['doubt undeclared']);
    expect(plan([rule('FIT-01', { side: 'colour' })], [], [])).toEqual(['doubt undeclared']);
    expect(plan([rule('FIT-01', { state: 'doubted' })], [], [count('FIT-01', 300, 66)])).toEqual([]);
  });
});

describe('the states of a rule', () => {
  it('have the decisions that a person is offered, and no other', () => {
    expect(RULE_STATES.map((state) => [state, decisionsOn(state)])).toEqual([
      ['proposed', ['accept', 'decline']],
      ['in_force', ['withdraw']],
      ['doubted', ['withdraw', 'keep']],
      ['declined', []],
      ['removed', []],
    ]);
    expect([ruleAfter('proposed', 'accept'), ruleAfter('doubted', 'keep'), ruleAfter('in_force', 'withdraw')]).toEqual([
      'in_force',
      'in_force',
      'removed',
    ]);
    expect([ruleAfter(null, 'accept'), ruleAfter('in_force', 'propose'), ruleAfter('declined', 'keep')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('what rules mean for a lead', () => {
  const active = (of: ActiveRule['rule'], not: string[] = []): ActiveRule => {
    return {
      id: of,
      label: 'Small',
      when: { field: 'account.employees', range: { max: 9 } },
      rule: of,
      because: 'FIT-01',
      since: null,
      not,
    };
  };
  const lead = { tier: 'B', enriched: false };

  it('nothing without one', () => {
    expect(enforceSegments([], lead)).toEqual({ against: [], tier: 'B', not: [] });
  });

  it('each speaks as its kind does', () => {
    expect(enforceSegments([active('exclude')], lead).against).toEqual(['it is of a segment that is left out (Small; FIT-01)']);
    expect(enforceSegments([active('require_enrichment')], lead).against).toHaveLength(1);
    expect(enforceSegments([active('require_enrichment')], { ...lead, enriched: true }).against).toEqual([]);
    expect(enforceSegments([active('reroute', ['ann', 'bob']), active('reroute', ['bob'])], lead)).toEqual({
      against: [],
      tier: 'B',
      not: ['ann', 'bob'],
    });
  });

  it('a lead counts one tier lower, however many rules say so, and the lowest not without a reason', () => {
    const rules = [active('lower_score'), active('lower_score')];
    const at = (tier: string | null) => enforceSegments(rules, { ...lead, tier });
    expect([at('A').tier, at('B').tier, at('C').tier, at(null).tier]).toEqual(['B', 'C', 'C', null]);
    expect([at('A'), at('B'), at(null)].flatMap(({ against }) => against)).toEqual([]);
    expect(at('C').against.length).toBeGreaterThan(0);
  });
});
