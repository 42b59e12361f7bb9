import { z } from 'zod';
import { SCORED_TIERS } from '../definitions/core/common.ts';
import type { Performance } from '../review/core/performance.ts';
import { definitionRef, definitionRefs, outsideText } from './shared.ts';

/** Of each list a concise answer has so many. */
const MOST_CONCISE = 5;

const outside = outsideText.nullable();
const value = z.number().nullable();
const rate = z.strictObject({ hits: z.int(), of: z.int(), percent: value, low: value, high: value });
const pair = <T extends z.ZodType>(of: T) => ({ this: of, before: of });
const money = z.strictObject({ currency: outside, deals: z.int(), unpriced: z.int(), amount: z.number(), low: value, high: value });
const numbers = z.strictObject(pair(z.number()));
const cohort = rate.safeExtend({ month: z.string(), mature: z.boolean() });
const snapshot = z.strictObject({ entered: z.int(), reached: z.int(), percent: value, low: value, high: value });
const quantiles = z.strictObject({ n: z.int(), median: value, low: value, high: value, p90: value });
const difference = z.strictObject({ points: z.number(), low: z.number(), high: z.number() }).nullable();
const compared = z.strictObject({
  verdict: z.enum(['better', 'worse', 'no_better', 'too_little']),
  difference,
});
const tier = z.string().nullable();
const verdict = z.enum(['steady', 'watch', 'act']).nullable();
const covered = { open: rate, won: rate, lost: rate };

export const performanceOutput = z.strictObject({
  period: z.strictObject({ name: z.string(), from: z.string(), to: z.string(), over: z.boolean(), before: z.string() }),
  pipeline: z.array(
    z.strictObject({
      conversion: z.enum(['opportunity_created', 'closed_won']),
      totals: z.array(z.strictObject({ currency: outside, ...pair(money) })),
      sources: z.array(z.strictObject({ source: outside, untouched: z.boolean(), currency: outside, deals: numbers, amount: numbers })),
      sources_total: z.int(),
    }),
  ),
  funnel: z.array(
    z.strictObject({
      from: z.string(),
      to: z.string(),
      within_days: z.int(),
      counted: z.enum(['people', 'hand_offs', 'deals']),
      cohort: z.strictObject(pair(cohort)),
      mature: cohort.nullable(),
      same_age: z.strictObject({ days: z.int(), ...pair(rate) }).nullable(),
      snapshot: z.strictObject(pair(snapshot)),
    }),
  ),
  stages: z.array(
    z.strictObject({
      of: z.enum(['hand_offs', 'deals', 'course']),
      stage: outsideText,
      unit: z.enum(['hours', 'days']),
      ...pair(quantiles),
    }),
  ),
  velocity: z.array(
    z.strictObject({
      currency: outside,
      open: z.int(),
      win_rate: rate,
      n: z.int(),
      mean_amount: value,
      mean_days: value,
      per_day: value,
      low: value,
      high: value,
      before: value,
    }),
  ),
  won: z.strictObject({
    ...pair(rate),
    year: rate,
    by_tier: z.array(z.strictObject({ tier, this: rate, year: rate })),
    a_against_rest: compared,
    outside_a: z.strictObject(pair(rate)),
  }),
  speed: z.strictObject({
    bands: z.array(z.strictObject({ band: z.string(), n: z.int(), accepted: rate, opportunity: rate, won: rate })),
    within_hour: z.strictObject(pair(rate)),
    hour_against_later: compared,
  }),
  coverage: z.strictObject({
    roles: z.array(z.strictObject({ role: z.string(), ...covered })),
    complete: z.strictObject({ ...covered, won_before: rate }),
    without_account: z.int(),
  }),
  tiers: z.strictObject({
    shares: z.array(z.strictObject({ tier, ...pair(rate) })),
    index: value,
    verdict,
  }),
  scored: z.strictObject({
    ...pair(z.strictObject({ day: z.string(), rubric: definitionRef.nullable() })),
    kinds: z.array(
      z.strictObject({
        kind: z.enum(['account', 'lead']),
        shares: z.array(z.strictObject({ tier: z.enum(SCORED_TIERS), ...pair(rate) })),
        index: value,
        verdict,
        matrix: z.array(
          z.strictObject({
            from: z.enum(SCORED_TIERS).nullable(),
            A: z.int(),
            B: z.int(),
            C: z.int(),
            disqualified: z.int(),
            gone: z.int(),
          }),
        ),
        moved: z.int(),
        moved_by_rubric: z.int(),
        tier_a: z.strictObject({ n: z.int(), joined: z.int(), left: z.int(), before: value, this: value, difference }),
      }),
    ),
  }),
  rejections: z.strictObject({
    ...pair(rate),
    by_source: z.array(z.strictObject({ source: outside, ...pair(rate) })),
    by_tier: z.array(z.strictObject({ tier, ...pair(rate) })),
  }),
  changes: z.array(
    z.strictObject({
      what: outsideText,
      unit: z.enum(['percent', 'count', 'amount', 'hours', 'days']),
      currency: outside,
      ...pair(z.number()),
      difference: z.number(),
      low: value,
      high: value,
      n: numbers,
      q: z.number(),
    }),
  ),
  compared: z.int(),
  immature: z.array(z.string()),
  statements: z.array(z.string()),
  definitions: definitionRefs,
});

/** The month as it is, or with the first few of each list that grows with the data. */
export function shapePerformance(review: Performance, detailed: boolean): z.input<typeof performanceOutput> {
  const some = <T>(list: readonly T[]) => (detailed ? [...list] : list.slice(0, MOST_CONCISE));
  const { pipeline, stages, rejections, ...rest } = review;
  return {
    ...rest,
    pipeline: pipeline.map((one) => ({ ...one, sources: some(one.sources), sources_total: one.sources.length })),
    stages: detailed ? stages : stages.filter(({ of }) => of !== 'deals'),
    rejections: { ...rejections, by_source: some(rejections.by_source) },
  };
}
