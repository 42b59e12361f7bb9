import type { Predicate, PredicateDocument, Scalar } from './predicate.ts';
import { readPredicate } from './predicate.ts';
import type { Criterion, Rubric } from './rubric.ts';
import type { Taxonomy } from './taxonomy.ts';
import { anA, codeText, isPlural, lowered, numberText, orList, plural, pointsText, sentenceCase, valueText, windowText } from './words.ts';

/** The names that sentences use: a taxonomy's labels, or the keys themselves without one. */
export interface Labels {
  field(name: string): string;
  /** The label of an event type or signal, for one of them. */
  event(type: string): string;
  /** A value of a field as it reads. */
  value(field: string, value: Scalar): string;
}

/** Labels of a taxonomy; what it does not declare is named by its key. */
export function labelsOf(taxonomy: Pick<Taxonomy, 'fields' | 'event_types'> | undefined): Labels {
  const fields = new Map(taxonomy?.fields.map((f) => [f.name, lowered(f.label)]));
  const types = new Map(taxonomy?.fields.map((f) => [f.name, f.type]));
  const events = new Map(taxonomy?.event_types.map((t) => [t.id, lowered(t.label)]));
  return {
    field: (name) => fields.get(name) ?? name.slice(name.indexOf('.') + 1).replaceAll('_', ' '),
    event: (type) => events.get(type) ?? `${type.replaceAll('_', '-')} event`,
    value: (name, value) => valueText(value, types.get(name) ?? (name.endsWith('.country') ? 'country' : 'keyword')),
  };
}

const KEYS = labelsOf(undefined);

/** A predicate as an English clause: `industry is software or fintech`. */
export function predicateSentence(predicate: Predicate | PredicateDocument, labels: Labels = KEYS): string {
  return clause('op' in predicate ? predicate : readPredicate(predicate as PredicateDocument), labels, false);
}

function clause(p: Predicate, labels: Labels, negated: boolean): string {
  switch (p.op) {
    case 'all':
    case 'any':
      return negated ? `it does not hold that (${clause(p, labels, false)})` : joined(p, labels);
    case 'not':
      return clause(p.of, labels, !negated);
    case 'count':
      return countClause(p, labels, negated);
    case 'signal':
      return `${negated ? 'no' : anA(labels.event(p.type))} ${labels.event(p.type)} in the last ${windowText(p.withinDays)}`;
    default:
      return fieldClause(p, labels, negated);
  }
}

function joined(p: Extract<Predicate, { op: 'all' | 'any' }>, labels: Labels): string {
  const parts = p.of.map((part) => {
    const text = clause(part, labels, false);
    const compound = (part.op === 'all' || part.op === 'any') && part.of.length > 1;
    return compound && p.of.length > 1 ? `(${text})` : text;
  });
  const word = p.op === 'all' ? 'and' : 'or';
  // a comma where a part has an "or" or "and" of its own
  return parts.join(parts.some((text) => / (or|and) /.test(text) && !text.startsWith('(')) ? `, ${word} ` : ` ${word} `);
}

type FieldTest = Extract<Predicate, { field: string }>;

function fieldClause(p: FieldTest, labels: Labels, negated: boolean): string {
  const label = labels.field(p.field);
  const value = (v: Scalar) => labels.value(p.field, v);
  const not = negated ? ' not' : '';
  switch (p.op) {
    case 'eq':
      return `${label} ${be(label)}${not} ${value(p.value)}`;
    case 'in':
      return `${label} ${be(label)}${negated && p.values.length > 1 ? ' none of' : not} ${orList(p.values.map(value))}`;
    case 'in_list':
      return `${label} ${be(label)}${not} on the list ${p.list.replaceAll('_', ' ')}`;
    case 'exists':
      return `${label} ${be(label)} ${p.exists === negated ? 'unknown' : 'known'}`;
    case 'has': {
      const many = be(label) === 'are';
      const includes = negated ? `${many ? 'do' : 'does'} not include` : many ? 'include' : 'includes';
      return `${label} ${includes} ${orList(p.values.map(value))}`;
    }
    case 'range':
      return typeof (p.min ?? p.max) === 'string' ? datesClause(p, label, not) : numbersClause(p, label, negated);
  }
}

/** `are` for a label that names several: employees, technologies. */
function be(label: string): 'is' | 'are' {
  return isPlural(label) ? 'are' : 'is';
}

type Bounds = { min: Scalar | undefined; max: Scalar | undefined };

function datesClause({ min, max }: Bounds, label: string, not: string): string {
  const span = min === undefined ? `on or before ${max}` : max === undefined ? `on or after ${min}` : `between ${min} and ${max}`;
  return `${label} ${be(label)}${not} ${span}`;
}

