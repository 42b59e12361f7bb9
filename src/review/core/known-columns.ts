import { type Meaning, NO, type ReadField, YES } from './outcome-fields.ts';
import type { Column } from './outcome-table.ts';

/** A column of the outcome table, and what it was made of. */
export interface KnownColumn {
  column: Column;
  meaning: Meaning;
}

/** A value of a list has a column of its own when so many deals had it, and the most frequent so many do. */
const FEWEST = 10;
const MOST_VALUES = 40;

/** What was known of the deals in a field, as columns: one, or of a list one for each frequent value. None where nothing was known of any deal. */
export function fieldColumns(field: ReadField, values: readonly unknown[]): KnownColumn[] {
  const { name, label, kind } = field;
  if (values.every((value) => value === undefined || value === null)) return [];
  switch (kind) {
    case 'number':
    case 'integer': {
      const numbers = Float64Array.from(values, (value) => (typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN));
      return [{ column: { name, label, type: 'number', values: numbers }, meaning: { kind, field: name } }];
    }
    case 'boolean':
      return [{ column: levels(name, label, values.map(yesOrNo)), meaning: { kind, field: name } }];
    case 'keyword':
      return [
        {
          column: levels(
            name,
            label,
            values.map((value) => (typeof value === 'string' ? value : undefined)),
          ),
          meaning: { kind, field: name },
        },
      ];
    case 'list':
      return frequent(values).map((value) => ({
        column: levels(
          `${name}:${value}`,
          `${label}: ${value}`,
          values.map((list) => (Array.isArray(list) ? (list.includes(value) ? YES : NO) : undefined)),
        ),
        meaning: { kind: 'has', field: name, value },
      }));
  }
}

const yesOrNo = (value: unknown) => (typeof value === 'boolean' ? (value ? YES : NO) : undefined);

/** A column of texts; undefined where there is none. Its levels are in the order of their bytes. */
export function levels(name: string, label: string, values: readonly (string | undefined)[]): Column {
  const found = [...new Set(values.filter((value) => value !== undefined))].sort(byBytes);
  const places = new Map(found.map((level, at) => [level, at]));
  const codes = Int32Array.from(values, (value) => (value === undefined ? -1 : (places.get(value) ?? -1)));
  return { name, label, type: 'level', codes, levels: found };
}

/** A column of counts; undefined where there is none. */
export function counts(name: string, label: string, values: readonly (number | undefined)[]): Column {
  return { name, label, type: 'number', values: Float64Array.from(values, (value) => value ?? Number.NaN) };
}

function frequent(lists: readonly unknown[]): string[] {
  const seen = new Map<string, number>();
  for (const list of lists) {
    if (!Array.isArray(list)) continue;
    for (const value of new Set(list)) if (typeof value === 'string') seen.set(value, (seen.get(value) ?? 0) + 1);
  }
  return [...seen]
    .filter(([, n]) => n >= FEWEST)
    .sort(([a, n], [b, m]) => m - n || byBytes(a, b))
    .slice(0, MOST_VALUES)
    .map(([value]) => value)
    .sort(byBytes);
}

const bytes = new TextEncoder();

function byBytes(a: string, b: string): number {
  const [left, right] = [bytes.encode(a), bytes.encode(b)];
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i += 1) {
    const difference = (left[i] as number) - (right[i] as number);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
