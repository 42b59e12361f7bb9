import type { SqlParams } from '../../kernel/sql-params.ts';
import type { Predicate, Scalar } from './predicate.ts';

/** The JSON type that a test needs of a field's value. */
export type FieldType = 'string' | 'number' | 'boolean' | 'array' | 'any';

/** What the statement around a predicate offers to it. */
export interface PredicateScope {
  params: SqlParams;
  lists: Readonly<Record<string, readonly string[]>>;
  /** SQL of the field's value, null unless it is of the type: text, numeric, boolean or jsonb. */
  field(name: string, type: FieldType): string;
  /** SQL of the number of events of the types in the window. */
  count(types: readonly string[], windowDays: number): string;
  /** SQL of a boolean, never null. */
  signal(type: string, withinDays: number): string;
}

/**
 * A predicate as a parameterised SQL boolean. SQL's three-valued logic is Kleene's: null is "unknown", and it reaches the
 * top only when a missing field decides the matter.
 */
export function predicateSql(predicate: Predicate, scope: PredicateScope): string {
  switch (predicate.op) {
    case 'all':
    case 'any':
      return `(${predicate.of.map((part) => predicateSql(part, scope)).join(predicate.op === 'all' ? ' and ' : ' or ')})`;
    case 'not':
      return `(not ${predicateSql(predicate.of, scope)})`;
    case 'exists':
      return `(${scope.field(predicate.field, 'any')} is ${predicate.exists ? 'not null' : 'null'})`;
    case 'eq':
      return oneOf(predicate.field, [predicate.value], scope);
    case 'in':
      return oneOf(predicate.field, predicate.values, scope);
    case 'in_list': {
      const value = scope.field(predicate.field, 'string');
      const list = scope.lists[predicate.list] ?? [];
      // null = any('{}') is false, yet an unknown value is unknown also in an empty list
      return list.length === 0 ? `(case when ${value} is not null then false end)` : `(${value} = any(${scope.params.texts(list)}))`;
    }
    case 'has':
      return `(${scope.field(predicate.field, 'array')} ?| ${scope.params.texts(predicate.values)})`;
    case 'range':
      return bounded(predicate, scope);
    case 'count':
      return within(
        scope.count(predicate.types, predicate.windowDays),
        predicate,
        (bound) => `${scope.params.add(String(bound))}::numeric`,
      );
    case 'signal':
      return scope.signal(predicate.type, predicate.withinDays);
  }
}

function bounded(predicate: Extract<Predicate, { op: 'range' }>, scope: PredicateScope): string {
  const dates = typeof (predicate.min ?? predicate.max) === 'string';
  const value = scope.field(predicate.field, dates ? 'string' : 'number');
  return within(value, predicate, (bound) =>
    dates ? `${scope.params.add(String(bound))}::text collate "C"` : `${scope.params.add(String(bound))}::numeric`,
  );
}

function within(
  value: string,
  { min, max }: { min: number | string | undefined; max: number | string | undefined },
  constant: (bound: number | string) => string,
): string {
  const parts = [];
  if (min !== undefined) parts.push(`${value} >= ${constant(min)}`);
  if (max !== undefined) parts.push(`${value} <= ${constant(max)}`);
  return `(${parts.join(' and ')})`;
}

function oneOf(field: string, values: readonly Scalar[], scope: PredicateScope): string {
  const texts = values.filter((value) => typeof value === 'string');
  const numbers = values.filter((value) => typeof value === 'number');
  const booleans = values.filter((value) => typeof value === 'boolean');
  const tests: [FieldType, string][] = [];
  if (texts.length > 0) tests.push(['string', `= any(${scope.params.texts(texts)})`]);
  if (numbers.length > 0) tests.push(['number', `= any(${scope.params.numbers(numbers)})`]);
  if (booleans.length > 0) tests.push(['boolean', new Set(booleans).size === 2 ? 'is not null' : `= ${booleans[0]}`]);
  // coalesce picks the test of the type that the value has; of no listed type, it stays unknown
  const compared = tests.map(([type, test]) => {
    const value = scope.field(field, type);
    return test === 'is not null' ? `(case when ${value} is not null then true end)` : `(${value} ${test})`;
  });
  return compared.length === 1 ? (compared[0] ?? 'null') : `coalesce(${compared.join(', ')})`;
}

/**
 * A key of a jsonb object as the type a test needs; null when it is missing or of another type.
 * @param fields SQL of the object. @param key matches [a-z0-9_]+ by the grammar, so it can stand in the text.
 */
export function jsonFieldSql(fields: string, key: string, type: FieldType): string {
  const value = `(${fields} -> '${key}')`;
  switch (type) {
    case 'any':
      return `nullif(${value}, 'null'::jsonb)`;
    case 'array':
      return `(case jsonb_typeof${value} when 'array' then ${value} end)`;
    case 'string':
      return `(case jsonb_typeof${value} when 'string' then ${fields} ->> '${key}' end)`;
    case 'number':
      return `(case jsonb_typeof${value} when 'number' then ${value}::numeric end)`;
    case 'boolean':
      return `(case jsonb_typeof${value} when 'boolean' then ${value}::boolean end)`;
  }
}
