import type { SqlParam } from './database.ts';

/** Collects the parameters of a statement while its text is put together. */
export class SqlParams {
  readonly values: SqlParam[] = [];

  /** Adds a value and gives its placeholder. The text around it says the type: `${params.add(5)}::int`. */
  add(value: SqlParam): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  /** A document, as jsonb. */
  json(value: unknown): string {
    return `${this.add(JSON.stringify(value))}::text::jsonb`;
  }

  /** An array of texts, as text[]. */
  texts(values: readonly string[]): string {
    return `${this.add(arrayText(values))}::text[]`;
  }

  /** An array of UUIDs, as uuid[]. */
  uuids(values: readonly string[]): string {
    return `${this.add(arrayText(values))}::uuid[]`;
  }

  /** An array of integers, as int[]. */
  integers(values: readonly number[]): string {
    return `${this.add(arrayText(values.map((value) => String(Math.trunc(value)))))}::int[]`;
  }

  /** An array of exact numbers, as numeric[]. */
  numbers(values: readonly number[]): string {
    return `${this.add(arrayText(values.map(String)))}::numeric[]`;
  }
}

/** PostgreSQL's text form of an array. */
export function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => (/[\\"]/.test(value) ? `"${value.replace(/[\\"]/g, '\\$&')}"` : `"${value}"`)).join(',')}}`;
}
