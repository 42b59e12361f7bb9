import { comparisonsOf } from './comparisons.ts';
import { combine, hashText, orderByKey } from './hash.ts';
import type { Model } from './model.ts';
import { PairScorer } from './score.ts';
import { sharedBytes } from './shared-array.ts';
import { type Column, subjectOf, type Table } from './table.ts';
import { hashesOf } from './texts.ts';

/** Records of which so many or fewer say the same are compared like all others. */
export const MOST_ALIKE = 10;

/** A table in which records that say the very same many times over are looked at once. */
export interface Folded {
  readonly table: Table;
  /** Each copy, with the first record that says the same. */
  readonly copies: readonly (readonly [copy: number, first: number])[];
}

/** What is known of the records beside the table. */
export interface AroundCopies {
  /** True for a record that is not to be folded, as something was decided about it. */
  isHeld?(record: number): boolean;
  /** Pairs of a record and a first one that are one from the start and say the same. */
  readonly same?: Folded['copies'];
  /** Of a table that holds a part of the records: how many there are. */
  readonly records?: number;
  /** …and the table with how often values occur among all of them. */
  counted?(table: Table): Table;
}

/**
 * Finds records that say word for word the same, many times over: an export of an export. They would fill every block that they are in, so
 * that none would be compared; and a copy is no further witness. What says too little to be one is left: ten thousand people may have a name.
 */
export function foldCopies(
  table: Table,
  model: Model,
  { isHeld = () => false, same = [], records = table.size, counted = (one) => one }: AroundCopies = {},
): Folded {
  const isSame = new Set(same.map(([copy]) => copy));
  const groups = alike(table).map((group) => group.filter((record) => !isHeld(record) && !isSame.has(record)));
  const telling = groups.filter((group) => group.length > MOST_ALIKE && isTelling(table, group[0] as number));
  if (telling.length === 0) return { table: same.length === 0 ? table : countedOnce(table, same), copies: same };
  const copiesOf = (group: readonly number[]) => group.slice(1).map((copy): [number, number] => [copy, group[0] as number]);
  const once = countedOnce(table, [...same, ...telling.flatMap(copiesOf)]);
  const comparisons = comparisonsOf(counted(once));
  const scorer = new PairScorer(
    comparisons,
    comparisons.map(({ kind }) => model.weights[kind]),
  );
  // as likely one as not, were one of all records the other
  const least = Math.log2(Math.max(2, records));
  const sure = telling.filter(([first, second]) => scorer.evidence(first as number, second as number) >= least);
  const copies = [...same, ...sure.flatMap(copiesOf)];
  return { table: sure.length === telling.length ? once : countedOnce(table, copies), copies };
}

/** Groups of more records than are compared one by one whose columns are all the same; each ascending. */
function alike(table: Table): number[][] {
  const columns = namedColumns(table, { mail: table.mail?.address }).map(({ column }) => column);
  const keys = new Uint32Array(table.size).fill(1);
  for (const { codes } of columns) for (let i = 0; i < keys.length; i += 1) keys[i] = combine(keys[i] as number, (codes[i] as number) + 2);
  const order = orderByKey(keys);
  const groups: number[][] = [];
  for (let from = 0, to = 0; from < order.length; from = to) {
    const first = order[from] as number;
    for (to = from + 1; to < order.length && keys[order[to] as number] === keys[first]; ) to += 1;
    if (to - from <= MOST_ALIKE) continue;
    const isSame = (record: number) => columns.every(({ codes }) => codes[record] === codes[first]);
    groups.push(Array.from(order.subarray(from, to)).filter(isSame));
  }
  return groups;
}

/** By record a hash of all that it says, whatever table it stands in; 0 for what says too little to be a copy. */
export function rowHashes(table: Table): Uint32Array {
  const hashes = new Uint32Array(table.size).fill(1);
  for (const { name, column } of namedColumns(table, { local: table.mail?.local, mail: table.mail?.domain })) {
    const { codes, values } = column;
    const [ofName, byCode] = [hashText(name), hashesOf(values)];
    for (let i = 0; i < hashes.length; i += 1) {
      const code = codes[i] as number;
      if (code >= 0) hashes[i] = combine(hashes[i] as number, combine(ofName, byCode[code] as number));
    }
  }
  return hashes.map((hash, i) => (isTelling(table, i) ? hash : 0));
}

/** The columns by their names. @param addresses those of the e-mail addresses */
function namedColumns({ mail: _, identifiers, texts, ...table }: Table, addresses: Readonly<Record<string, Column | undefined>>) {
  const { given, family, domain, company, phone, date, address, city, postcode, country } = table;
  const single = { given, family, ...addresses, domain, company, phone, date, address, city, postcode, country };
  const labelled = [...identifiers, ...texts].map((column): [string, Column] => [column.label, column]);
  return [...Object.entries(single), ...labelled].flatMap(([name, column]) => (column === undefined ? [] : [{ name, column }]));
}

/** What a record says beside a name, of which others have it too. */
function isTelling(table: Table, record: number): boolean {
  const count = (...columns: (Column | undefined)[]) => columns.filter((column) => column !== undefined && isFilled(column, record)).length;
  const { given, family, mail, phone, date, address, company, domain, city, postcode, identifiers, texts } = table;
  if (count(mail?.address, ...identifiers) > 0) return true;
  if (subjectOf(table) === 'organisation') return count(domain, phone, address) > 0 || texts.some((text) => isWordy(text, record));
  const own = count(phone, date, address);
  const around = Math.min(1, count(company, domain)) + Math.min(1, count(city, postcode));
  return count(given, family) === 2 && own > 0 && own + around > 1;
}

const isFilled = ({ codes }: Column, record: number) => (codes[record] as number) >= 0;

function isWordy({ codes, values }: Column, record: number): boolean {
  return (values.at(codes[record] as number) ?? '').split(' ', 3).length === 3;
}

/** The table with its copies marked, and their values not counted. */
function countedOnce(table: Table, copies: readonly (readonly [number, number])[]): Table {
  const isCopy = sharedBytes(table.size);
  for (const [copy] of copies) isCopy[copy] = 1;
  const once = <C extends Column>(column: C): C => {
    const counts = column.counts.slice();
    let { filled } = column;
    for (const [copy] of copies) {
      const code = column.codes[copy] as number;
      if (code < 0) continue;
      counts[code] = (counts[code] as number) - 1;
      filled -= 1;
    }
    return { ...column, counts, filled };
  };
  const single = ['given', 'family', 'domain', 'company', 'phone', 'date', 'address', 'city', 'postcode', 'country'] as const;
  const { mail } = table;
  return {
    ...table,
    isCopy,
    ...Object.fromEntries(single.flatMap((name) => (table[name] === undefined ? [] : [[name, once(table[name])]]))),
    ...(mail !== undefined && {
      mail: { ...mail, local: once(mail.local), domain: once(mail.domain), address: once(mail.address) },
    }),
    identifiers: table.identifiers.map(once),
    texts: table.texts.map(once),
  };
}
