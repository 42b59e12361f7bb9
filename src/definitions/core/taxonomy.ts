import { z } from 'zod';
import { ISO_DATE, isIsoDate } from '../../kernel/dates.ts';
import { countryCode } from './check-predicate.ts';
import { type Clash, clashes, head, label, prose, refuseRepeats, rejectionCode, team } from './common.ts';
import { keywordKey } from './keyword.ts';
import { fieldMerge, mergeProblems, sourceName } from './merge-policy.ts';
import { fieldName, predicateDocument, slug } from './predicate.ts';
import type { Holed } from './problems.ts';
import { routing, routingProblems } from './routing.ts';
import { vocabularyProblems } from './vocabulary.ts';

export const FIELD_TYPES = [
  'keyword',
  'text',
  'integer',
  'number',
  'boolean',
  'date',
  'list',
  'domain',
  'email',
  'url',
  'phone',
  'country',
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

const aliases = z.array(z.string().min(1).max(200)).max(500);
const keyword = z.string().refine((key) => key !== '' && keywordKey(key) === key, {
  error: (issue) => `write it as ${keywordKey(String(issue.input)) || 'letters and digits'}: lower case, words joined by _`,
});

/** Words of each system's own, as its exports have them. */
const bySystem = z.strictObject({ salesforce: aliases, hubspot: aliases, marketo: aliases, generic: aliases }).partial();

const field = z.strictObject({
  name: fieldName,
  type: z.enum(FIELD_TYPES),
  label,
  description: prose.optional(),
  /** Column headers that mean this field, by the system whose export uses them. */
  aliases: bySystem.optional(),
  /** The vocabulary of a keyword or list field: value → other spellings that mean it. A value not listed is kept as it is. */
  values: z.record(keyword, aliases).optional(),
});

const eventType = z.strictObject({
  id: slug,
  class: z.enum(['engagement', 'signal']),
  label,
  /** Whose work it is; engagement only. */
  side: z.enum(['marketing', 'sales']).optional(),
  aliases: aliases.optional(),
});

export const LEAD_FATES = ['nurture', 'archive', 'monitor', 'enrich', 'merge', 'suppress', 'recycle', 'reroute'] as const;

/** What may be done with the leads of a segment before they are handed off. */
export const SEGMENT_ACTIONS = ['exclude', 'lower_score', 'reroute', 'require_enrichment'] as const;

const rejection = z
  .strictObject({
    code: rejectionCode,
    reason: label,
    /** The team that fixes the cause, and what it fixes. */
    owner: team,
    fix: label.optional(),
    /** What happens to the lead. */
    action: z.enum(LEAD_FATES),
    /** With `recycle`: it comes back after so many days, or before a date field of the lead's account. */
    after_days: z.int().min(1).max(1095).optional(),
    before: fieldName.optional(),
    /** One of these must be given with the code. */
    sub_reasons: z.array(slug).min(1).max(30).optional(),
    /** Refused until the attempts of the SLA are logged. */
    needs_attempts: z.boolean().optional(),
    /** False when the lead itself was good. */
    quality: z.boolean().optional(),
    /** What is proposed for a segment that is rejected so clearly more often than the rest; nothing when left out. */
    segment_rule: z.enum(SEGMENT_ACTIONS).optional(),
    /** Such a rule applies at once, and can be taken back; else people decide on it first. */
    auto: z.boolean().optional(),
  })
  .superRefine((r, issue) => {
    const times = [r.after_days, r.before].filter((t) => t !== undefined).length;
    const fail = (message: string) => issue.addIssue({ code: 'custom', message });
    if (r.action === 'recycle' && times !== 1) fail('recycle takes one of after_days and before');
    if (r.action !== 'recycle' && times > 0) fail(`${r.action} takes no after_days or before: they go with recycle`);
    if (r.auto === true && r.segment_rule === undefined) fail('auto goes with segment_rule: say which rule would apply at once');
  });

const named = { id: slug, label, description: prose.optional(), aliases: aliases.optional() };

/** What a stage stands for, whatever a team calls it. */
export const STAGE_MEANINGS = [
  'inquiry',
  'mql',
  'accepted',
  'qualified',
  'opportunity',
  'won',
  'lost',
  'recycled',
  'disqualified',
] as const;

/** The words both teams use: stages, sources, fields, event types, rejection codes, and what an MQL is. See docs/guide/definitions.md. */
export const taxonomyDocument = z
  .strictObject({
    kind: z.literal('taxonomy'),
    ...head,
    /** Stages in order. */
    lifecycle: z
      .array(z.strictObject({ ...named, means: z.enum(STAGE_MEANINGS).optional() }))
      .min(1)
      .max(50),
    lead_sources: z
      .array(z.strictObject({ ...named, from: bySystem.optional() }))
      .min(1)
      .max(200),
    /** Names of data sources, best first: of two values for one field, the better source's stands. Unlisted sources come last. */
    sources: z.array(sourceName).max(200),
    /** The fields that are not decided so. */
    merge: z.array(fieldMerge).max(1000).optional(),
    fields: z.array(field).min(1).max(1000),
    event_types: z.array(eventType).min(1).max(200),
    rejection_codes: z.array(rejection).min(1).max(60),
    /** When a person is a marketing qualified lead. */
    mql: predicateDocument,
    routing: routing.optional(),
    /** Whence telephone numbers are that have no country code, in records that name no country. */
    phone_country: z
      .string()
      .refine((code) => countryCode(code) === code, 'a country is written as its two letters, as in us or de')
      .optional(),
    /** The sides of a lead by which rejections are compared; a number falls into the step at or below it. */
    compare_by: z
      .array(z.strictObject({ id: slug, label, field: fieldName, steps: z.array(z.number()).min(1).max(20).optional() }))
      .max(20)
      .optional(),
    /** Segments that are dealt with before a hand-off, because they were rejected clearly more often than the rest. */
    segments: z
      .array(
        z.strictObject({
          id: slug,
          label,
          when: predicateDocument,
          rule: z.enum(SEGMENT_ACTIONS),
          /** The rejection code that led to it. */
          because: rejectionCode,
          since: z.string().refine(isIsoDate, ISO_DATE).optional(),
        }),
      )
      .max(200)
      .optional(),
  })
  .superRefine((taxonomy, issue) => {
    for (const found of taxonomyProblems(taxonomy)) issue.addIssue({ code: 'custom', ...found });
  });

export type Taxonomy = z.infer<typeof taxonomyDocument>;
export type TaxonomyField = Taxonomy['fields'][number];
export type EventType = Taxonomy['event_types'][number];
export type RejectionCode = Taxonomy['rejection_codes'][number];

/** What its parts say that cannot stand together. A hole in a list is an item with problems of its own. */
export function taxonomyProblems(taxonomy: Holed<Taxonomy>): Clash[] {
  const { found, fail } = clashes();
  refuseRepeats(taxonomy.lifecycle, ['lifecycle'], (x) => x.id, fail);
  refuseRepeats(taxonomy.lead_sources, ['lead_sources'], (x) => x.id, fail);
  refuseRepeats(taxonomy.fields, ['fields'], (x) => x.name, fail, 'name');
  refuseRepeats(taxonomy.event_types, ['event_types'], (x) => x.id, fail);
  refuseRepeats(taxonomy.rejection_codes, ['rejection_codes'], (x) => x.code, fail, 'code');
  refuseRepeats(taxonomy.compare_by, ['compare_by'], (x) => x.id, fail);
  refuseRepeats(taxonomy.segments, ['segments'], (x) => x.id, fail);
  refuseRepeats(taxonomy.lifecycle, ['lifecycle'], (x) => x.means, fail, 'means');
  mergeProblems(taxonomy, fail);
  for (const clash of routingProblems(taxonomy.routing)) fail(['routing', ...clash.path], clash.message);
  vocabularyProblems(taxonomy, fail);
  return found;
}

/** What makes a taxonomy that can be read useless: no new one is taken with it, and one that was saved before stays as it is. */
export function taxonomyContradictions(taxonomy: Holed<Taxonomy>): Clash[] {
  const { found, fail } = clashes();
  for (const key of ['lifecycle', 'lead_sources'] as const) {
    const meaning = new Map<string, string>();
    for (const [i, one] of (taxonomy[key] ?? []).entries())
      for (const [path, spelling] of spellingsOf(one)) {
        const word = `${path.length > 2 ? path[1] : ''} ${keywordKey(spelling)}`;
        const other = meaning.get(word);
        if (other !== undefined && other !== one?.id) fail([key, i, ...path], `"${spelling}" already means ${other}`);
        else meaning.set(word, one?.id ?? '');
      }
  }
  return found;
}

type Named = Holed<Taxonomy['lead_sources'][number]>;

/** The words that mean a stage or source, each with its place in it. */
export function spellingsOf(one: Named | undefined): [Clash['path'], string][] {
  const of = (words: readonly (string | undefined)[] | undefined, path: Clash['path']) =>
    (words ?? []).flatMap((word, i): [Clash['path'], string][] => (word === undefined ? [] : [[[...path, i], word]]));
  return [...of(one?.aliases, ['aliases']), ...Object.entries(one?.from ?? {}).flatMap(([system, words]) => of(words, ['from', system]))];
}
