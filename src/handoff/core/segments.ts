import type { PredicateDocument } from '../../definitions/core/predicate.ts';
import type { SEGMENT_ACTIONS, Taxonomy } from '../../definitions/core/taxonomy.ts';

/** A side of leads by which rejections are compared. */
export type Side = NonNullable<Taxonomy['compare_by']>[number];
export type SegmentAction = (typeof SEGMENT_ACTIONS)[number];

/** A segment of leads that is dealt with before a hand-off, as the taxonomy writes them down. */
export interface ActiveRule {
  /** Of a rule that was proposed here its id; else the taxonomy's. */
  id: string;
  label: string;
  when: PredicateDocument;
  rule: SegmentAction;
  /** The rejection code that led to it. */
  because: string;
  /** YYYY-MM-DD; null: not said. */
  since: string | null;
  /** Of `reroute`: the owners that sent such leads on. */
  not: readonly string[];
}

/**
 * The leads of a segment as a predicate.
 * @param segment a value of the side's field, of a number in steps the step it fell into; null: it is not known
 */
export function segmentWhen({ field, steps }: Side, segment: string | null, fields: Taxonomy['fields']): PredicateDocument {
  const [lowest] = steps ?? [];
  if (segment === null) {
    const unknown = { field, exists: false };
    return lowest === undefined ? unknown : { any: [unknown, { not: { field, range: { min: lowest } } }] };
  }
  const type = fields.find(({ name }) => name === field)?.type;
  if (steps === undefined) return { field, eq: typed(segment, type) };
  const min = Number(segment);
  const next = steps.find((step) => step > min);
  if (next === undefined) return { field, range: { min } };
  if (type === 'integer') return { field, range: { min, max: Math.ceil(next) - 1 } };
  return { all: [{ field, range: { min } }, { not: { field, range: { min: next } } }] };
}

function typed(segment: string, type: Taxonomy['fields'][number]['type'] | undefined): string | number | boolean {
  if (type === 'integer' || type === 'number') return Number(segment);
  return type === 'boolean' ? segment === 'true' : segment;
}

/** `Company size: 50 up to 200`, `Industry: software`, `Country: not known`. */
export function segmentLabel({ label, steps }: Side, segment: string | null): string {
  if (segment === null) return `${label}: not known`;
  if (steps === undefined) return `${label}: ${segment.replaceAll('_', ' ')}`;
  const next = steps.find((step) => step > Number(segment));
  return next === undefined ? `${label}: ${segment} and more` : `${label}: ${segment} up to ${next}`;
}
