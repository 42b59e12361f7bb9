import { z } from 'zod';
import { type Clash, clashes, head, label, phrases, refuseRepeats, team } from './common.ts';
import { slug } from './predicate.ts';
import type { Holed } from './problems.ts';
import { WEEKDAYS } from './sla.ts';

const meeting = z.strictObject({
  id: slug,
  label,
  every: z.enum(['week', 'month', 'quarter']),
  /** The weekday; of a month or quarter, the first such day. */
  on: z.enum(WEEKDAYS),
  minutes: z.int().min(5).max(480),
  /** Who prepares and leads it. */
  owner: team,
  attends: z.array(team).min(1).max(5),
  /** What is looked at, in order. */
  agenda: z
    .array(z.strictObject({ topic: label, figures: phrases.optional() }))
    .min(1)
    .max(20),
  /** What it may decide; anything else is only heard. */
  decides: phrases.optional(),
});

/** When both teams review what: the weekly hand-off, the month's performance, the quarter's ICP. */
export const cadenceDocument = z
  .strictObject({ kind: z.literal('cadence'), ...head, reviews: z.array(meeting).min(1).max(20) })
  .superRefine((cadence, issue) => {
    for (const found of cadenceProblems(cadence)) issue.addIssue({ code: 'custom', ...found });
  });

export type Cadence = z.infer<typeof cadenceDocument>;

/** What its parts say that cannot stand together. */
export function cadenceProblems(cadence: Holed<Cadence>): Clash[] {
  const { found, fail } = clashes();
  refuseRepeats(cadence.reviews, ['reviews'], (x) => x.id, fail);
  for (const [i, review] of (cadence.reviews ?? []).entries()) {
    if (review?.owner === undefined || review.attends === undefined || review.attends.includes(undefined)) continue;
    if (!review.attends.includes(review.owner)) fail(['reviews', i, 'attends'], `its owner ${review.owner} attends too`);
  }
  return found;
}
