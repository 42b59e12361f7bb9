import { WordWeights } from './compare-tokens.ts';
import { combine, combineUnordered, hashText } from './hash.ts';
import { soundOf } from './phonetic.ts';
import { nicknameRoot } from './read-values.ts';
import { type Column, subjectOf, type Table } from './table.ts';
import { numbersOf } from './texts.ts';

export interface RuleName {
  readonly id: string;
  /** Comparisons that the key settles: what they show inside a block is no estimate of anything. */
  readonly settles: readonly string[];
}

/** A way to find pairs: records with the same key are compared. */
export interface BlockRule extends RuleName {
  /** Many who have the key are others: its large blocks are left out first. */
  readonly isBroad?: boolean;
  /** Keys of each record, 0 for none; several where a record may be found in several ways. Made when asked for: they are large. */
  keys(): readonly Uint32Array[];
}

/** The rules that a table allows. A rule is left out where a column is missing. */
export function blockRules(table: Table): BlockRule[] {
  return subjectOf(table) === 'person' ? personRules(table) : organisationRules(table);
}

/** By record, a hash of what the column's value gives. */
function keysOf(column: Column | undefined, key: (text: string) => string = (text) => text): Uint32Array | undefined {
  if (column === undefined) return undefined;
  const byCode = numbersOf(column.values, (value) => {
    const text = key(value);
    return text === '' ? 0 : hashText(text);
  });
  return spread(column.codes, byCode);
}

/** Keys by code → keys by record. A plain loop: `from` with a function takes ten times as long. */
function spread(codes: Int32Array, byCode: Uint32Array): Uint32Array {
  const keys = new Uint32Array(codes.length);
  for (let i = 0; i < codes.length; i += 1) if ((codes[i] as number) >= 0) keys[i] = byCode[codes[i] as number] as number;
  return keys;
}

class Rules {
  readonly list: BlockRule[] = [];

  broad(id: string, settles: readonly string[], ...parts: (Uint32Array | undefined)[]): void {
    const before = this.list.length;
    this.add(id, settles, ...parts);
    const [rule] = this.list.splice(before);
    if (rule !== undefined) this.list.push({ ...rule, isBroad: true });
  }

  add(id: string, settles: readonly string[], ...parts: (Uint32Array | undefined)[]): void {
    const given = parts.filter((part) => part !== undefined);
    if (given.length < parts.length) return;
    this.list.push({ id, settles, keys: () => [given.reduce((before, part) => part.map((key, i) => both(before[i] as number, key)))] });
  }
}

/** A key of two parts; none where one is missing. */
function both(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : combine(a, b);
}

function personRules(table: Table): BlockRule[] {
  const rules = new Rules();
  const given = keysOf(table.given, (name) => (name.length === 1 ? '' : nicknameRoot(firstWord(name))));
  const family = keysOf(table.family, (name) => (name.length === 1 ? '' : name.replaceAll(' ', '')));
  const name =
    given === undefined || family === undefined
      ? undefined
      : given.map((key, i) => (key === 0 || family[i] === 0 ? 0 : combineUnordered(key, family[i] as number)));
  const sound = keysOf(table.family, soundOf);
  const letter = keysOf(table.given, (text) => text[0] ?? '');
  const date = keysOf(table.date);
  const domain = keysOf(table.domain);
  const company = keysOf(table.company, (text) => text.split(' ', 2).join(' '));
  const postcode = keysOf(table.postcode);
  const city = keysOf(table.city);
  const local = keysOf(table.mail?.local, (text) => (/\d\d/.test(text) || text.length >= 9 ? text : ''));
  if (table.mail !== undefined) rules.add('email', ['email', 'employer'], keysOf(table.mail.local), keysOf(table.mail.domain));
  rules.add('phone', ['phone'], keysOf(table.phone));
  for (const column of table.identifiers) rules.add(`identifier:${column.label}`, [`identifier:${column.label}`], keysOf(column));
  rules.broad('mailbox', ['email', 'employer'], local);
  rules.broad('name', ['given', 'family'], name);
  rules.broad('date', ['date'], date);
  rules.add('family+date', ['date', 'family'], sound, date);
  rules.add('given+date', ['date', 'given'], given, date);
  rules.add('name+domain', ['given', 'family', 'employer', 'email'], name, domain);
  rules.add('name+company', ['given', 'family', 'employer', 'email'], name, company);
  for (const [where, key] of [
    ['domain', domain],
    ['company', company],
    ['postcode', postcode],
    ['city', city],
  ] as const) {
    const settled = where === 'domain' || where === 'company' ? ['employer', 'email'] : ['employer', 'place'];
    rules.broad(`sound+${where}`, ['given', 'family', ...settled], sound, letter, key);
    rules.broad(`given+${where}`, ['given', ...settled], given, key);
    rules.broad(`family+${where}`, ['family', ...settled], family, key);
  }
  rules.broad('sound', ['given', 'family'], sound, letter);
  if (table.address !== undefined) rules.list.push(...wordRules('address', table.address, 3, ['address', 'place']));
  return rules.list;
}

function organisationRules(table: Table): BlockRule[] {
  const rules = new Rules();
  if (table.mail !== undefined) rules.add('email', ['email', 'domain'], keysOf(table.mail.local), keysOf(table.mail.domain));
  rules.add('domain', ['domain', 'email'], keysOf(table.domain));
  rules.add('phone', ['phone'], keysOf(table.phone));
  for (const column of table.identifiers) rules.add(`identifier:${column.label}`, [`identifier:${column.label}`], keysOf(column));
  rules.add(
    'start+city',
    ['name', 'place'],
    keysOf(table.company, (text) => text.slice(0, 4)),
    keysOf(table.city),
  );
  rules.add(
    'start+postcode',
    ['name', 'place'],
    keysOf(table.company, (text) => text.slice(0, 4)),
    keysOf(table.postcode),
  );
  if (table.company !== undefined) rules.list.push(...wordRules('name', table.company, 4, ['name']));
  if (table.address !== undefined) rules.list.push(...wordRules('address', table.address, 3, ['address', 'place']));
  for (const column of table.texts) {
    if (column.values.length < column.filled / 5) continue;
    rules.list.push(...wordRules(`text:${column.label}`, column, 4, [`text:${column.label}`, 'name']));
  }
  return rules.list;
}

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
