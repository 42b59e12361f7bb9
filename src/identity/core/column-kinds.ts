import { z } from 'zod';
import {
  BIRTH_PARTS,
  ELSEWHERE,
  IDENTIFIER_OR_ID,
  MAILED_TO,
  NAMED_HEADERS,
  OF_PEOPLE,
  PERHAPS_ID,
  SOMEBODY_ELSE,
} from './column-headers.ts';
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

/** The rows by which columns are guessed: all of most files, so that the order of the rows is of no account there. */
export class GuessedRows {
  readonly cells: (readonly string[])[] = [];
  #characters = 0;

  add(cells: readonly string[]): void {
    this.cells.push(cells);
    for (const cell of cells) this.#characters += cell.length;
  }

  get isEnough(): boolean {
    return this.cells.length >= MOST_ROWS || this.#characters >= MOST_CHARACTERS;
  }
}

const MOST_ROWS = 20_000;
/** Of wide rows fewer do. */
const MOST_CHARACTERS = 10_000_000;

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
    return named === undefined ? { column, kind: byValues(column, values), why: 'values' } : { column, kind: named, why: 'header' };
  });
  joinDate(guesses);
  settleDates(guesses, sample);
  settleWhose(guesses);
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
    if (kind === 'postcode' && words === 'area code' && shareOf(values, isPostcode) < 0.8) continue;
    if (kind === 'date' && values.length > 0 && shareOf(values, isDate) < 0.5) continue;
    return kind;
  }
  return undefined;
}

function byValues(column: string, values: readonly string[]): ColumnKind {
  if (values.length === 0) return 'ignore';
  if (shareOf(values, isEmail) > 0.6) return 'email';
  if (shareOf(values, isDomain) > 0.8) return 'domain';
  if (!PERHAPS_ID.test(headerWords(column)) && shareOf(values, isPhone) > 0.8) return 'phone';
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
const isPostcode = (text: string) => /^\d{4,6}$/.test(text);
const isStreet = (text: string) =>
  text.length < 200 &&
  /\d/.test(text) &&
  /\b(?:street|st|road|rd|avenue|ave|drive|dr|lane|ln|court|ct|place|boulevard|blvd|way)\b/i.test(text);
const isNumber = (text: string) => text.length < 40 && /^[-+]?[\d.,\s%€$£]+$/.test(text);
const isDate = (text: string) => text.length < 40 && /\d{4}|\d{1,2}[./-](?:\d{1,2}|[a-z]{3,9})[./-]\d{2}/i.test(text);
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

/** Where there is a whole date, a year beside it says no more, and is often of something else: when the row was written. */
function settleDates(guesses: readonly GuessedColumn[], sample: readonly (readonly string[])[]): void {
  const isOpen = ({ kind, why, column }: GuessedColumn) => kind === 'date' && why !== 'given' && !isCut(guesses, column);
  const isYears = (i: number) => shareOf(valuesOf(sample, i), (text) => /^[12]\d{3}(?:\.0)?$/.test(text)) > 0.8;
  if (!guesses.some((guess, i) => guess.kind === 'date' && !isCut(guesses, guess.column) && !isYears(i))) return;
  for (const [i, guess] of guesses.entries()) if (isOpen(guess) && isYears(i)) guess.kind = 'ignore';
}

/** True where the column is a part of a date that all its parts make. */
function isCut(guesses: readonly GuessedColumn[], column: string): boolean {
  const has = new Set(guesses.flatMap((other) => (other.kind === 'date' ? (datePartOf(other.column) ?? []) : [])));
  return has.size === DATE_PARTS.length && datePartOf(column) !== null;
}

/** Kinds of which a person has one, or several that are alike: those of an employer or a spouse beside them are not the person's. */
const OWN_NAMES: ReadonlySet<ColumnKind> = new Set(['first_name', 'last_name', 'full_name']);
const OWN_PLACES: ReadonlySet<ColumnKind> = new Set(['address', 'city', 'postcode', 'country']);
const OWN_KINDS: ReadonlySet<ColumnKind> = new Set([...OWN_NAMES, ...OWN_PLACES, 'email', 'phone', 'date']);

/** How far from the person a column is, by its header: 0 is what nothing is said of. */
function distanceOf({ column, kind }: GuessedColumn): number {
  const words = headerWords(column);
  if (SOMEBODY_ELSE.test(words)) return 3;
  if (!OWN_PLACES.has(kind)) return 0;
  return ELSEWHERE.test(words) ? 2 : MAILED_TO.test(words) ? 1 : 0;
}

/** Of each kind the nearest count; what the employer is known by is shared by all who work there. What else there is of a name may still tell people apart: that of the mother. */
function settleWhose(guesses: readonly GuessedColumn[]): void {
  const isOfNamed = guesses.some(({ kind }) => OWN_NAMES.has(kind));
  for (const guess of guesses)
    if (isOfNamed && guess.kind === 'identifier' && guess.why !== 'given' && ELSEWHERE.test(headerWords(guess.column)))
      guess.kind = 'ignore';
  for (const kind of OWN_KINDS) {
    const alike = guesses.filter((guess) => guess.kind === kind);
    const nearest = Math.min(...alike.map(distanceOf));
    for (const guess of alike)
      if (guess.why !== 'given' && distanceOf(guess) > nearest) guess.kind = OWN_NAMES.has(kind) ? 'text' : 'ignore';
  }
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
        : has('company') || isOfPeople(guesses) || looksLikePeople(valuesOf(sample, i)) || isInMailboxes(guesses, sample, i)
          ? 'full_name'
          : 'company';
    guess.kind = isPerson;
  }
}

function isOfPeople(guesses: readonly GuessedColumn[]): boolean {
  return guesses.some(({ column, kind }) => OF_PEOPLE.test(headerWords(column)) || (kind === 'date' && BIRTH.test(headerWords(column))));
}
const BIRTH = /\b(?:birth|born|dob)/;

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
