import { getDomain } from 'tldts';
import { ISO_DATE, isIsoDate } from '../../kernel/dates.ts';
import { nearest } from '../../kernel/nearest.ts';
import { keywordKey } from './keyword.ts';
import type { PredicateDocument, Scalar } from './predicate.ts';
import type { Holed, Located, Path } from './problems.ts';
import type { EventType, FieldType, Taxonomy, TaxonomyField } from './taxonomy.ts';
import { anA } from './words.ts';

type Entity = 'account' | 'person' | 'opportunity';

export interface Surroundings {
  taxonomy: Taxonomy;
  /** Whose fields may be read here. */
  entities: readonly Entity[];
  /** The lists that in_list may name; undefined where there are none. */
  lists?: Holed<Record<string, string[]>> | undefined;
}

/** Checks what a predicate names: fields, operators, constants, events and signals. */
export function checkPredicate(p: Holed<PredicateDocument> | undefined, path: Path, around: Surroundings): Located[] {
  if (p === undefined) return [];
  if (p.field !== undefined) return checkFieldTest(p, p.field, path, around);
  if (p.count !== undefined) return checkTypes(p.count.types, [...path, 'count', 'types'], 'engagement', around.taxonomy);
  if (p.signal !== undefined) return checkTypes(p.signal.type, [...path, 'signal', 'type'], 'signal', around.taxonomy);
  if (p.not !== undefined) return checkPredicate(p.not, [...path, 'not'], around);
  const key = p.all !== undefined ? 'all' : 'any';
  return (p[key] ?? []).flatMap((part, i) => checkPredicate(part, [...path, key, i], around));
}

/** Checks that event types exist and are of the class that the place takes. */
export function checkTypes(
  types: string | readonly (string | undefined)[] | undefined,
  path: Path,
  wanted: EventType['class'],
  taxonomy: Taxonomy,
): Located[] {
  if (types === undefined) return [];
  if (typeof types === 'string') return checkType(types, path, wanted, taxonomy);
  return types.flatMap((type, i) => (type === undefined ? [] : checkType(type, [...path, i], wanted, taxonomy)));
}

function checkType(type: string, path: Path, wanted: EventType['class'], taxonomy: Taxonomy): Located[] {
  const found = taxonomy.event_types.find((t) => t.id === type);
  if (found?.class === wanted) return [];
  if (found === undefined) {
    const ids = taxonomy.event_types.filter((t) => t.class === wanted).map((t) => t.id);
    return [{ path, message: `the taxonomy has no ${wanted} type "${type}"${suggestion(type, ids)}` }];
  }
  const right = found.class === 'signal' ? 'test it with signal: { type, within_days }' : 'count it with events or count';
  return [
    {
      path,
      message: `"${type}" is ${anA(found.class)} ${found.class} type, and this place takes ${anA(wanted)} ${wanted} type; ${right}`,
    },
  ];
}

/** The declared field, or the problem of naming it here. */
export function checkField(name: string, path: Path, around: Surroundings): TaxonomyField | Located {
  const field = around.taxonomy.fields.find((f) => f.name === name);
  if (field === undefined)
    return {
      path,
      message: `the taxonomy declares no field ${name}${suggestion(
        name,
        around.taxonomy.fields.map((f) => f.name),
      )}`,
    };
  const entity = name.slice(0, name.indexOf('.')) as Entity;
  if (around.entities.includes(entity)) return field;
  return { path, message: `${name} cannot be read here: only fields of ${around.entities.join(' and ')}` };
}

export function suggestion(word: string, words: readonly string[]): string {
  const near = nearest(word, words);
  if (near !== undefined) return `; did you mean ${near}?`;
  const shown = words.slice(0, 30).join(', ');
  return words.length === 0 ? '' : `; there are ${shown}${words.length > 30 ? ` and ${words.length - 30} more` : ''}`;
}

const OPERATORS: Record<FieldType, readonly string[]> = {
  keyword: ['eq', 'in', 'in_list', 'exists'],
  text: ['eq', 'in', 'in_list', 'exists'],
  integer: ['eq', 'in', 'range', 'exists'],
  number: ['eq', 'in', 'range', 'exists'],
  boolean: ['eq', 'exists'],
  date: ['eq', 'in', 'range', 'exists'],
  list: ['has', 'exists'],
  domain: ['eq', 'in', 'in_list', 'exists'],
  email: ['eq', 'in', 'in_list', 'exists'],
  url: ['eq', 'in', 'in_list', 'exists'],
  phone: ['eq', 'in', 'in_list', 'exists'],
  country: ['eq', 'in', 'in_list', 'exists'],
};

