import { z } from 'zod';
import { type Clash, clashes } from './common.ts';
import {
  days,
  fieldName,
  fieldsOf,
  type PredicateDocument,
  predicateDocument,
  readPredicate,
  signalTest,
  slug,
  tooManyTests,
} from './predicate.ts';
import type { Holed } from './problems.ts';

const points = z.int().min(-1000).max(1000);
const bigPoints = z.int().min(0).max(1000);
const label = z.string().min(1).max(200);

const criterion = z
  .strictObject({
    id: slug,
    label: label.optional(),
    group: slug,
    /** Left out: `lead` when it reads a person's field, else `both`. */
    for: z.enum(['account', 'lead', 'both']).optional(),
    when: predicateDocument.optional(),
    bands: z
      .strictObject({
        field: fieldName,
        /** [from, points], ascending; a value earns the points of the last step at or below it, 0 below the first. */
        steps: z
          .array(z.tuple([z.number(), points]))
          .min(1)
          .max(50)
          .refine((steps) => steps.every((step, i) => i === 0 || step[0] > (steps[i - 1]?.[0] ?? 0)), 'steps ascend'),
      })
      .optional(),
    events: z
      .strictObject({
        types: z.array(slug).min(1).max(50),
        /** Events of the last so many days count, today included. */
        window_days: days,
        /** The points halve with each full half-life; left out, they keep their worth. */
        half_life_days: days.optional(),
        /** Points of one fresh event. */
        points: points.refine((p) => p !== 0, 'points are not 0'),
        /** The most that the criterion may add (or, with negative points, take away). */
        cap: z.int().min(1).max(1000),
      })
      .optional(),
    signal: signalTest.optional(),
    points: points.optional(),
    /** Points while a field it needs is unknown; 0 when left out. */
    missing: points.optional(),
  })
  .superRefine((c, issue) => {
    const forms = (['when', 'bands', 'events', 'signal'] as const).filter((key) => c[key] !== undefined);
    const fail = (message: string) => issue.addIssue({ code: 'custom', message });
    if (forms.length !== 1) fail(`a criterion has exactly one of when, bands, events, signal; found ${forms.join(', ') || 'none'}`);
    const needsPoints = c.when !== undefined || c.signal !== undefined;
    if (needsPoints && c.points === undefined) fail('give points: what it earns when it holds');
    if (!needsPoints && forms.length === 1 && c.points !== undefined) fail(`the points are inside ${forms[0]}`);
    if (c.missing !== undefined && c.when === undefined && c.bands === undefined)
      fail('missing goes with when or bands: events and signals are never unknown');
  });

const momentumTest = z.strictObject({
  points: bigPoints.optional(),
  people: bigPoints.optional(),
  momentum_percent: z.int().min(1).max(10_000).optional(),
});

/** The rubric as a document. Integers throughout; see docs/guide/definitions.md. */
export const rubricDocument = z
  .strictObject({
    kind: z.literal('rubric'),
    name: label.optional(),
    description: z.string().max(2000).optional(),
    /** The score is clamped to 0…max; 100 when left out. */
    max: z.int().min(1).max(10_000).optional(),
    /** Lowest score of a tier; C is what is below B. */
    tiers: z.strictObject({ A: z.int(), B: z.int() }).refine((t) => t.A > t.B && t.B > 0, 'A is above B, and B above 0'),
    groups: z.record(slug, z.strictObject({ cap: bigPoints, label: label.optional() })),
    criteria: z.array(criterion).min(1).max(50, 'at most 50 criteria'),
    disqualify: z
      .array(
        z.strictObject({
          id: slug,
          label: label.optional(),
          when: predicateDocument,
          /** A rejection code of the taxonomy. */
          reason: z.string().regex(/^[A-Z]{2,6}-\d{2}$/, 'a rejection code, as in REL-02'),
        }),
      )
      .max(30)
      .optional(),
    /** Named lists for in_list: they are part of the rubric's hash. */
    lists: z.record(slug, z.array(z.string().min(1).max(200)).max(10_000)).optional(),
    heat: z.strictObject({
      /** People and momentum count these; all event types that criteria reward when left out. */
      types: z.array(slug).min(1).max(50).optional(),
      /** A person counts as engaged with an event in so many days; 28 when left out. */
      people_days: days.optional(),
      hot: momentumTest,
      warm: momentumTest,
      /** Signals that make a warm account hot, and a cold one warm. */
      act_now: z.array(signalTest).max(20).optional(),
    }),
  })
  .superRefine((rubric, issue) => {
    for (const found of rubricProblems(rubric)) issue.addIssue({ code: 'custom', ...found });
  });

