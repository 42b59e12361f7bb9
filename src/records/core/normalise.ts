import { keywordKey } from '../../definitions/core/keyword.ts';
import type { FieldType, TaxonomyField } from '../../definitions/core/taxonomy.ts';
import type { Json } from '../../kernel/canonical-json.ts';
import { readDomain, readEmail, readUrl } from './normalise-address.ts';
import { type CountryNames, readCountry } from './normalise-country.ts';
import { type DateOrder, readDate } from './normalise-date.ts';
import { type DecimalMark, readInteger, readNumber } from './normalise-number.ts';
import { isBlank, type Reading, readText, unstorable } from './reading.ts';

/** How a file writes what can be written in more than one way. */
export interface ReadingOptions {
  countries: CountryNames;
  dateOrder?: DateOrder | undefined;
  decimal?: DecimalMark | undefined;
}

/** Reads a cell: text from CSV, any JSON value from JSONL. */
export type CellReader = (raw: unknown) => Reading;

const TRUE = /^(?:true|t|yes|y|1|on|checked|ja|oui|si|sí|x)$/i;
const FALSE = /^(?:false|f|no|n|0|off|unchecked|nein|non)$/i;
/** Longer cells are no value of the type, and are not looked at. */
const LONGEST: Readonly<Record<FieldType, number>> = {
  keyword: 1000,
  text: 32_768,
  integer: 100,
  number: 100,
  boolean: 100,
  date: 100,
  list: 32_768,
  domain: 2048,
  email: 500,
  url: 2048,
  phone: 200,
  country: 200,
};
const REMEMBERED = 5_000;
const TRIED = 2_000;

/** The reader of a declared field. It never throws, and reading what it gave gives the same again. */
export function fieldReader(field: TaxonomyField, options: ReadingOptions): CellReader {
  const read = readerOf(field.type, vocabularyOf(field), options);
  const remembered = new Remembered();
  return (raw) => {
    if (raw === null || raw === undefined || raw === '') return undefined;
    if (typeof raw !== 'string') return fromJson(raw, field.type, read);
    return remembered.get(raw) ?? remembered.set(raw, fromString(raw, field.type, read));
  };
}

/** The readings of recent cells: in most columns the same few values recur. In a column where they do not, it gives up. */
class Remembered {
  #readings: Map<string, Reading> | undefined = new Map();
  #asked = 0;
  #found = 0;

  get(raw: string): Reading {
    if (this.#readings === undefined) return undefined;
    this.#asked += 1;
    const reading = this.#readings.get(raw);
    if (reading !== undefined) this.#found += 1;
    else if (this.#asked === TRIED && this.#found < TRIED / 4) this.#readings = undefined;
    return reading;
  }

  set(raw: string, reading: Reading): Reading {
    if (this.#readings !== undefined && this.#readings.size < REMEMBERED && raw.length <= 100) this.#readings.set(raw, reading);
    return reading;
  }
}

function fromString(raw: string, type: FieldType, read: (text: string) => Reading): Reading {
  if (raw.length > LONGEST[type])
    return { reason: `is longer than ${LONGEST[type].toLocaleString('en-US')} characters, too long for ${type}` };
  const problem = unstorable(raw);
  return problem === undefined ? read(raw) : { reason: problem };
}

function fromJson(raw: unknown, type: FieldType, read: (text: string) => Reading): Reading {
  if (typeof raw === 'boolean' && (type === 'boolean' || type === 'keyword' || type === 'text')) return read(String(raw));
  if (typeof raw === 'number') {
    if (type === 'number' || type === 'integer') {
      if (type === 'integer' && !Number.isSafeInteger(raw)) return { reason: 'is not a whole number' };
      return Number.isFinite(raw) && Math.abs(raw) <= 1e15 ? { value: raw === 0 ? 0 : raw } : { reason: 'is beyond 1,000,000,000,000,000' };
    }
    return fromString(String(raw), type, read);
  }
  if (Array.isArray(raw) && type === 'list') {
    const values = new Set<string>();
    for (const item of raw) {
      if (typeof item === 'object' && item !== null) return { reason: 'is a list of objects, where a list of words is wanted' };
      const reading = item === null ? undefined : fromString(String(item), type, (text) => read(text.replace(/[;,|\n]/g, ' ')));
      if (reading !== undefined && 'reason' in reading) return reading;
      for (const value of (reading?.value ?? []) as readonly string[]) values.add(value);
    }
    return values.size === 0 ? undefined : { value: [...values].sort() };
  }
  return {
    reason: `is ${Array.isArray(raw) ? 'a list' : typeof raw === 'object' ? 'an object' : `a ${typeof raw}`}, where ${type} is wanted`,
  };
}

function readerOf(type: FieldType, vocabulary: ReadonlyMap<string, string>, options: ReadingOptions): (text: string) => Reading {
  switch (type) {
    case 'text':
      return readText;
    case 'phone':
      return (text) => (isBlank(text.trim()) ? undefined : readText(text));
    case 'keyword':
      return (text) => keyword(text, vocabulary);
    case 'list':
      return (text) => list(text, vocabulary);
    case 'integer':
      return (text) => readInteger(text, options.decimal);
    case 'number':
      return (text) => readNumber(text, options.decimal);
    case 'boolean':
      return readBoolean;
    case 'date':
      return (text) => readDate(text, options.dateOrder);
    case 'domain':
      return readDomain;
    case 'email':
      return readEmail;
    case 'url':
      return readUrl;
    case 'country':
      return (text) => readCountry(text, options.countries);
  }
}

function vocabularyOf(field: TaxonomyField): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(field.values ?? {}).flatMap(([value, spellings]) => [
      [value, value] as const,
      ...spellings.map((spelling) => [keywordKey(spelling), value] as const),
    ]),
  );
}

function keyword(text: string, vocabulary: ReadonlyMap<string, string>): Reading<string> {
  if (isBlank(text.trim())) return undefined;
  const key = keywordKey(text);
  return key === '' ? undefined : { value: vocabulary.get(key) ?? key };
}

/** Parts at `;`, else at line ends, `|` or commas. */
function list(text: string, vocabulary: ReadonlyMap<string, string>): Reading<Json> {
  const inner = /^\s*\[(.*)\]\s*$/s.exec(text)?.[1] ?? text;
  const separator = [';', '\n', '|', ','].find((mark) => inner.includes(mark)) ?? ',';
  const values = new Set<string>();
  for (const part of inner.split(separator)) {
    const reading = keyword(part, vocabulary);
    if (reading !== undefined && 'value' in reading) values.add(reading.value);
  }
  return values.size === 0 ? undefined : { value: [...values].sort() };
}

function readBoolean(raw: string): Reading<boolean> {
  const text = raw.trim();
  if (isBlank(text)) return undefined;
  if (TRUE.test(text)) return { value: true };
  return FALSE.test(text) ? { value: false } : { reason: 'is neither yes nor no' };
}
