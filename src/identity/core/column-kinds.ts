import { z } from 'zod';
import { BIRTH_PARTS, IDENTIFIER_OR_ID, NAMED_HEADERS, PERHAPS_ID } from './column-headers.ts';
import { looksLikePeople, nameKey } from './read-values.ts';

/** What a column of a file holds, as far as matching goes. */
export const COLUMN_KINDS = [
  'id',
  'first_name',
  'last_name',
  'full_name',
  'email',
  'phone',
  'company',
  'domain',
  'address',
  'city',
  'postcode',
  'country',
  'date',
  'identifier',
  'text',
  'ignore',
] as const;
export const columnKindSchema = z.enum(COLUMN_KINDS);
export type ColumnKind = z.infer<typeof columnKindSchema>;

export interface GuessedColumn {
  column: string;
  kind: ColumnKind;
  /** What spoke for it: the mapping given, the header, or the values. */
  why: 'given' | 'header' | 'values';
}

/** The parts of a date, the greatest first. */
export const DATE_PARTS = ['year', 'month', 'day'] as const;

/** Which part of a date of birth a column holds by its header; null for another. */
export function datePartOf(header: string): (typeof DATE_PARTS)[number] | null {
  const words = headerWords(header);
  return DATE_PARTS.find((part) => BIRTH_PARTS[part].test(words)) ?? null;
}

/**
 * What each column of a file holds, by its header and its first values.
 * @param columns names, as in the header
 * @param sample some rows of cells, in the order of the columns
 * @param given column → kind, which no guess overrides
 */
export function guessColumnKinds(
  columns: readonly string[],
  sample: readonly (readonly string[])[],
  given: ReadonlyMap<string, ColumnKind> = new Map(),
): GuessedColumn[] {
  const guesses = columns.map((column, i): GuessedColumn => {
    const said = given.get(column);
    if (said !== undefined) return { column, kind: said, why: 'given' };
    const values = valuesOf(sample, i);
    const named = byHeader(column, values);
    return named === undefined ? { column, kind: byValues(values), why: 'values' } : { column, kind: named, why: 'header' };
  });
  joinDate(guesses);
  chooseId(guesses, sample);
  settleNames(guesses, sample);
  return guesses;
}

function valuesOf(sample: readonly (readonly string[])[], column: number): string[] {
  return sample.map((cells) => (cells[column] ?? '').trim()).filter((cell) => cell !== '');
}

/**
 * A header in lower case without accents, its words and numbers apart: `soc_sec_id` and `SocSecId` are `soc sec id`, `Tel2 (Büro)` is
 * `tel 2`.
 */
export function headerWords(header: string): string {
  const words = (text: string) =>
    text
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
      .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
      .replace(/(\p{L})(\p{N})/gu, '$1 $2')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
  // what stands in brackets explains the rest
  return words(header.slice(0, LONGEST_HEADER).replace(/\([^)]*\)/g, ' ')) || words(header.slice(0, LONGEST_HEADER));
}

const LONGEST_HEADER = 200;

function byHeader(column: string, values: readonly string[]): ColumnKind | undefined {
  const words = headerWords(column);
  for (const [pattern, kind] of NAMED_HEADERS) {
    if (!pattern.test(words)) continue;
    // a header promises what the values must keep
    if (words === 'label' && shareOf(values, isWordy) > 0.2) return 'company';
    if (kind === 'email' && values.length > 0 && shareOf(values, isEmail) < 0.3) continue;
    if (kind === 'domain' && values.length > 0 && shareOf(values, isDomain) < 0.5) continue;
    if (kind === 'date' && values.length > 0 && shareOf(values, isDate) < 0.5) continue;
    return kind;
  }
  return undefined;
}

function byValues(values: readonly string[]): ColumnKind {
  if (values.length === 0) return 'ignore';
  if (shareOf(values, isEmail) > 0.6) return 'email';
  if (shareOf(values, isDomain) > 0.8) return 'domain';
  if (shareOf(values, isPhone) > 0.8) return 'phone';
  if (shareOf(values, isBritishPostcode) > 0.8) return 'postcode';
  if (shareOf(values, isStreet) > 0.6) return 'address';
  if (shareOf(values, isNumber) > 0.8 || shareOf(values, isTimestamp) > 0.5) return 'ignore';
  return 'text';
}

