import type { FileColumn } from '../../src/review/core/file-column.ts';
import { type FileRoles, fileTable } from '../../src/review/core/file-table.ts';

/** Rows of a file, by column. */
export type Rows = readonly Readonly<Record<string, string>>[];
/** 2026-11-23. */
const TODAY = 20_780;

function read(rows: Rows) {
  const names = Object.keys(rows[0] ?? {});
  const columns: FileColumn[] = names.map((name) => {
    const texts = [...new Set(rows.map((row) => row[name] ?? ''))];
    return { name, texts, codes: Int32Array.from(rows, (row) => texts.indexOf(row[name] ?? '')) };
  });
  return { columns, lines: Int32Array.from(rows, (_, i) => i + 2), indexes: Int32Array.from(rows, (_, i) => i) };
}

/** The table of rows whose outcome is in `y`. */
export const tableOf = (rows: Rows, roles: Partial<FileRoles> = {}) =>
  fileTable(read(rows), { outcome: 'y', won: ['yes'], lost: [], exclude: [], byPlace: false, today: TODAY, ...roles });

/** So many rows, every third of them won, with a column more. */
export const rowsOf = (
  n: number,
  name: string,
  cell: (i: number) => string,
  more: (i: number) => Record<string, string> = () => ({}),
): Rows => Array.from({ length: n }, (_, i) => ({ [name]: cell(i), y: i % 3 === 0 ? 'yes' : 'no', ...more(i) }));

/** A column of the table, and what it was read as. */
export function columnOf(rows: Rows, name: string, roles: Partial<FileRoles> = {}) {
  const { table, columns } = tableOf(rows, roles);
  return { column: table.columns.find((one) => one.name === name), read: columns.find((one) => one.name === name) };
}