function checkFieldTest(p: Holed<PredicateDocument>, name: string, path: Path, around: Surroundings): Located[] {
  const field = checkField(name, [...path, 'field'], around);
  if (!('type' in field)) return [field];
  const operator = (['eq', 'in', 'in_list', 'range', 'exists', 'has'] as const).find((key) => p[key] !== undefined);
  if (operator === undefined) return [];
  const at = [...path, operator];
  if (!OPERATORS[field.type].includes(operator))
    return [{ path: at, message: `${name} is ${anA(field.type)} ${field.type} field: it takes ${OPERATORS[field.type].join(', ')}` }];
  if (operator === 'in_list') return checkList(p.in_list ?? '', at, field, around);
  const constants: [Path, Scalar][] = [];
  if (p.eq !== undefined) constants.push([at, p.eq]);
  for (const [i, value] of (p.in ?? p.has ?? []).entries()) if (value !== undefined) constants.push([[...at, i], value]);
  for (const key of ['min', 'max'] as const) {
    const value = p.range?.[key];
    if (value !== undefined) constants.push([[...at, key], value]);
  }
  return constants.flatMap(([where, value]) => {
    const message = checkConstant(value, field, operator === 'range');
    return message === undefined ? [] : [{ path: where, message }];
  });
}

function checkList(name: string, path: Path, field: TaxonomyField, around: Surroundings): Located[] {
  if (around.lists === undefined) return [{ path, message: 'in_list is for rubrics: its lists are part of the rubric; use in here' }];
  // a list that is not there is the rubric's own problem
  const list = Object.hasOwn(around.lists, name) ? (around.lists[name] ?? []) : [];
  return list.flatMap((value, i) => {
    const message = value === undefined ? undefined : checkConstant(value, field, false);
    return message === undefined ? [] : [{ path: ['lists', name, i], message: `${message} (the list is compared with ${field.name})` }];
  });
}

/** Why a constant can never equal a value of the field, or undefined. */
export function checkConstant(value: Scalar, field: Pick<TaxonomyField, 'type' | 'name' | 'values'>, isBound: boolean): string | undefined {
  const { type, name } = field;
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : `${name} is a boolean field: write true or false`;
  if (type === 'integer' || type === 'number') {
    if (typeof value !== 'number') return `${name} is ${anA(type)} ${type} field: write a number without quotes`;
    return type === 'integer' && !isBound && !Number.isInteger(value) ? `${name} is an integer field: ${value} never occurs` : undefined;
  }
  if (typeof value !== 'string') return `${name} is ${anA(type)} ${type} field: write text, in quotes where YAML would read something else`;
  if (type === 'date') return isIsoDate(value) ? undefined : `${name} is a date field: write ${ISO_DATE}`;
  const written = normalForm(value, type);
  if (written === undefined)
    return type === 'country' ? 'a country is written as its two letters, as in us or de' : 'write letters or digits';
  if (written !== value)
    return `write it as ${written}: ${name} is ${anA(type)} ${type} field, and that is the form its values are stored in`;
  return type === 'keyword' || type === 'list' ? checkVocabulary(value, field) : undefined;
}

function normalForm(value: string, type: FieldType): string | undefined {
  switch (type) {
    case 'keyword':
    case 'list':
      return keywordKey(value) || undefined;
    case 'country':
      return countryCode(value);
    case 'domain':
      return getDomain(value) ?? value.trim().toLowerCase();
    case 'email':
      return value.trim().toLowerCase();
    case 'text':
      return value.normalize('NFC').trim().replace(/\s+/g, ' ');
    default:
      return value.trim();
  }
}

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** ISO 3166-1 alpha-2 in lower case; undefined for what is no country. */
export function countryCode(value: string): string | undefined {
  const code = value.trim().toLowerCase();
  if (code === 'uk') return 'gb';
  return /^[a-z]{2}$/.test(code) && regions.of(code.toUpperCase()) !== undefined ? code : undefined;
}

/** Another spelling of a value never occurs, because entry replaces it. */
function checkVocabulary(value: string, field: Pick<TaxonomyField, 'name' | 'values'>): string | undefined {
  if (field.values === undefined || Object.hasOwn(field.values, value)) return undefined;
  for (const [known, spellings] of Object.entries(field.values)) {
    if (spellings.some((spelling) => keywordKey(spelling) === value)) return `write it as ${known}: ${field.name} stores "${value}" so`;
  }
  return undefined;
}