/** The lists a predicate names, each with its place. */
function listsOf(p: Holed<PredicateDocument> | undefined, path: Clash['path']): { name: string; path: Clash['path'] }[] {
  if (p === undefined) return [];
  if (p.in_list !== undefined) return [{ name: p.in_list, path: [...path, 'in_list'] }];
  const parts = (['all', 'any'] as const).flatMap((key) => (p[key] ?? []).flatMap((part, i) => listsOf(part, [...path, key, i])));
  return [...parts, ...listsOf(p.not, [...path, 'not'])];
}

export type Rubric = z.infer<typeof rubricDocument>;
export type Criterion = Rubric['criteria'][number];
export type SubjectKind = 'account' | 'lead';

/** What its parts say that cannot stand together. A hole in a list is an item with problems of its own. */
export function rubricProblems(rubric: Holed<Rubric>): Clash[] {
  const { found, fail } = clashes();
  const seen = new Set<string>();
  const parts = [
    ...(rubric.criteria ?? []).map((c, i) => ['criteria', i, c] as const),
    ...(rubric.disqualify ?? []).map((c, i) => ['disqualify', i, c] as const),
  ];
  for (const [key, i, part] of parts) {
    if (part === undefined) continue;
    if (part.id !== undefined && seen.has(part.id)) fail([key, i, 'id'], `"${part.id}" is used twice`);
    if (part.id !== undefined) seen.add(part.id);
    if ('group' in part && part.group !== undefined && rubric.groups !== undefined && !Object.hasOwn(rubric.groups, part.group))
      fail(
        [key, i, 'group'],
        `no such group; there ${Object.keys(rubric.groups).length === 0 ? 'is none' : `are ${Object.keys(rubric.groups).join(', ')}`}`,
      );
    if (part.when === undefined) continue;
    for (const list of listsOf(part.when, [key, i, 'when']))
      if (!Object.hasOwn(rubric.lists ?? {}, list.name)) fail(list.path, `there is no list named ${list.name} under lists`);
  }
  return found;
}

/** What makes a rubric that can be read useless: no new one is taken with it, and one that was saved before stays as it is. */
export function rubricContradictions(rubric: Holed<Rubric>): Clash[] {
  const { found, fail } = clashes();
  const max = rubric.max ?? DEFAULT_MAX;
  const least = rubric.tiers?.A;
  if (least !== undefined && max > 0 && least > max) fail(['tiers', 'A'], `no score reaches it: the rubric's max is ${max}`);
  const { hot, warm } = rubric.heat ?? {};
  for (const key of ['points', 'people', 'momentum_percent'] as const) {
    const [more, less] = [hot?.[key], warm?.[key]];
    if (more !== undefined && less !== undefined && more < less)
      fail(['heat', 'hot', key], `hot asks for less than warm does, which is ${less}`);
  }
  for (const key of ['criteria', 'disqualify'] as const) {
    for (const [i, part] of (rubric[key] ?? []).entries()) {
      const tooMany = tooManyTests(part?.when);
      if (tooMany !== undefined) fail([key, i, 'when'], tooMany);
    }
  }
  return found;
}

export const DEFAULT_MAX = 100;
export const DEFAULT_PEOPLE_DAYS = 28;

/** The kinds of subject a criterion scores. A criterion that reads a person's field is for leads unless it says otherwise. */
export function appliesTo(criterion: Criterion, kind: SubjectKind): boolean {
  const readsPerson = fieldsOfCriterion(criterion).some((field) => field.startsWith('person.'));
  const target = criterion.for ?? (readsPerson ? 'lead' : 'both');
  return target === 'both' || target === kind;
}

export function fieldsOfCriterion(criterion: Criterion): string[] {
  if (criterion.when !== undefined) return fieldsOf(readPredicate(criterion.when));
  return criterion.bands === undefined ? [] : [criterion.bands.field];
}

/** The event types that heat counts for people and momentum. */
export function heatTypes(rubric: Rubric): string[] {
  return (
    rubric.heat.types ?? [...new Set(rubric.criteria.flatMap((c) => (c.events !== undefined && c.events.points > 0 ? c.events.types : [])))]
  );
}
