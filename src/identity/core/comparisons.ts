import { headerWords } from './column-kinds.ts';
import { compareEmployers } from './compare-employers.ts';
import { compareMail } from './compare-mail.ts';
import { compareFamily, compareGiven, FAMILY, GIVEN } from './compare-names.ts';
import { organisationNames } from './compare-organisation-names.ts';
import { comparePlaces } from './compare-places.ts';
import { compareOrganisations, compareWords, WORDS, WordWeights } from './compare-tokens.ts';
import { compareDates, compareIdentifiers, comparePhones, DATE, IDENTIFIER, PHONE } from './compare-values.ts';
import { type Comparison, shareOf } from './comparison.ts';
import { hashText } from './hash.ts';
import type { ComparisonKind } from './model.ts';
import { NameShapes } from './name-shapes.ts';
import { PairCache } from './pair-cache.ts';
import { hasCountries, phoneTail } from './phone-key.ts';
import { type Column, subjectOf, type Table } from './table.ts';
import { hashesOf, numbersOf } from './texts.ts';

/** Texts beyond these are left out: each adds a factor to the patterns that are counted. */
const MOST_TEXTS = 5;
/** Names recur more than other values: two to this power pairs are remembered. */
const NAME_CACHE = 19;
const MOST_IDENTIFIERS = 3;
/** A name that fewer have is no name of what the table is about: the institution of a publication. */
const LEAST_NAMED = 0.3;
/** As many as a pattern has room for. */
const MOST_COMPARISONS = 15;

/** The comparisons that a table allows. */
export function comparisonsOf(table: Table): Comparison[] {
  const list: Comparison[] = [];
  const isPerson = subjectOf(table) === 'person';
  if (table.given !== undefined && table.family !== undefined) list.push(...nameComparisons(table.given, table.family));
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
  if (table.address !== undefined) list.push(wordComparison('address', 'address', 'address', table.address));
  const isPlaceOfWork = isEmployed && table.company !== undefined;
  if (!isPlaceOfWork && (table.postcode !== undefined || table.city !== undefined)) list.push(comparePlaces(table));
  if (table.country !== undefined) list.push(sameness('country', 'country', table.country));
  const title = isPerson || isNamed ? undefined : titleOf(table.texts);
  if (title !== undefined) list.push(titles(title));
  for (const column of tellingTexts(table.texts.filter((text) => text !== title))) {
    list.push(wordComparison(`text:${column.label}`, 'text', `text:${column.label}`, column));
  }
  return list.slice(0, MOST_COMPARISONS);
}

/** The texts that tell most apart, in the order in which they stand: what nearly all have, nearly none, or each differently, tells little. */
function tellingTexts(texts: readonly Column[]): Column[] {
  const told = texts.map((column) => {
    const { filled, counts, values } = column;
    if (filled < 2 || values.length < 2) return 0;
    const alike = counts.reduce((sum, count) => sum + count * (count - 1), 0) / (filled * (filled - 1));
    const bits = alike === 0 ? 0 : Math.min(MOST_TOLD, -Math.log2(alike));
    return (bits * filled) / column.codes.length;
  });
  const least = [...told].sort((a, b) => b - a)[MOST_TEXTS - 1] ?? 0;
  return texts.filter((_, i) => (told[i] as number) > 0 && (told[i] as number) >= least).slice(0, MOST_TEXTS);
}
/** Beyond this a text is one of its own for each, and seldom written the same twice. */
const MOST_TOLD = 6;

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

