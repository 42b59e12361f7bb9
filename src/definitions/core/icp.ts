import { z } from 'zod';
import { type Clash, clashes, head, label, phrases, prose, refuseRepeats, rejectionCode } from './common.ts';
import { predicateDocument, slug } from './predicate.ts';
import type { Holed } from './problems.ts';

export const BUYING_ROLES = [
  'economic_buyer',
  'champion',
  'technical_evaluator',
  'end_user',
  'gatekeeper',
  'influencer',
  'blocker',
] as const;

/** The ideal customer profile: which accounts are worth both teams' time, and whom to meet in them. */
export const icpDocument = z
  .strictObject({
    kind: z.literal('icp'),
    ...head,
    /** Kinds of account, best first; an account belongs to the first that holds. */
    segments: z
      .array(
        z.strictObject({
          id: slug,
          label,
          description: prose.optional(),
          when: predicateDocument,
          /** What such accounts suffer from, and what makes them buy. */
          pains: phrases.optional(),
          triggers: phrases.optional(),
        }),
      )
      .min(1)
      .max(30),
    /** Accounts that are never worth it. */
    exclude: z
      .array(z.strictObject({ id: slug, label: label.optional(), when: predicateDocument, reason: rejectionCode }))
      .max(30)
      .optional(),
    /** Who takes part in a purchase. */
    buying_group: z
      .array(
        z.strictObject({
          role: z.enum(BUYING_ROLES),
          label: label.optional(),
          when: predicateDocument,
          /** A deal without it is at risk. */
          required: z.boolean(),
          /** How much it counts among the roles. */
          weight: z.int().min(1).max(100),
        }),
      )
      .min(1)
      .max(20),
    review: z.strictObject({ every_months: z.int().min(1).max(12), from: phrases.optional() }).optional(),
  })
  .superRefine((icp, issue) => {
    for (const found of icpProblems(icp)) issue.addIssue({ code: 'custom', ...found });
  });

export type Icp = z.infer<typeof icpDocument>;

/** What its parts say that cannot stand together. */
export function icpProblems(icp: Holed<Icp>): Clash[] {
  const { found, fail } = clashes();
  refuseRepeats(icp.segments, ['segments'], (x) => x.id, fail);
  refuseRepeats(icp.exclude, ['exclude'], (x) => x.id, fail);
  refuseRepeats(icp.buying_group, ['buying_group'], (x) => x.role, fail, 'role');
  return found;
}
