import { sharedInts } from './shared-array.ts';
import { PackedTexts, type Texts } from './texts.ts';

/** One property of all records: a number for each record's value, −1 where it has none. */
export interface Column {
  /** As the file calls it, or the kind. */
  readonly label: string;
  readonly codes: Int32Array;
  readonly values: Texts;
  /** By code: the records that have the value. */
  readonly counts: Int32Array;
  /** Records that have a value. */
  readonly filled: number;
}

/** An e-mail address is a local part and a domain. Role addresses are not in here: they are nobody's. */
export interface MailColumns {
  readonly local: Column;
  readonly domain: Column;
  /** By code of the domain: 1 where anybody can have an address. */
  readonly isFree: Uint8Array;
  /** By record: the code of the whole address, −1 where there is none. */
  readonly address: Column;
}

/** Records as columns of numbers. The order of the records does not depend on the order in which they came. */
export interface Table {
  readonly size: number;
  /** Given and family names share their codes, so that swapped ones are seen. */
  readonly given?: Column;
  readonly family?: Column;
  readonly mail?: MailColumns;
  /** The registrable domain of the employer or organisation, from its own column or a corporate address. */
  readonly domain?: Column;
  readonly company?: Column;
  readonly phone?: Column;
  readonly date?: Column;
  readonly address?: Column;
  readonly city?: Column;
  readonly postcode?: Column;
  readonly country?: Column;
  readonly identifiers: readonly Column[];
  readonly texts: readonly Column[];
  /** By record: 1 for a copy, which is found through the record that says the same. */
  readonly isCopy?: Uint8Array;
}

/** What a table is about: people where there is a name or address of one, else organisations (or other named things). */
export function subjectOf(table: Table): 'person' | 'organisation' {
  return table.given !== undefined || table.family !== undefined || (table.company === undefined && table.mail !== undefined)
    ? 'person'
    : 'organisation';
}

/** A column as it was read, with the records as they came. */
export interface RawColumn {
  readonly label: string;
  readonly codes: Int32Array;
  readonly values: PackedTexts;
}

/** The same column after it was handed to a thread, which leaves out what a class adds. */
export function received<C extends { readonly values: Texts }>(column: C): C {
  const { units, starts } = column.values as PackedTexts;
  return { ...column, values: new PackedTexts(units, starts) };
}

/** The same table after it was handed to a thread. */
export function receivedTable(table: Table): Table {
  const found = Object.entries(table).map(([name, part]: [string, unknown]) => [name, receivedPart(part)]);
  return Object.fromEntries(found) as Table;
}

function receivedPart(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(receivedPart);
  if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) return part;
  if ('values' in part) return received(part as Column);
  return Object.fromEntries(Object.entries(part).map(([name, one]: [string, unknown]) => [name, receivedPart(one)]));
}

/** The same column with its records in another order, and its values counted. */
export function makeColumn(label: string, codes: Int32Array, values: Texts, order?: Uint32Array): Column {
  const ordered = sharedInts(codes.length);
  const counts = sharedInts(values.length);
  let filled = 0;
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[order === undefined ? i : (order[i] as number)] as number;
    ordered[i] = code;
    if (code < 0) continue;
    counts[code] = (counts[code] as number) + 1;
    filled += 1;
  }
  return { label, codes: ordered, values, counts, filled };
}

/** The column without the values marked: who has one has none. */
export function without(column: Column, isDropped: Uint8Array): Column {
  const codes = column.codes.map((code) => (code >= 0 && isDropped[code] === 1 ? -1 : code));
  return makeColumn(column.label, codes, column.values);
}