function nameComparisons(given: Column, family: Column): Comparison[] {
  const { values } = given;
  const shapes = new NameShapes(values);
  const givenCache = new PairCache(values, compareGiven, NAME_CACHE);
  const familyCache = new PairCache(values, compareFamily, NAME_CACHE);
  const givenLevel = (x: number, y: number) => (shapes.mayBeAlike(x, y) ? givenCache.level(x, y) : GIVEN.different);
  const familyLevel = (x: number, y: number) => (shapes.mayBeAlike(x, y) ? familyCache.level(x, y) : FAMILY.different);
  // the level of the family names when given and family name of one record have changed places, else 0
  const swapped = (a: number, b: number): number => {
    const [ga, gb, fa, fb] = [given.codes[a] as number, given.codes[b] as number, family.codes[a] as number, family.codes[b] as number];
    if (ga === gb || fa === fb || ga < 0 || gb < 0 || fa < 0 || fb < 0 || (ga !== fb && gb !== fa)) return 0;
    const [x, y] = ga === fb ? [fa, gb] : [ga, fb];
    if (x === y) return FAMILY.exact;
    const crossed = givenLevel(x, y);
    return crossed === GIVEN.nickname || crossed === GIVEN.initial ? FAMILY.exact : crossed === GIVEN.typo ? FAMILY.typo : 0;
  };
  // of a record with one name alone it does not show which it is: it may be the family name
  const onlyName = (a: number, b: number): number => {
    const [fa, fb] = [family.codes[a] as number, family.codes[b] as number];
    if (fa < 0 === fb < 0) return 0;
    const [only, other] = fa < 0 ? [given.codes[a] as number, fb] : [given.codes[b] as number, fa];
    if (only < 0 || given.codes[a] === given.codes[b] || shapes.isInitial(only)) return 0;
    const level = only === other ? FAMILY.exact : familyLevel(only, other);
    return level === FAMILY.exact || level === FAMILY.typo ? level : 0;
  };
  return [
    {
      id: 'given',
      kind: 'given',
      group: 'name',
      level(a, b) {
        const [x, y] = [given.codes[a] as number, given.codes[b] as number];
        if (x < 0 || y < 0) return 0;
        if (x === y) return shapes.isInitial(x) ? GIVEN.initial : GIVEN.exact;
        if (onlyName(a, b) > 0) return 0;
        return swapped(a, b) > 0 ? GIVEN.swapped : givenLevel(x, y);
      },
      rarity: (_, a, b) => Math.max(shareOf(given, given.codes[a] as number), shareOf(given, given.codes[b] as number)),
      shown: (record) => values.at(given.codes[record] as number) ?? '',
    },
    {
      id: 'family',
      kind: 'family',
      group: 'name',
      level(a, b) {
        const [x, y] = [family.codes[a] as number, family.codes[b] as number];
        if (x < 0 || y < 0) return x < 0 && y < 0 ? 0 : onlyName(a, b);
        if (x === y) return shapes.isInitial(x) ? FAMILY.initial : FAMILY.exact;
        return swapped(a, b) || familyLevel(x, y);
      },
      rarity: (_, a, b) => Math.max(shareOf(family, family.codes[a] as number), shareOf(family, family.codes[b] as number)),
      shown: (record) => values.at(family.codes[record] as number) ?? '',
    },
  ];
}

function wordComparison(id: string, kind: ComparisonKind, group: string, column: Column): Comparison {
  const weights = new WordWeights(column.values);
  const levels = new PairCache(column.values, (_left, _right, a, b) => compareWords(weights, a, b));
  return single(id, kind, group, column, (x, y) => (x === y ? WORDS.exact : levels.level(x, y)));
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

/** A date that so many records have, and so many times more than have another. */
const LEAST_COMMON = 20;
const TIMES_COMMON = 5;

function dateComparison(column: Column): Comparison {
  const levels = new PairCache(column.values, compareDates);
  const compared = single('date', 'date', 'date', column, (x, y) => (x === y ? DATE.same : levels.level(x, y)));
  // a date that stands for none, as the first of a year does, tells as little as it is often met; all others tell alike
  const isCommon = (code: number) => {
    const count = column.counts[code] as number;
    return count >= LEAST_COMMON && count * column.values.length > TIMES_COMMON * column.filled;
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
