import { MIDDLE_NAME } from './column-headers.ts';
import { headerWords } from './column-kinds.ts';
import { compareAddresses } from './compare-addresses.ts';
import { compareEmployers } from './compare-employers.ts';
import { compareMail } from './compare-mail.ts';
import { organisationNames } from './compare-organisation-names.ts';
import { comparePlaces } from './compare-places.ts';
import { compareOrganisations, compareWords, WORDS, WordWeights } from './compare-tokens.ts';
import { compareDates, compareIdentifiers, comparePhones, DATE, IDENTIFIER, PHONE } from './compare-values.ts';
import { type Comparison, shareOf } from './comparison.ts';
import { hashText } from './hash.ts';
import type { ComparisonKind } from './model.ts';
import { nameComparisons } from './name-comparisons.ts';
import { PairCache } from './pair-cache.ts';
import { hasCountries, phoneTail } from './phone-key.ts';
import { type Column, subjectOf, type Table } from './table.ts';
import { hashesOf, numbersOf } from './texts.ts';

/** Texts beyond these are left out: each adds a factor to the patterns that are counted. */
const MOST_TEXTS = 5;
const MOST_IDENTIFIERS = 3;
/** A name that fewer have is no name of what the table is about: the institution of a publication. */
const LEAST_NAMED = 0.3;
/** As many as a pattern has room for. */
const MOST_COMPARISONS = 15;

/** The comparisons that a table allows. */
export function comparisonsOf(table: Table): Comparison[] {
  const list: Comparison[] = [];
  const isPerson = subjectOf(table) === 'person';
  if (table.given !== undefined && table.family !== undefined)
    list.push(...nameComparisons(table.given, table.family, table.texts.find(isMiddleName)));
  const isNamed = table.company !== undefined && table.company.filled >= table.size * LEAST_NAMED;
  if (!isPerson && table.company !== undefined)
    list.push(isNamed ? organisationNames(table.company, table.domain) : wordComparison('company', 'text', 'company', table.company));
  const mail = table.mail === undefined ? [] : compareMail(table.mail, table);
  list.push(...mail);
  if (table.phone !== undefined) list.push(phoneComparison(table.phone));
  if (table.date !== undefined) list.push(dateComparison(table.date));
  for (const column of table.identifiers.slice(0, MOST_IDENTIFIERS)) list.push(identifierComparison(column));
  const isEmployed = isPerson && (table.domain !== undefined || table.company !== undefined);
  if (isEmployed) list.push(compareEmployers(table, mail[0]));
  if (!isPerson && table.domain !== undefined) list.push(sameness('domain', 'domain', table.domain));
  if (table.address !== undefined) list.push(wordComparison('address', 'address', 'address', table.address, compareAddresses));
  const isPlaceOfWork = isEmployed && table.company !== undefined;
  if (!isPlaceOfWork && (table.postcode !== undefined || table.city !== undefined)) list.push(comparePlaces(table));
  if (table.country !== undefined) list.push(sameness('country', 'country', table.country));
  const title = isPerson || isNamed ? undefined : titleOf(table.texts);
  if (title !== undefined) list.push(titles(title));
  for (const column of tellingTexts(table.texts.filter((text) => text !== title))) {
    const id = `text:${column.label}`;
    list.push(isAges(column) ? ageComparison(id, column, table.date) : wordComparison(id, 'text', id, column));
  }
  return list.slice(0, MOST_COMPARISONS);
}

/** The texts that tell most apart, in the order in which they stand: what nearly all have, nearly none, or each differently, tells little. */
function tellingTexts(texts: readonly Column[]): Column[] {
  const told = texts.map((column) => {
    const { filled, counts, values } = column;
    if (filled < 2 || values.length < 2) return 0;
    const alike = counts.reduce((sum, count) => sum + count * (count - 1), 0) / (filled * (filled - 1));
    const bits = alike === 0 ? ALL_APART : Math.min(MOST_TOLD, -Math.log2(alike));
    return (bits * filled) / column.codes.length;
  });
  const least = [...told].sort((a, b) => b - a)[MOST_TEXTS - 1] ?? 0;
  return texts.filter((_, i) => (told[i] as number) > 0 && (told[i] as number) >= least).slice(0, MOST_TEXTS);
}
/** Beyond this a text is one of its own for each, and seldom written the same twice; where no two have the same it may be alike at most. */
const MOST_TOLD = 6;
const ALL_APART = 0.5;

/**
 * What names the thing, where there is no name: the text of several words that differs most from record to record, of those that are
 * called a title or name where there are such.
 */
function titleOf(texts: readonly Column[]): Column | undefined {
  const distinct = (column: Column) => column.values.length / Math.max(1, column.filled);
  const isWordy = (column: Column) =>
    [...column.values].filter((value) => value.split(' ', 3).length > 2).length > column.values.length / 2;
  const found = texts.filter((column) => distinct(column) > 0.5 && isWordy(column));
  const called = found.filter(({ label }) => /\b(?:title|name)\b/.test(headerWords(label)));
  const open = called.length > 0 ? called : found;
  return open.length === 0 ? undefined : open.reduce((best, column) => (distinct(column) > distinct(best) ? column : best));
}

function wordComparison(id: string, kind: ComparisonKind, group: string, column: Column, compare = compareWords): Comparison {
  const weights = new WordWeights(column.values);
  const levels = new PairCache(column.values, (_left, _right, a, b) => compare(weights, a, b));
  return single(id, kind, group, column, (x, y) => (x === y ? WORDS.exact : levels.level(x, y)));
}

