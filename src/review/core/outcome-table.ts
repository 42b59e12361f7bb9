import { sha256 } from '../../kernel/canonical-json.ts';

/** A column of numbers; NaN where there is none. */
interface NumberColumn {
  name: string;
  label: string;
  type: 'number';
  values: Float64Array;
}

/** A column of levels. */
export interface LevelColumn {
  name: string;
  label: string;
  type: 'level';
  /** Places in `levels`; -1 where there is none. */
  codes: Int32Array;
  /** In the order of their bytes. */
  levels: readonly string[];
}

export type Column = NumberColumn | LevelColumn;

/** Closed deals with what was known of each: one row a deal. */
export interface OutcomeTable {
  /** They decide the order of rows and their folds; a table may hold one twice. */
  ids: readonly string[];
  /** 1 of a deal that was won, 0 of one that was lost. */
  won: Uint8Array;
  /** Days from 1970-01-01; NaN where it is not known. */
  closed?: Float64Array;
  /** Days on which deals were opened; NaN where it is not known. */
  opened?: Float64Array;
  columns: readonly Column[];
}

/** A column by what it holds, whatever its type: each row's place among the distinct values. */
export interface CodedField {
  name: string;
  label: string;
  type: Column['type'];
  /** Places in `values` or `levels`; -1 where there is none. */
  codes: Int32Array;
  /** Of numbers: the distinct ones, ascending. Empty of levels. */
  values: Float64Array;
  /** Empty of numbers. */
  levels: readonly string[];
  /** How many places there are. */
  size: number;
}

/** A thousand years. */
const MOST_DAYS = 365_250;

/** An `OutcomeTable` in the order of its ids, coded: what every figure is computed from. */
export interface CodedTable {
  ids: readonly string[];
  won: Uint8Array;
  closed: Float64Array | null;
  opened: Float64Array | null;
  /** The score of each by the rubric in force. */
  current: Float64Array | null;
  fields: readonly CodedField[];
  /** The sha256 of all of it: the same for the same rows in any order. */
  digest: string;
}

/**
 * The table in the byte order of its ids, rows of one id in the order of their contents, so that nothing that is computed from it depends on
 * the order in which it came. A number that is not finite is taken as none.
 * @param current each row's score by the rubric in force.
 */
export function codedTable(table: OutcomeTable, current?: Float64Array): CodedTable {
  const { ids, won, closed, opened } = table;
  const days = { closed: daysOf(closed), opened: daysOf(opened) };
  const whole = { ids, won, ...days, current: current ?? null, fields: table.columns.map((column) => coded(column)) };
  const order = rowOrder(whole);
  const ordered = order === null ? whole : someRows({ ...whole, digest: '' }, order);
  return { ...ordered, digest: digestOf(ordered) };
}

/** Days of a calendar; what is none is not known. */
function daysOf(days: Float64Array | undefined): Float64Array | null {
  return days?.map((day) => (Math.abs(day) < MOST_DAYS ? Math.floor(day) : Number.NaN)) ?? null;
}

/** `rows` of a table as a table of their own, in the order given. */
function someRows(table: CodedTable, rows: Int32Array): CodedTable {
  const picked = (values: Float64Array | null) => (values === null ? null : Float64Array.from(rows, (row) => values[row] as number));
  return {
    ids: Array.from(rows, (row) => table.ids[row] as string),
    won: Uint8Array.from(rows, (row) => table.won[row] as number),
    closed: picked(table.closed),
    opened: picked(table.opened),
    current: picked(table.current),
    fields: table.fields.map((field) => ({ ...field, codes: rows.map((row) => field.codes[row] as number) })),
    digest: table.digest,
  };
}

function coded(column: Column): CodedField {
  const { name, label, type } = column;
  if (type === 'level')
    return { name, label, type, codes: column.codes, values: new Float64Array(), levels: column.levels, size: column.levels.length };
  const sorted = column.values.filter((value) => Number.isFinite(value)).sort();
  let size = 0;
  for (const value of sorted) if (size === 0 || value !== sorted[size - 1]) sorted[size++] = value + 0;
  const values = sorted.slice(0, size);
  const codes = Int32Array.from(column.values, (value) => (Number.isFinite(value) ? placeOf(values, value) : -1));
  return { name, label, type, codes, values, levels: [], size };
}

/** Where `value` is in ascending `values` that hold it. */
function placeOf(values: Float64Array, value: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** null when the rows are in their order already. */
function rowOrder({ ids, won, closed, opened, current, fields }: Omit<CodedTable, 'digest'>): Int32Array | null {
  const keys = ids.map((id) => byteOrdered(id));
  const numbers = [won, closed, opened, current, ...fields.map(({ codes }) => codes)].filter((values) => values !== null);
  const compare = (a: number, b: number) => {
    const [one, other] = [keys[a] as string, keys[b] as string];
    if (one !== other) return one < other ? -1 : 1;
    for (const values of numbers) {
      const [x, y] = [values[a] as number, values[b] as number];
      // what is not known comes first
      if (x !== y && !(Number.isNaN(x) && Number.isNaN(y))) return Number.isNaN(x) || x < y ? -1 : 1;
    }
    return 0;
  };
  const rows = Int32Array.from(ids, (_, row) => row);
  return rows.every((row) => row === 0 || compare(row - 1, row) <= 0) ? null : rows.sort(compare);
}

/** A text whose UTF-16 units are in the order of the other's UTF-8 bytes: half pairs go above what follows them. */
function byteOrdered(text: string): string {
  if (!/[\ud800-\uffff]/.test(text)) return text;
  return text.replace(/[\ud800-\uffff]/g, (unit) => {
    const code = unit.charCodeAt(0);
    return String.fromCharCode(code >= 0xe000 ? code - 0x800 : code + 0x2000);
  });
}

function digestOf({ ids, won, closed, opened, current, fields }: Omit<CodedTable, 'digest'>): string {
  const parts = [
    sha256(JSON.stringify(ids)),
    sha256(won),
    ...[closed, opened, current].map((days) => (days === null ? '' : sha256(bytesOf(days)))),
  ];
  for (const { name, type, codes, values, levels } of fields)
    parts.push(sha256(JSON.stringify([name, type, levels])), sha256(bytesOf(codes)), sha256(bytesOf(values)));
  return sha256(parts.join('\n'));
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array | Int32Array) => new Uint8Array(buffer, byteOffset, byteLength);
