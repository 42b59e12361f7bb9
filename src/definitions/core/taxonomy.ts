import { z } from 'zod';
import { type Clash, clashes, head, label, prose, refuseRepeats, rejectionCode, team } from './common.ts';
import { keywordKey } from './keyword.ts';
import { fieldName, predicateDocument, slug } from './predicate.ts';
import type { Holed } from './problems.ts';
import { anA } from './words.ts';

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

const field = z.strictObject({
  name: fieldName,
  type: z.enum(FIELD_TYPES),
  label,
  description: prose.optional(),
  /** Column headers that mean this field, by the system whose export uses them. */
  aliases: z
    .strictObject({
      salesforce: aliases.optional(),
      hubspot: aliases.optional(),
      marketo: aliases.optional(),
      generic: aliases.optional(),
    })
    .optional(),
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
  })
  .superRefine((r, issue) => {
    const times = [r.after_days, r.before].filter((t) => t !== undefined).length;
    const fail = (message: string) => issue.addIssue({ code: 'custom', message });
    if (r.action === 'recycle' && times !== 1) fail('recycle takes one of after_days and before');
    if (r.action !== 'recycle' && times > 0) fail(`${r.action} takes no after_days or before: they go with recycle`);
  });

const named = z.strictObject({ id: slug, label, description: prose.optional(), aliases: aliases.optional() });

/** The words both teams use: stages, sources, fields, event types, rejection codes, and what an MQL is. See docs/guide/definitions.md. */
export const taxonomyDocument = z
  .strictObject({
    kind: z.literal('taxonomy'),
    ...head,
    /** Stages in order. */
    lifecycle: z.array(named).min(1).max(50),
    lead_sources: z.array(named).min(1).max(200),
    /** Names of data sources, best first: of two values for one field, the better source's stands. Unlisted sources come last. */
    sources: z.array(z.string().min(1).max(100)).max(200),
    fields: z.array(field).min(1).max(1000),
    event_types: z.array(eventType).min(1).max(200),
    rejection_codes: z.array(rejection).min(1).max(60),
    /** When a person is a marketing qualified lead. */
    mql: predicateDocument,
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
  for (const [i, item] of (taxonomy.fields ?? []).entries()) {
    if (item?.values === undefined) continue;
    if (item.type !== undefined && item.type !== 'keyword' && item.type !== 'list')
      fail(['fields', i, 'values'], `${anA(item.type)} ${item.type} field has no vocabulary: values go with keyword or list`);
    const meaning = new Map<string, string>();
    for (const [value, spellings] of Object.entries(item.values)) {
      for (const [j, spelling] of (spellings ?? []).entries()) {
        if (spelling === undefined) continue;
        const key = keywordKey(spelling);
        const other = key !== value && Object.hasOwn(item.values, key) ? key : meaning.get(key);
        if (other !== undefined && other !== value) fail(['fields', i, 'values', value, j], `"${spelling}" already means ${other}`);
        meaning.set(key, value);
      }
    }
  }
  const owner = new Map<string, string>();
  for (const [i, type] of (taxonomy.event_types ?? []).entries()) {
    if (type === undefined) continue;
    if (type.side !== undefined && type.class === 'signal') fail(['event_types', i, 'side'], 'a signal has no side');
    for (const [j, alias] of (type.aliases ?? []).entries()) {
      if (alias === undefined || type.id === undefined) continue;
      const key = keywordKey(alias);
      const other = owner.get(key);
      if (other !== undefined && other !== type.id) fail(['event_types', i, 'aliases', j], `"${alias}" already means ${other}`);
      owner.set(key, type.id);
    }
  }
  return found;
}
