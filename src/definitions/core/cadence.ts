import { z } from 'zod';
import { type Clash, clashes, head, label, phrases, refuseRepeats, team } from './common.ts';
import { slug } from './predicate.ts';
import type { Holed } from './problems.ts';
import { WEEKDAYS } from './sla.ts';

/** The reports that a review may look at. */
const REPORTS = ['handoffs', 'performance', 'icp_refresh', 'playbook_audit', 'account_heat'] as const;

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
  /** The report that it looks at, and how many days before it the report is with everybody. */
  report: z.enum(REPORTS).optional(),
  report_days_before: z.int().min(0).max(30).optional(),
  /** What is looked at, in order. */
  agenda: z
    .array(z.strictObject({ topic: label, minutes: z.int().min(1).max(480).optional(), figures: phrases.optional() }))
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
export type Review = Cadence['reviews'][number];

/** `each Tuesday`, `the first Tuesday of each month`. */
export function heldOn({ every, on }: Pick<Review, 'every' | 'on'>): string {
  const weekday = `${on.charAt(0).toUpperCase()}${on.slice(1)}`;
  return every === 'week' ? `each ${weekday}` : `the first ${weekday} of each ${every}`;
}

/** What its parts say that cannot stand together. */
export function cadenceProblems(cadence: Holed<Cadence>): Clash[] {
  const { found, fail } = clashes();
  refuseRepeats(cadence.reviews, ['reviews'], (x) => x.id, fail);
  for (const [i, review] of (cadence.reviews ?? []).entries()) {
    if (review === undefined) continue;
    const { owner, attends, agenda, minutes } = review;
    if (owner !== undefined && attends?.includes(undefined) === false && !attends.includes(owner))
      fail(['reviews', i, 'attends'], `its owner ${owner} attends too`);
    if (review.report_days_before !== undefined && !Object.hasOwn(review, 'report'))
      fail(['reviews', i, 'report_days_before'], 'say which report: it goes with report');
    const talk = (agenda ?? []).reduce((sum, topic) => sum + (topic?.minutes ?? 0), 0);
    if (minutes !== undefined && talk > minutes)
      fail(['reviews', i, 'agenda'], `its topics take ${talk} minutes, and the review ${minutes}`);
  }
  return found;
}