const isWordy = (text: string) => /\p{L}{2,}\s+\p{L}/u.test(text);
const isEmail = (text: string) => /^[^\s@]{1,64}@[^\s@]{1,255}$/.test(text);
const isDomain = (text: string) => text.length < 300 && /^(?:https?:\/\/)?(?:[\p{L}\d-]{1,63}\.){1,8}\p{L}{2,24}(?:[/:?].*)?$/u.test(text);
const isPhone = (text: string) =>
  text.length < 30 && /^\+?[\d\s().\-/]{7,}$/.test(text) && /^(?:\D*\d){9,15}\D*$/.test(text) && /^\+|[^\d]/.test(text);
const isBritishPostcode = (text: string) => /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i.test(text);
const isStreet = (text: string) =>
  text.length < 200 &&
  /\d/.test(text) &&
  /\b(?:street|st|road|rd|avenue|ave|drive|dr|lane|ln|court|ct|place|boulevard|blvd|way)\b/i.test(text);
const isNumber = (text: string) => text.length < 40 && /^[-+]?[\d.,\s%€$£]+$/.test(text);
const isDate = (text: string) => text.length < 40 && /\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}/.test(text);
const isTimestamp = (text: string) => /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text);

function shareOf(values: readonly string[], test: (value: string) => boolean): number {
  return values.length === 0 ? 0 : values.filter(test).length / values.length;
}

/** Year, month and day of birth in columns of their own are one date, where all three are there. */
function joinDate(guesses: readonly GuessedColumn[]): void {
  const parts = guesses.filter(({ column, why }) => why !== 'given' && datePartOf(column) !== null);
  const has = new Set(parts.map(({ column }) => datePartOf(column)));
  if (has.size < DATE_PARTS.length) return;
  for (const part of parts) Object.assign(part, { kind: 'date', why: 'header' });
}

/** One id at most: the best named whose first values are all there and all different. */
function chooseId(guesses: GuessedColumn[], sample: readonly (readonly string[])[]): void {
  const said = guesses.some((guess) => guess.kind === 'id' && guess.why === 'given');
  let chosen = said;
  const isUnique = (i: number) => {
    const values = valuesOf(sample, i);
    return values.length === sample.length && new Set(values).size === values.length;
  };
  for (const [i, guess] of guesses.entries()) {
    if (guess.kind !== 'id' || guess.why === 'given') continue;
    if (chosen || !isUnique(i)) guess.kind = 'ignore';
    else chosen = true;
  }
  if (chosen || sample.length < 2) return;
  const isPerhaps = ({ column, kind, why }: GuessedColumn) =>
    (kind === 'identifier' && why === 'header' && IDENTIFIER_OR_ID.test(headerWords(column))) ||
    (why === 'values' && (kind === 'ignore' || kind === 'text') && PERHAPS_ID.test(headerWords(column)));
  const found = guesses.find((guess, i) => isPerhaps(guess) && isUnique(i));
  if (found !== undefined) Object.assign(found, { kind: 'id', why: 'header' });
}

const NAME_ONLY = /^(?:name|label|title name|label name|display name|record name)$/;

/** A column `name` is of people where other columns or its own values say so, else of organisations. */
function settleNames(guesses: GuessedColumn[], sample: readonly (readonly string[])[]): void {
  for (const [i, guess] of guesses.entries()) {
    const has = (kind: ColumnKind) => guesses.some((other) => other !== guess && other.kind === kind);
    if (guess.why === 'given' || guess.kind === 'ignore' || !NAME_ONLY.test(headerWords(guess.column))) continue;
    const isPerson =
      has('last_name') || has('first_name')
        ? 'full_name'
        : has('company') || looksLikePeople(valuesOf(sample, i)) || isInMailboxes(guesses, sample, i)
          ? 'full_name'
          : 'company';
    guess.kind = isPerson;
  }
}

/** True when many of the addresses beside the names have a word of the name before the @: they are people's. */
function isInMailboxes(guesses: readonly GuessedColumn[], sample: readonly (readonly string[])[], column: number): boolean {
  const mail = guesses.findIndex(({ kind }) => kind === 'email');
  const pairs = sample
    .map((cells) => [nameKey(cells[column] ?? '').split(' '), (cells[mail] ?? '').toLowerCase()] as const)
    .filter(([words, address]) => words[0] !== '' && address.includes('@'));
  const named = pairs.filter(([words, address]) => {
    const [local = '', domain = ''] = address.split('@');
    return words.some((word) => word.length > 2 && local.includes(word) && !domain.includes(word));
  });
  return pairs.length > 0 && named.length / pairs.length >= 0.4;
}
