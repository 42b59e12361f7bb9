import { z } from 'zod';
import { type Clash, clashes, head, label, percent, refuseRepeats } from './common.ts';
import { days, slug } from './predicate.ts';
import type { Holed } from './problems.ts';

export const MILESTONES = ['first_touch', 'lead_created', 'opportunity_created', 'closed_won'] as const;

/**
 * How credit is shared. The weights are written out, because the names of models differ between vendors: a touch that is
 * a milestone earns the milestone's percent, the others share `others`. The milestone touch is the closest touch before it.
 */
const weighted = z.strictObject({
  type: z.literal('weighted'),
  weights: z.strictObject({
    first_touch: percent.optional(),
    last_touch: percent.optional(),
    lead_created: percent.optional(),
    opportunity_created: percent.optional(),
    closed_won: percent.optional(),
    others: percent.optional(),
  }),
});
const decay = z.strictObject({ type: z.literal('time_decay'), half_life_days: days });
const linear = z.strictObject({ type: z.literal('linear') });
const model = z.discriminatedUnion('type', [weighted, decay, linear], { error: 'type is one of weighted, time_decay, linear' });

/** One model that finance signs and both teams live with. */
export const attributionDocument = z
  .strictObject({
    kind: z.literal('attribution'),
    ...head,
    model,
    /** Touches so many days before the conversion count. */
    lookback_days: days,
    conversion: z.enum(['opportunity_created', 'closed_won']),
    /** What is shared out. */
    measure: z.enum(['opportunity_count', 'pipeline_amount', 'won_amount']),
    /** Which events are touches, and the channel each belongs to. */
    channels: z
      .array(z.strictObject({ id: slug, label, types: z.array(slug).min(1).max(50) }))
      .min(1)
      .max(50),
    /** A published figure stays; a later run shows the difference. */
    freeze: z.strictObject({ days_after_period: z.int().min(0).max(120) }).optional(),
    signed_by: z
      .array(z.enum(['marketing', 'sales', 'finance']))
      .min(1)
      .optional(),
  })
  .superRefine((attribution, issue) => {
    for (const found of attributionProblems(attribution)) issue.addIssue({ code: 'custom', ...found });
  });

export type Attribution = z.infer<typeof attributionDocument>;

/** What its parts say that cannot stand together. */
export function attributionProblems(attribution: Holed<Attribution>): Clash[] {
  const { found, fail } = clashes();
  if (attribution.model?.type === 'weighted' && attribution.model.weights !== undefined) {
    const weights = Object.values(attribution.model.weights);
    const sum = weights.reduce<number>((total, part) => total + (part ?? 0), 0);
    if (!weights.includes(undefined) && sum !== 100) fail(['model', 'weights'], `the weights add up to ${sum}, not 100`);
  }
  refuseRepeats(attribution.channels, ['channels'], (x) => x.id, fail);
  const channelOf = new Map<string, string>();
  for (const [i, channel] of (attribution.channels ?? []).entries()) {
    for (const [j, type] of (channel?.types ?? []).entries()) {
      if (type === undefined) continue;
      const other = channelOf.get(type);
      if (other !== undefined) fail(['channels', i, 'types', j], `"${type}" already belongs to the channel ${other}`);
      else channelOf.set(type, channel?.id ?? '');
    }
  }
  return found;
}