function isMiddleName({ label }: Column): boolean {
  return MIDDLE_NAME.test(headerWords(label));
}

/** A column of ages: most are whole numbers of a life's length. */
function isAges({ label, values }: Column): boolean {
  if (!/^age\b/.test(headerWords(label))) return false;
  return [...values].filter((value) => AGE.test(value)).length > values.length / 2;
}
const AGE = /^\d{1,3}$/;

/**
 * Ages grow between one list and the next: those of one person are years apart at most, of a father and his son many. Where both have a
 * date of birth, it says all that they say.
 */
function ageComparison(id: string, column: Column, dates: Column | undefined): Comparison {
  const ages = numbersOf(column.values, (value) => (AGE.test(value) ? Number(value) + 1 : 0));
  const compared = single(id, 'text', id, column, (x, y) => {
    if (x === y) return WORDS.exact;
    const [a, b] = [ages[x] as number, ages[y] as number];
    if (a === 0 || b === 0) return 0;
    const apart = Math.abs(a - b);
    return apart === 1 ? WORDS.near : apart <= 3 ? WORDS.similar : apart <= 10 ? WORDS.partial : WORDS.different;
  });
  if (dates === undefined) return compared;
  const isDated = (record: number) => (dates.codes[record] as number) >= 0;
  return { ...compared, level: (a, b) => (isDated(a) && isDated(b) ? 0 : compared.level(a, b)) };
}

function titles(column: Column): Comparison {
  const weights = new WordWeights(column.values);
  const levels = new PairCache(column.values, (_left, _right, a, b) => compareOrganisations(weights, a, b));
  const compared = single('name', 'name', 'name', column, (x, y) => (x === y ? WORDS.exact : levels.level(x, y)));
  return { ...compared, rarity: (level, a, b) => nameShare(column, weights, level, column.codes[a] as number, column.codes[b] as number) };
}

/** Names less like each other than so share what many do. */
const LEAST_LIKELY: Partial<Record<number, number>> = { [WORDS.near]: 0.0003, [WORDS.similar]: 0.0005 };

/**
 * The share of the records that have a name by chance. Of one that only the two have, or that they nearly share, its words tell: three rare
 * ones do not meet twice. 0 where that says no more than how often names are so alike.
 */
function nameShare(column: Column, weights: WordWeights, level: number, x: number, y: number): number {
  const together = weights.shareTogether(x, y);
  if (level === WORDS.exact) {
    const own = shareOf(column, x);
    return (column.counts[x] as number) > 2 ? own : Math.min(own, together);
  }
  return together < (LEAST_LIKELY[level] ?? 0) ? together : 0;
}

function phoneComparison(column: Column): Comparison {
  const text = column.values;
  // one slip leaves the start or the end as it is: most pairs need no closer look
  const isPlaced = hasCountries(text);
  const starts = isPlaced ? numbersOf(text, (key) => hashText(phoneTail(key).slice(0, 3))) : hashesOf(text, 0, 3);
  const ends = hashesOf(text, -3);
  const levelOf = (x: number, y: number) => {
    if (starts[x] !== starts[y] && ends[x] !== ends[y]) return PHONE.different;
    return comparePhones(text.at(x) as string, text.at(y) as string);
  };
  return single('phone', 'phone', 'phone', column, (x, y) => (x === y ? PHONE.same : levelOf(x, y)));
}

/** A date that so many records have, and such a share of them: no day has as many born on it. */
const LEAST_COMMON = 20;
const SHARE_COMMON = 0.02;

function dateComparison(column: Column): Comparison {
  const levels = new PairCache(column.values, compareDates);
  const compared = single('date', 'date', 'date', column, (x, y) => (x === y ? DATE.same : levels.level(x, y)));
  // a date that stands for none, as the first of a year does, tells as little as it is often met; all others tell alike
  const isCommon = (code: number) => {
    const count = column.counts[code] as number;
    return count >= LEAST_COMMON && count > SHARE_COMMON * column.filled;
  };
  const rarity = (_: number, a: number) => {
    const code = column.codes[a] as number;
    return code >= 0 && isCommon(code) ? shareOf(column, code) : 0;
  };
  return { ...compared, rarity };
}

function identifierComparison(column: Column): Comparison {
  const text = column.values;
  return single(`identifier:${column.label}`, 'identifier', `identifier:${column.label}`, column, (x, y) =>
    x === y ? IDENTIFIER.same : compareIdentifiers(text.at(x) as string, text.at(y) as string),
  );
}

function sameness(kind: ComparisonKind, group: string, column: Column): Comparison {
  return single(kind, kind, group, column, (x, y) => (x === y ? 1 : 2));
}

function single(id: string, kind: ComparisonKind, group: string, column: Column, levelOf: (x: number, y: number) => number): Comparison {
  const { codes, values } = column;
  return {
    id,
    kind,
    group,
    level(a, b) {
      const [x, y] = [codes[a] as number, codes[b] as number];
      return x < 0 || y < 0 ? 0 : levelOf(x, y);
    },
    rarity: (_, a, b) => Math.max(shareOf(column, codes[a] as number), shareOf(column, codes[b] as number)),
    shown: (record) => values.at(codes[record] as number) ?? '',
  };
}