function numbersClause({ min, max }: Bounds, label: string, negated: boolean): string {
  const [low, high] = [numberText(Number(min)), numberText(Number(max))];
  const not = negated ? 'not ' : '';
  if (negated && max === undefined) return `${label} ${be(label)} below ${low}`;
  if (negated && min === undefined) return `${label} ${be(label)} above ${high}`;
  if (min === max) return `${label} ${be(label)} ${not}${low}`;
  const amount = max === undefined ? `${low} or more` : min === undefined ? `at most ${high}` : `between ${low} and ${high}`;
  // a label that counts things follows its number: between 50 and 199 employees
  return isPlural(label) ? `${not}${amount} ${label}` : `${label} is ${not}${amount}`;
}

function countClause(p: Extract<Predicate, { op: 'count' }>, labels: Labels, negated: boolean): string {
  const { min, max } = p;
  const [first] = p.types;
  const things = (n: number | undefined) => {
    if (p.types.length === 1 && first !== undefined) return n === 1 ? labels.event(first) : plural(labels.event(first));
    return `${n === 1 ? 'event' : 'events'} (${orList(p.types.map((type) => labels.event(type)))})`;
  };
  const within = `in the last ${windowText(p.windowDays)}`;
  const said = (amount: string, n?: number) => `${amount} ${things(n)} ${within}`;
  if (min !== undefined && max !== undefined) {
    const amount = min === max ? `exactly ${numberText(min)}` : `between ${numberText(min)} and ${numberText(max)}`;
    return said(negated ? `not ${amount}` : amount, min === max ? min : undefined);
  }
  if (min !== undefined) {
    if (negated) return min === 1 ? said('no') : said(`fewer than ${numberText(min)}`, min);
    return min === 1 ? said('at least one', 1) : said(`${numberText(min)} or more`);
  }
  const most = max ?? 0;
  if (negated) return most === 0 ? said('at least one', 1) : said(`more than ${numberText(most)}`, most);
  return most === 0 ? said('no') : said(`at most ${numberText(most)}`, most);
}

/** What a criterion rewards: `between 50 and 199 employees earns 10 points; …`. */
export function criterionSentence(criterion: Criterion, labels: Labels = KEYS): string {
  const { when, bands, events, signal } = criterion;
  const unknown =
    criterion.missing === undefined || criterion.missing === 0 ? '' : `; while that is unknown, it ${pointsText(criterion.missing)}`;
  const worth = pointsText(criterion.points ?? 0);
  if (when !== undefined) return `${predicateSentence(when, labels)} ${worth}${unknown}`;
  if (signal !== undefined) return `${clause({ op: 'signal', type: signal.type, withinDays: signal.within_days }, labels, false)} ${worth}`;
  if (bands !== undefined) return `${bandsText(bands.steps, labels.field(bands.field))}${unknown}`;
  if (events === undefined) return worth;
  const types = events.types.map((type) => labels.event(type));
  const half = events.half_life_days === undefined ? '' : `, half as much with every ${windowText(events.half_life_days)} of age`;
  return `each ${orList(types)} of the last ${windowText(events.window_days)} ${pointsText(events.points)}${half}, at most ${numberText(events.cap)} in all`;
}

function bandsText(steps: readonly (readonly [number, number])[], label: string): string {
  const parts = steps.map(([from, points], i) => {
    const next = steps[i + 1]?.[0];
    const whole = steps.every(([bound]) => Number.isInteger(bound)) && isPlural(label);
    const amount =
      next === undefined
        ? `${numberText(from)} or more`
        : whole
          ? next - 1 === from
            ? numberText(from)
            : `between ${numberText(from)} and ${numberText(next - 1)}`
          : `from ${numberText(from)} to below ${numberText(next)}`;
    return `${amount}${i === 0 && isPlural(label) ? ` ${label}` : ''} ${pointsText(points)}`;
  });
  return isPlural(label) ? parts.join('; ') : `${label} ${parts.join('; ')}`;
}

/** What a disqualifier does: `domain is on the list competitors disqualifies (REL-02: vendor, student or competitor)`. */
export function disqualifierSentence(
  disqualifier: NonNullable<Rubric['disqualify']>[number],
  labels: Labels = KEYS,
  codes?: readonly { code: string; reason: string }[],
): string {
  return `${predicateSentence(disqualifier.when, labels)} disqualifies (${codeText(disqualifier.reason, codes)})`;
}

/** A clause as a sentence: a capital at its start, a full stop at its end. */
export function asSentence(text: string): string {
  return `${sentenceCase(text)}.`;
}
