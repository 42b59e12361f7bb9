import type { PredicateDocument } from '../../definitions/core/predicate.ts';
import type { Rubric } from '../../definitions/core/rubric.ts';
import type { EventType, Taxonomy, TaxonomyField } from '../../definitions/core/taxonomy.ts';

/** What a column of the outcome table was made of, so that a finding about it can be written as a predicate. */
export type Meaning =
  | { kind: 'keyword' | 'boolean' | 'number' | 'integer'; field: string }
  /** `yes` where the list has the value. */
  | { kind: 'has'; field: string; value: string }
  | { kind: 'count'; type: string; windowDays: number }
  | { kind: 'signal'; type: string; withinDays: number }
  /** The segment of the ICP that the account was in. */
  | { kind: 'segment' };

export const YES = 'yes';
export const NO = 'no';

/** Fields that a deal's course and end set, or that say who works on it: with them the outcome would foretell itself. */
const SET_BY_OUTCOME = new Set([
  'account.type',
  'account.lifecycle_stage',
  'account.renewal_date',
  'account.customer_since',
  'account.last_activity_date',
  'person.lifecycle_stage',
  'person.lead_status',
  'person.is_converted',
]);

const KIND_OF: Partial<Record<TaxonomyField['type'], 'keyword' | 'boolean' | 'number' | 'integer' | 'list'>> = {
  keyword: 'keyword',
  country: 'keyword',
  boolean: 'boolean',
  number: 'number',
  integer: 'integer',
  list: 'list',
};

export interface ReadField {
  name: string;
  /** Its key within `fields`. */
  key: string;
  label: string;
  entity: 'account' | 'person';
  kind: 'keyword' | 'boolean' | 'number' | 'integer' | 'list';
}

/** The fields of accounts and people that are held against the outcome, and those that never are because the outcome sets them. */
export function fieldsToRead(taxonomy: Pick<Taxonomy, 'fields'>): { read: ReadField[]; denied: { name: string; label: string }[] } {
  const read: ReadField[] = [];
  const denied: { name: string; label: string }[] = [];
  for (const { name, label, type } of taxonomy.fields) {
    const [entity, key = ''] = name.split('.');
    if (entity !== 'account' && entity !== 'person') continue;
    const kind = KIND_OF[type];
    if (SET_BY_OUTCOME.has(name)) denied.push({ name, label });
    // a person's country and the account's would be one word for two things
    else if (kind !== undefined) read.push({ name, key, label: entity === 'person' ? `${label} of the person` : label, entity, kind });
  }
  return { read, denied };
}

/** Days in which events and signals are counted where no criterion of the rubric says otherwise. */
const WINDOW = { engagement: 90, signal: 180 } as const;

/** A count of events or a look for a signal, over the window of the rubric's criterion where it has one. */
export interface WatchedEvent {
  name: string;
  label: string;
  meaning: Extract<Meaning, { kind: 'count' | 'signal' }>;
}

export function eventsToWatch({ event_types }: Pick<Taxonomy, 'event_types'>, rubric: Rubric): WatchedEvent[] {
  return event_types.map(({ id, label, class: of }) => {
    const days = windowOf(rubric, id, of) ?? WINDOW[of];
    const meaning: WatchedEvent['meaning'] =
      of === 'signal' ? { kind: 'signal', type: id, withinDays: days } : { kind: 'count', type: id, windowDays: days };
    return { name: `${of === 'signal' ? 'signal' : 'events'}.${id}`, label: `${label} in ${days} days`, meaning };
  });
}

function windowOf({ criteria }: Rubric, type: string, of: EventType['class']): number | undefined {
  for (const { events, signal } of criteria) {
    if (of === 'engagement' && events?.types.includes(type)) return events.window_days;
    if (of === 'signal' && signal?.type === type) return signal.within_days;
  }
  return undefined;
}

/** The part of a bin that a predicate can say. */
interface SaidBin {
  kind: 'level' | 'range' | 'other' | 'missing';
  level?: string;
  above?: number | null;
  to?: number | null;
}

/** A bin of a column as a predicate of the rubric; undefined for what no criterion can say. */
export function predicateOf(meaning: Meaning, bin: SaidBin): PredicateDocument | undefined {
  if (bin.kind === 'missing' || bin.kind === 'other' || meaning.kind === 'segment') return undefined;
  const { level } = bin;
  switch (meaning.kind) {
    case 'keyword':
      // longer than a predicate takes
      return level === undefined || level === '' || level.length > 200 ? undefined : { field: meaning.field, eq: level };
    case 'boolean':
      return { field: meaning.field, eq: level === YES };
    case 'has':
      return orNot(level, { field: meaning.field, has: [meaning.value] });
    case 'signal':
      return orNot(level, { signal: { type: meaning.type, within_days: meaning.withinDays } });
    case 'count':
      return wholeRange({ count: { types: [meaning.type], window_days: meaning.windowDays } }, bin);
    case 'integer':
      return wholeRange({ field: meaning.field }, bin);
    case 'number':
      return openRange({ field: meaning.field }, bin);
  }
}

const orNot = (level: string | undefined, test: PredicateDocument): PredicateDocument => (level === YES ? test : { not: test });

/** Ranges are closed at both ends, bins open at the lower: of whole numbers the next one begins. */
function wholeRange(subject: PredicateDocument, { above = null, to = null }: SaidBin): PredicateDocument | undefined {
  if (above === null && to === null) return undefined;
  return { ...subject, range: { ...(above !== null && { min: Math.floor(above) + 1 }), ...(to !== null && { max: Math.floor(to) }) } };
}

function openRange(subject: PredicateDocument, { above = null, to = null }: SaidBin): PredicateDocument | undefined {
  const upTo = to === null ? undefined : { ...subject, range: { max: to } };
  const beyond = above === null ? undefined : { not: { ...subject, range: { max: above } } };
  if (upTo !== undefined && beyond !== undefined) return { all: [upTo, beyond] };
  return upTo ?? beyond;
}
