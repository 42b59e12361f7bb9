import { z } from 'zod';
import { type Clash, clashes, head, label, refuseRepeats, team } from './common.ts';
import { days, slug } from './predicate.ts';
import type { Holed } from './problems.ts';
import { requiredTeams } from './signing.ts';

/** The changes of stage that a model may credit, in their order. */
export const MILESTONES = ['lead_created', 'opportunity_created', 'closed_won'] as const;

const weight = z
  .number()
  .min(0)
  .max(100)
  .refine((n) => Number.isInteger(n * 2), 'a percentage in steps of a half, as in 22.5');

/**
 * How credit is shared. The weights are written out, because the names of models differ between vendors: a touch that is
 * a milestone earns the milestone's percent, the others share `others`. The milestone touch is the closest touch before it.
 */
const weighted = z.strictObject({
  type: z.literal('weighted'),
  weights: z.strictObject({
    first_touch: weight.optional(),
    last_touch: weight.optional(),
    lead_created: weight.optional(),
    opportunity_created: weight.optional(),
    closed_won: weight.optional(),
    others: weight.optional(),
  }),
});
/** All to the last touch of a channel that is not `direct`; where all are, to the last. */
const lastNonDirect = z.strictObject({ type: z.literal('last_non_direct') });
const linear = z.strictObject({ type: z.literal('linear') });
const decay = z.strictObject({ type: z.literal('time_decay'), half_life_days: days });
/** By what is lost without a channel, in a chain that remembers so many touches. */
const markov = z.strictObject({ type: z.literal('markov'), order: z.literal([1, 2]) });
/** By a channel's mean part in every order of the channels; what a set of channels is worth is said, for it decides the result. */
const shapley = z.strictObject({ type: z.literal('shapley'), value: z.enum(['paths_within']) });
const MODELS = ['weighted', 'last_non_direct', 'linear', 'time_decay', 'markov', 'shapley'] as const;
const model = z.discriminatedUnion('type', [weighted, lastNonDirect, linear, decay, markov, shapley], {
  error: `type is one of ${MODELS.join(', ')}`,
});

/** One model that finance signs and both teams live with. */
export const attributionDocument = z
  .strictObject({
    kind: z.literal('attribution'),
    ...head,
    model,
    /** Models that are shown beside the one that counts. */
    compare: z
      .array(z.strictObject({ id: slug, label, model }))
      .max(10)
      .optional(),
    /** The stage of the taxonomy's lifecycle whose beginning is the milestone. */
    milestones: z.strictObject({ lead_created: slug, opportunity_created: slug, closed_won: slug }).partial().optional(),
    /** Touches so many days before the conversion count. */
    lookback_days: days,
    conversion: z.enum(['opportunity_created', 'closed_won']),
    /** What is shared out. */
    measure: z.enum(['opportunity_count', 'pipeline_amount', 'won_amount']),
    /** Which events are touches, and the channel each belongs to. */
    channels: z
      .array(
        z.strictObject({
          id: slug,
          label,
          types: z.array(slug).min(1).max(50),
          /** Came by itself: passed over by last_non_direct. */
          direct: z.boolean().optional(),
        }),
      )
      .min(1)
      .max(50),
    /** From which stage to which a report follows those who enter, and how long: a younger cohort is marked as immature. */
    funnel: z
      .array(z.strictObject({ from: slug, to: slug, within_days: days }))
      .max(20)
      .optional(),
    /** A published figure stays; a later run shows the difference. */
    freeze: z.strictObject({ days_after_period: z.int().min(0).max(120) }).optional(),
    signed_by: z.array(team).min(1).max(5).optional(),
  })
  .superRefine((attribution, issue) => {
    for (const found of attributionProblems(attribution)) issue.addIssue({ code: 'custom', ...found });
  });

export type Attribution = z.infer<typeof attributionDocument>;
export type AttributionModel = Attribution['model'];

/** The models of a document, each with its place. */
function modelsOf(attribution: Holed<Attribution>): [Clash['path'], Holed<AttributionModel> | undefined][] {
  return [
    [['model'], attribution.model],
    ...(attribution.compare ?? []).map((one, i): [Clash['path'], typeof attribution.model] => [['compare', i, 'model'], one?.model]),
  ];
}

/** What its parts say that cannot stand together. */
export function attributionProblems(attribution: Holed<Attribution>): Clash[] {
  const { found, fail } = clashes();
  for (const [path, one] of modelsOf(attribution)) {
    if (one?.type !== 'weighted' || one.weights === undefined) continue;
    const weights = Object.values(one.weights);
    const sum = weights.reduce<number>((total, part) => total + (part ?? 0), 0);
    if (!weights.includes(undefined) && sum !== 100) fail([...path, 'weights'], `the weights add up to ${sum}, not 100`);
  }
  refuseRepeats(attribution.compare, ['compare'], (x) => x.id, fail);
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
  for (const [i, step] of (attribution.funnel ?? []).entries())
    if (step?.from !== undefined && step.from === step.to)
      fail(['funnel', i, 'to'], 'a step of the funnel leads to another stage than it starts from');
  return found;
}

/** What makes a model that can be read useless: no new one is taken with it, and one that was saved before stays as it is. */
export function attributionContradictions(attribution: Holed<Attribution>): Clash[] {
  const { found, fail } = clashes();
  const { conversion, measure } = attribution;
  for (const [path, one] of modelsOf(attribution)) {
    if (one?.type === 'weighted' && conversion === 'opportunity_created' && (one.weights?.closed_won ?? 0) > 0)
      fail(
        [...path, 'weights', 'closed_won'],
        'the deal is won after the conversion, which is opportunity_created; use conversion: closed_won',
      );
  }
  if (measure === 'won_amount' && conversion === 'opportunity_created')
    fail(['measure'], 'nothing is won at the conversion, which is opportunity_created; use conversion: closed_won, or pipeline_amount');
  const signers = attribution.signed_by;
  const missing = requiredTeams('attribution').filter((one) => signers?.includes(one) === false);
  if (missing.length > 0 && signers?.includes(undefined) === false)
    fail(['signed_by'], `${missing.join(' and ')} ${missing.length === 1 ? 'signs' : 'sign'} the attribution too`);
  return found;
}
