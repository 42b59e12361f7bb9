import { z } from 'zod';
import { SEGMENT_ACTIONS } from '../definitions/core/taxonomy.ts';
import { RULE_STATES } from '../handoff/core/segment-rule-moves.ts';
import type { HandoffReview, ReviewedRule } from '../handoff/review-handoffs.ts';
import { restatementOut } from './restatement-shape.ts';
import { definitionRefs, outsideText } from './shared.ts';

/** Of each list a concise answer has so many. */
const MOST_CONCISE = 5;

const volumes = z.strictObject({
  handed_off: z.int(),
  overridden: z.int(),
  waiting: z.int().describe('for an owner'),
  merged: z.int().describe('besides: one with another hand-off, which is counted'),
  accepted: z.int(),
  rejected: z.int(),
  rerouted: z.int(),
  acceptance: z.number().nullable().describe('percent'),
});
const outside = outsideText.nullable();
const clock = {
  kept: z.int(),
  breached: z.int(),
  attainment: z.number().nullable(),
  median_minutes: z.number().nullable(),
  p90_minutes: z.number().nullable().describe('as the promise counts time; null: not ended'),
};
const share = z.strictObject({ of: z.int(), hits: z.int() });
const interval = z.strictObject({ points: z.number(), low: z.number(), high: z.number() });
const effect = z.strictObject({
  handed_off: z.int(),
  accepted: z.int(),
  rejected: z.int(),
  rejected_so: z.int(),
  won: z.int().describe('deals'),
});
const tally = z.strictObject({ decided: z.int(), rejected: z.int() });

export const reviewOutput = z.strictObject({
  period: z.strictObject({ name: z.string(), from: z.string(), to: z.string() }),
  volumes,
  before: volumes.describe('the period before, as long'),
  by_source: z.array(volumes.safeExtend({ source: outside })),
  by_owner: z.array(z.strictObject({ owner: outside, accepted: z.int(), rejected: z.int(), acceptance: z.number().nullable() })),
  codes: z.array(
    z.strictObject({
      code: z.string(),
      reason: z.string(),
      fixer: z.string(),
      given: z.int(),
      before: z.int(),
      sources: z.array(z.strictObject({ source: outside, given: z.int() })),
      owners: z.array(z.strictObject({ owner: outside, given: z.int() })),
    }),
  ),
  segments: z.array(z.strictObject({ side: z.string(), label: outsideText, decided: z.int(), rejected: z.int(), code: z.string() })),
  clocks: z.array(z.strictObject({ clock: z.string(), ...clock, by_source: z.array(z.strictObject({ source: outside, ...clock })) })),
  breaches: z.array(
    z.strictObject({
      hand_off: z.string(),
      clock: z.string(),
      due: z.string(),
      ended: z.string().nullable(),
      person: outside,
      owner: outside,
    }),
  ),
  breaches_total: z.int(),
  ageing: z.array(z.strictObject({ stage: z.string(), open: z.array(z.int()).describe('under 1 day, from 1, 3, 7, 14, 30 days on') })),
  overrides: z.array(
    z.strictObject({ hand_off: z.string(), person: outside, reason: outsideText, stage: z.string(), code: z.string().nullable() }),
  ),
  recycled: z.strictObject({
    sent_back: z.int(),
    due: z.int().describe('their day has come'),
    again: z.int(),
    kept: z.int(),
    rejected: z.int(),
  }),
  rules: z.array(
    z.strictObject({
      rule: z.string(),
      state: z.enum(RULE_STATES),
      segment: outsideText,
      code: z.string(),
      action: z.enum(SEGMENT_ACTIONS),
      since: z.string(),
      why: outside,
      decided: z.strictObject({ segment: tally, rest: tally, difference: interval, p: z.number(), q: z.number(), compared: z.int() }),
      quarter: effect.describe('what it would have changed'),
      period: effect.nullable(),
    }),
  ),
  changes: z.array(z.strictObject({ what: outsideText, before: share, after: share, difference: interval, q: z.number() })),
  frozen: restatementOut,
  definitions: definitionRefs,
});

export function shapeReview(review: HandoffReview, detailed: boolean): Omit<z.input<typeof reviewOutput>, 'frozen'> {
  const some = <T>(list: readonly T[]) => (detailed ? [...list] : list.slice(0, MOST_CONCISE));
  const { recycled, rules, breaches, overrides, codes, clocks, by_source, by_owner, segments, ...rest } = review;
  return {
    ...rest,
    by_source: some(by_source),
    by_owner: some(by_owner),
    codes: codes.map((code) => ({ ...code, sources: some(code.sources), owners: some(code.owners) })),
    segments: some(segments),
    clocks: clocks.map((one) => ({ ...one, by_source: some(one.by_source) })),
    breaches: some(breaches).map(({ due_at, ended_at, ...one }) => ({
      ...one,
      due: due_at.toISOString(),
      ended: ended_at?.toISOString() ?? null,
    })),
    overrides: some(overrides),
    recycled,
    rules: rules.map(shapeRule),
  };
}

function shapeRule({ id, state, label, code, action, changed_at, why, evidence, effect: period }: ReviewedRule) {
  const { segment, rest, difference, p, q, compared, effect: quarter } = evidence;
  return {
    rule: id,
    state,
    segment: label,
    code,
    action,
    since: changed_at.toISOString(),
    why,
    decided: { segment, rest, difference, p, q, compared },
    quarter,
    period,
  };
}
