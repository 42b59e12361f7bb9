import { z } from 'zod';
import { ISO_DATE, isIsoDate } from '../../kernel/dates.ts';
import { type Clash, clashes, head, label, phrases, prose, refuseRepeats, rejectionCode, team } from './common.ts';
import { BUYING_ROLES } from './icp.ts';
import { predicateDocument, slug, testsIn } from './predicate.ts';
import type { Holed } from './problems.ts';
import { numberText } from './words.ts';

/** The sections of a playbook, in the order in which people read it. */
export const SECTIONS = [
  'customers',
  'buying_process',
  'offer',
  'competitors',
  'selling',
  'objections',
  'practices',
  'personas',
  'plays',
] as const;
export type Section = (typeof SECTIONS)[number];

/** Of all plays together: they are asked of a record in one statement. */
const MOST_TESTS = 5000;

/** What the customer does in a stage of the buying process. */
export const BUYING_PHASES = ['consideration', 'evaluation', 'purchase'] as const;
/** What a persona's word counts for in a purchase. */
const INFLUENCES = ['decision_maker', 'recommender', 'influencer'] as const;

const bounds = z
  .strictObject({ min: z.int().min(0).optional(), max: z.int().min(0).optional() })
  .refine((one) => one.min !== undefined || one.max !== undefined, 'give min, max or both (both count as inside)')
  .refine((one) => one.min === undefined || one.max === undefined || one.min <= one.max, 'min is above max');

const play = z.strictObject({
  id: slug,
  label,
  /** Why it is played. */
  purpose: prose,
  /** The conditions in which it is played; the fields that it reads say of which records: accounts, people or opportunities. */
  when: predicateDocument,
  /** Played in these tiers alone; of a person by the lead's score, else by the account's. */
  tiers: z
    .array(z.enum(['A', 'B', 'C']))
    .min(1)
    .optional(),
  /** Played at this heat of the account alone. */
  heat: z
    .array(z.enum(['hot', 'warm', 'cold']))
    .min(1)
    .optional(),
  /** Played at these scores alone; whose, as with tiers. */
  score: bounds.optional(),
  owner: team,
  steps: z
    .array(z.strictObject({ do: prose, by: team.optional(), within_hours: z.int().min(1).max(2000).optional() }))
    .min(1)
    .max(30),
  /** What is said, in the order in which it is. */
  talk_track: phrases.optional(),
  /** What is shown or sent. */
  content: phrases.optional(),
  /** How one sees that it worked. */
  measure: prose.optional(),
});

/**
 * What the teams know about selling to these customers. A section left out is a gap that an audit shows; so the sections
 * are optional, and what stands in one is complete in itself.
 */
export const playbookDocument = z
  .strictObject({
    kind: z.literal('playbook'),
    ...head,
    customers: z
      .array(
        z.strictObject({
          /** A segment of the ICP. */
          segment: slug,
          market: prose.optional(),
          trends: phrases.optional(),
          /** Who of them fits best, in words; the rule is the segment's. */
          ideal_customer: prose.optional(),
          buyers: phrases.optional(),
          influencers: phrases.optional(),
          pains: phrases,
          preferences: phrases.optional(),
          /** What must not go wrong for them. */
          critical_issues: phrases.optional(),
          /** Interviews or data behind it. */
          sources: phrases.optional(),
        }),
      )
      .optional(),
    buying_process: z
      .array(
        z.strictObject({
          id: slug,
          label,
          phase: z.enum(BUYING_PHASES).optional(),
          /** What brings them here. */
          triggers: phrases,
          /** How a qualified lead behaves here, as one can observe it. */
          behaviour: phrases,
        }),
      )
      .min(1)
      .max(20)
      .optional(),
    offer: z
      .strictObject({
        summary: prose,
        /** Which pains it answers. */
        answers: phrases.optional(),
        why_we_exist: prose.optional(),
        why_we_matter: prose.optional(),
        /** Why buy from us? */
        why_buy: prose.optional(),
        /** What value do they receive? */
        value: phrases.optional(),
        discovery_questions: phrases.optional(),
        use_cases: phrases.optional(),
      })
      .optional(),
    competitors: z
      .array(
        z.strictObject({
          id: slug,
          label,
          positioning: prose,
          /** How it sells. */
          sells: prose.optional(),
          moves: phrases.optional(),
          counter_moves: phrases,
          /** What it says of itself or of us, what we say to that, and what proves it. */
          message_map: z
            .array(z.strictObject({ they_say: prose, we_say: prose, proof: prose.optional() }))
            .min(1)
            .max(30)
            .optional(),
          content: phrases.optional(),
        }),
      )
      .max(50)
      .optional(),
    selling: z
      .array(
        z.strictObject({
          id: slug,
          label,
          /** A stage of buying_process. */
          buying_stage: slug,
          entry: phrases.optional(),
          exit: phrases.optional(),
          touchpoints: phrases.optional(),
          /** How to judge whether the opportunity is worth going on with. */
          assess: phrases.optional(),
          talk_track: phrases.optional(),
          content: phrases.optional(),
          players: z.array(team).optional(),
          resources: phrases.optional(),
          skills: phrases.optional(),
          /** Values of opportunity.stage that mean this stage. */
          opportunity_stages: z.array(slug).min(1).max(20).optional(),
        }),
      )
      .max(20)
      .optional(),
    objections: z
      .array(
        z.strictObject({
          id: slug,
          objection: prose,
          /** What to do and say. */
          answer: prose,
          content: phrases.optional(),
          codes: z.array(rejectionCode).max(20).optional(),
          /** Values of opportunity.loss_reason that it answers. */
          loss_reasons: z.array(slug).min(1).max(50).optional(),
          /** Heard in these stages of selling, from these roles, beside these competitors; anywhere when left out. */
          stages: z.array(slug).min(1).max(20).optional(),
          roles: z.array(z.enum(BUYING_ROLES)).min(1).optional(),
          competitors: z.array(slug).min(1).max(50).optional(),
        }),
      )
      .max(100)
      .optional(),
    practices: z
      .array(
        z.strictObject({
          id: slug,
          practice: prose,
          use_when: prose,
          works: z.boolean(),
          evidence: prose.optional(),
          /** The day on which it was seen. */
          seen: z.string().refine(isIsoDate, ISO_DATE).optional(),
          /** What was learned from one that does not work. */
          lesson: prose.optional(),
        }),
      )
      .max(100)
      .optional(),
    personas: z
      .array(
        z.strictObject({
          role: z.enum(BUYING_ROLES),
          label,
          influence: z.enum(INFLUENCES).optional(),
          profile: prose.optional(),
          cares_about: phrases,
          asks: phrases.optional(),
          talk_track: phrases.optional(),
          content: phrases.optional(),
        }),
      )
      .max(30)
      .optional(),
    plays: z.array(play).max(200).optional(),
    /** Who keeps a section, and when it was last gone through. */
    upkeep: z.partialRecord(z.enum(SECTIONS), z.strictObject({ owner: team, reviewed: z.string().refine(isIsoDate, ISO_DATE) })).optional(),
  })
  .superRefine((playbook, issue) => {
    for (const found of playbookProblems(playbook)) issue.addIssue({ code: 'custom', ...found });
  });

