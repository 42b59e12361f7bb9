import { exactKeys } from './company-index.ts';
import { WordWeights } from './compare-tokens.ts';
import { combine, combineUnordered, hashText } from './hash.ts';
import { normaliseCompany } from './normalise-company.ts';
import { hasCountries, phoneTail } from './phone-key.ts';
import { soundOf } from './phonetic.ts';
import { nicknameRoot } from './read-values.ts';
import { type Column, subjectOf, type Table } from './table.ts';
import { hashesOf, numbersOf } from './texts.ts';

export interface RuleName {
  readonly id: string;
  /** Comparisons that the key settles: what they show inside a block is no estimate of anything. */
  readonly settles: readonly string[];
}

/** A way to find pairs: records with the same key are compared. */
export interface BlockRule extends RuleName {
  /** Many who have the key are others: so many pairs a record are compared, its large blocks left out first. */
  readonly mostPairs?: number;
  /** Keys of each record, 0 for none; several where a record may be found in several ways. Made when asked for: they are large. */
  keys(): readonly Uint32Array[];
}

/** The rules that a table allows. A rule is left out where a column is missing, or where it is not asked for. */
export function blockRules(table: Table, isWanted: (id: string) => boolean = () => true): BlockRule[] {
  const rules = new Rules(isWanted);
  return subjectOf(table) === 'person' ? personRules(table, rules) : organisationRules(table, rules);
}

/** A part of a key: by record the code of a value, and by code a hash of what the value gives, 0 for nothing. */
interface Part {
  readonly codes: Int32Array;
  /** Made when first asked for: not each thread has use for it. */
  hashes(): Uint32Array;
}

function partOf(column: Column | undefined, key?: (text: string) => string): Part | undefined {
  if (column === undefined) return undefined;
  const { codes, values } = column;
  let hashes: Uint32Array | undefined;
  const hashOf = (text: string) => (text === '' ? 0 : hashText(text));
  return {
    codes,
    hashes() {
      hashes ??= key === undefined ? hashesOf(values) : numbersOf(values, (value) => hashOf(key(value)));
      return hashes;
    },
  };
}

/** Numbers are found by what is the same of them with and without their country. */
function phonePart(column: Column | undefined): Part | undefined {
  return partOf(column, column !== undefined && hasCountries(column.values) ? phoneTail : undefined);
}

/** By record the hash of all parts together; none where one is missing. @param joinFirst how the first two are joined */
function joined([head, ...others]: readonly Part[], joinFirst: typeof combine): Uint32Array {
  const keys = head === undefined ? new Uint32Array(0) : spread(head.codes, head.hashes());
  for (const [p, { codes, hashes }] of others.entries()) {
    const byCode = hashes();
    const join = p === 0 ? joinFirst : combine;
    for (let i = 0; i < keys.length; i += 1) {
      if (keys[i] === 0) continue;
      const code = codes[i] as number;
      const hash = code < 0 ? 0 : (byCode[code] as number);
      keys[i] = hash === 0 ? 0 : join(keys[i] as number, hash);
    }
  }
  return keys;
}

/** Keys by code → keys by record. A plain loop: `from` with a function takes ten times as long. */
function spread(codes: Int32Array, byCode: Uint32Array): Uint32Array {
  const keys = new Uint32Array(codes.length);
  for (let i = 0; i < codes.length; i += 1) if ((codes[i] as number) >= 0) keys[i] = byCode[codes[i] as number] as number;
  return keys;
}

/** Of those who have a name in common more are one than of those who have a part of it. */
const MOST_OF_NAME = 1;
const MOST_OF_PART = 0.25;

class Rules {
  readonly list: BlockRule[] = [];
  readonly #isWanted: (id: string) => boolean;

  constructor(isWanted: (id: string) => boolean) {
    this.#isWanted = isWanted;
  }

