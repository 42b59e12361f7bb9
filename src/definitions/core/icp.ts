import { z } from 'zod';
import { type Clash, clashes, head, label, phrases, prose, refuseRepeats, rejectionCode } from './common.ts';
import { fieldName, predicateDocument, slug } from './predicate.ts';
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
    /** The facts of a company by which accounts are judged. */
    firmographics: z
      .array(
        z.strictObject({
          field: fieldName,
          /** An account without it cannot be judged. */
          required: z.boolean(),
          why: prose.optional(),
          /** The values that are wanted. A rubric rewards no other; any, when left out. */
          values: z.array(z.string().min(1).max(200)).min(1).max(500).optional(),
        }),
      )
      .max(50)
      .optional(),
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
    /** The people to look for, and the role that they play in a purchase. */
    personas: z
      .array(
        z.strictObject({
          id: slug,
          label,
          role: z.enum(BUYING_ROLES),
          when: predicateDocument,
          goals: phrases.optional(),
          pains: phrases.optional(),
        }),
      )
      .max(30)
      .optional(),
    /** How often the profile is held against what was won and lost, and on what evidence. */
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
  refuseRepeats(icp.firmographics, ['firmographics'], (x) => x.field, fail, 'field');
  refuseRepeats(icp.exclude, ['exclude'], (x) => x.id, fail);
  refuseRepeats(icp.buying_group, ['buying_group'], (x) => x.role, fail, 'role');
  refuseRepeats(icp.personas, ['personas'], (x) => x.id, fail);
  const roles = icp.buying_group?.map((x) => x?.role);
  for (const [i, persona] of (icp.personas ?? []).entries()) {
    if (
      persona?.role === undefined ||
      roles === undefined ||
      roles.length === 0 ||
      roles.includes(undefined) ||
      roles.includes(persona.role)
    )
      continue;
    fail(['personas', i, 'role'], `the buying group has no ${persona.role}; it has ${roles.join(', ')}`);
  }
  return found;
}