export type Playbook = z.infer<typeof playbookDocument>;

/** What its parts say that cannot stand together. */
export function playbookProblems(playbook: Holed<Playbook>): Clash[] {
  const { found, fail } = clashes();
  refuseRepeats(playbook.customers, ['customers'], (x) => x.segment, fail, 'segment');
  refuseRepeats(playbook.buying_process, ['buying_process'], (x) => x.id, fail);
  refuseRepeats(playbook.competitors, ['competitors'], (x) => x.id, fail);
  refuseRepeats(playbook.selling, ['selling'], (x) => x.id, fail);
  refuseRepeats(playbook.objections, ['objections'], (x) => x.id, fail);
  refuseRepeats(playbook.practices, ['practices'], (x) => x.id, fail);
  refuseRepeats(playbook.personas, ['personas'], (x) => x.role, fail, 'role');
  refuseRepeats(playbook.plays, ['plays'], (x) => x.id, fail);
  const tests = (playbook.plays ?? []).reduce((sum, one) => sum + (one?.when === undefined ? 0 : testsIn(one.when)), 0);
  if (tests > MOST_TESTS) fail(['plays'], `the plays have ${numberText(tests)} tests together; a playbook takes ${numberText(MOST_TESTS)}`);
  const stages = playbook.buying_process;
  for (const [i, stage] of (playbook.selling ?? []).entries()) {
    if (stage === undefined || stages === undefined || stages.includes(undefined)) continue;
    if (!stages.some((s) => s?.id === stage.buying_stage))
      fail(['selling', i, 'buying_stage'], `no such stage of buying_process; there are ${stages.map((s) => s?.id).join(', ')}`);
  }
  const [selling, competitors] = [idsOf(playbook.selling), idsOf(playbook.competitors)];
  const known = (
    ids: readonly (string | undefined)[] | undefined,
    all: readonly string[] | undefined,
    path: (string | number)[],
    what: string,
  ) => {
    for (const [j, id] of (ids ?? []).entries())
      if (id !== undefined && all !== undefined && !all.includes(id))
        fail([...path, j], `there is no ${what} "${id}"; there are ${all.join(', ') || 'none'}`);
  };
  for (const [i, objection] of (playbook.objections ?? []).entries()) {
    known(objection?.stages, selling, ['objections', i, 'stages'], 'stage of selling');
    known(objection?.competitors, competitors, ['objections', i, 'competitors'], 'competitor');
  }
  return found;
}

/** The ids of a section; undefined where some are not to be read. */
function idsOf(items: readonly (Holed<{ id: string }> | undefined)[] | undefined): string[] | undefined {
  const ids = (items ?? []).map((item) => item?.id);
  return ids.every((id) => id !== undefined) ? ids : undefined;
}