  add(id: string, settles: readonly string[], ...parts: (Part | undefined)[]): void {
    if (this.#isMade(id, parts)) this.list.push({ id, settles, keys: () => [joined(parts, combine)] });
  }

  broad(id: string, settles: readonly string[], ...parts: (Part | undefined)[]): void {
    if (this.#isMade(id, parts)) this.list.push({ id, settles, mostPairs: MOST_OF_PART, keys: () => [joined(parts, combine)] });
  }

  /** The first two parts are given and family name, which may have changed places. */
  named({ id, settles, mostPairs }: Omit<BlockRule, 'keys'>, ...parts: (Part | undefined)[]): void {
    if (!this.#isMade(id, parts)) return;
    const keys = () => [joined(parts, combineUnordered)];
    this.list.push(mostPairs === undefined ? { id, settles, keys } : { id, settles, mostPairs, keys });
  }

  /** Rules of words, which have all that they need. */
  words(...rules: readonly BlockRule[]): void {
    for (const rule of rules) if (this.#isWanted(rule.id)) this.list.push(rule);
  }

  #isMade(id: string, parts: readonly (Part | undefined)[]): parts is readonly Part[] {
    return !parts.includes(undefined) && this.#isWanted(id);
  }
}

/** Family names; of who has one name alone, that one. */
function namedBy({ given, family }: Table): Column | undefined {
  if (given === undefined || family === undefined || family.filled === family.codes.length) return family;
  return { ...family, codes: family.codes.map((code, i) => (code < 0 ? (given.codes[i] as number) : code)) };
}

/** A family of one postcode is of one house, mostly: it shares a street and a number too. */
const SETTLED = {
  domain: ['employer', 'email'],
  company: ['employer', 'email'],
  postcode: ['employer', 'place', 'address', 'phone'],
  city: ['employer', 'place'],
} as const;

function personRules(table: Table, rules: Rules): BlockRule[] {
  const given = partOf(table.given, (name) => (name.length === 1 ? '' : nicknameRoot(firstWord(name))));
  const family = partOf(table.family, (name) => (name.length === 1 ? '' : name.replaceAll(' ', '')));
  const sound = partOf(namedBy(table), soundOf);
  const surname = partOf(namedBy(table), (name) => (name.length === 1 ? '' : name.replaceAll(' ', '')));
  const letter = partOf(table.given, (text) => text[0] ?? '');
  const date = partOf(table.date);
  const domain = partOf(table.domain);
  const company = partOf(table.company, (text) => text.split(' ', 2).join(' '));
  const postcode = partOf(table.postcode);
  const city = partOf(table.city);
  const local = partOf(table.mail?.local, (text) => (text.length >= 9 || /\d\d/.test(text) ? text : ''));
  if (table.mail !== undefined) rules.add('email', ['email', 'employer'], partOf(table.mail.local), partOf(table.mail.domain));
  rules.add('phone', ['phone', 'family'], phonePart(table.phone));
  for (const column of table.identifiers) rules.add(`identifier:${column.label}`, [`identifier:${column.label}`], partOf(column));
  rules.broad('mailbox', ['email', 'employer'], local);
  rules.named({ id: 'name', settles: ['given', 'family'], mostPairs: MOST_OF_NAME }, given, family);
  rules.broad('date', ['date'], date);
  rules.add('family+date', ['date', 'family'], sound, date);
  rules.add('given+date', ['date', 'given'], given, date);
  rules.named({ id: 'name+domain', settles: ['given', 'family', 'employer', 'email'] }, given, family, domain);
  rules.named({ id: 'name+company', settles: ['given', 'family', 'employer', 'email'] }, given, family, company);
  for (const [where, key] of [
    ['domain', domain],
    ['company', company],
    ['postcode', postcode],
    ['city', city],
  ] as const) {
    const settled = SETTLED[where];
    rules.broad(`sound+${where}`, ['given', 'family', ...settled], sound, letter, key);
    rules.broad(`given+${where}`, ['given', ...settled], given, key);
    rules.broad(`family+${where}`, ['family', ...settled], surname, key);
  }
  rules.broad('sound', ['given', 'family'], sound, letter);
  if (table.address !== undefined) rules.words(...wordRules('address', table.address, 3, ['address', 'place', 'family']));
  return rules.list;
}

function organisationRules(table: Table, rules: Rules): BlockRule[] {
  if (table.mail !== undefined) rules.add('email', ['email', 'domain'], partOf(table.mail.local), partOf(table.mail.domain));
  rules.add('domain', ['domain', 'email'], partOf(table.domain));
  rules.add('phone', ['phone'], phonePart(table.phone));
  for (const column of table.identifiers) rules.add(`identifier:${column.label}`, [`identifier:${column.label}`], partOf(column));
  rules.add(
    'start+city',
    ['name', 'place'],
    partOf(table.company, (text) => text.slice(0, 4)),
    partOf(table.city),
  );
  rules.add(
    'start+postcode',
    ['name', 'place'],
    partOf(table.company, (text) => text.slice(0, 4)),
    partOf(table.postcode),
  );
  if (table.company !== undefined) rules.words(wholeNames(table.company), ...wordRules('name', table.company, 4, ['name']));
  if (table.address !== undefined) rules.words(...wordRules('address', table.address, 3, ['address', 'place']));
  for (const column of table.texts) {
    if (column.values.length < column.filled / 5) continue;
    rules.words(...wordRules(`text:${column.label}`, column, 4, [`text:${column.label}`, 'name']));
  }
  return rules.list;
}

/** Whole names in the ways in which one is written: without what tells a part from the whole, in one word, by its first letters. */
function wholeNames(column: Column): BlockRule {
  const slots = Array.from({ length: MOST_WHOLE }, () => new Uint32Array(column.values.length));
  for (const [code, value] of [...column.values].entries()) {
    const company = normaliseCompany(value);
    const keys = company === null ? [] : exactKeys(company);
    for (const [i, slot] of slots.entries()) if (keys[i] !== undefined) slot[code] = hashText(keys[i]);
  }
  return { id: 'name whole', settles: ['name'], keys: () => slots.map((slot) => spread(column.codes, slot)) };
}
const MOST_WHOLE = 4;

/** The rarest words of a text, and its rarest pairs of words for texts of common ones. */
function wordRules(id: string, column: Column, most: number, settles: readonly string[]): BlockRule[] {
  const weights = new WordWeights(column.values);
  const slots = Array.from({ length: most }, () => new Uint32Array(column.values.length));
  const pairs = Array.from({ length: 2 }, () => new Uint32Array(column.values.length));
  for (let code = 0; code < column.values.length; code += 1) {
    const words = [...new Set(weights.wordsOf(code))]
      .filter((word) => word.length > 1)
      .sort((a, b) => weights.count(a) - weights.count(b) || (a < b ? -1 : 1));
    for (const [i, slot] of slots.entries()) if (words[i] !== undefined) slot[code] = hashText(words[i]);
    for (const [i, slot] of pairs.entries()) {
      const [first, second] = [words[i], words[i + 1]];
      if (first !== undefined && second !== undefined) slot[code] = combineUnordered(hashText(first), hashText(second));
    }
  }
  const byRecord = (slot: Uint32Array) => spread(column.codes, slot);
  return [
    { id: `${id} word`, settles, keys: () => slots.map(byRecord) },
    { id: `${id} words`, settles, keys: () => pairs.map(byRecord) },
  ];
}

function firstWord(text: string): string {
  const end = text.indexOf(' ');
  return end < 0 ? text : text.slice(0, end);
}
