import type { CodedField } from './outcome-table.ts';

/** Rows and wins by a field's codes; the last place is of rows without a value. */
export interface CodeCounts {
  n: Int32Array;
  won: Int32Array;
}

/** @param rows which rows count; all when left out. */
export function countCodes({ codes, size }: CodedField, won: Uint8Array, rows?: Int32Array): CodeCounts {
  const counts = { n: new Int32Array(size + 1), won: new Int32Array(size + 1) };
  const length = rows?.length ?? codes.length;
  for (let i = 0; i < length; i += 1) {
    const row = rows === undefined ? i : (rows[i] as number);
    const code = codes[row] as number;
    const place = code < 0 ? size : code;
    counts.n[place] = (counts.n[place] as number) + 1;
    counts.won[place] = (counts.won[place] as number) + (won[row] as number);
  }
  return counts;
}

export const sumOf = (values: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i] as number;
  return sum;
};
