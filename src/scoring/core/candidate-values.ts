import { type Predicate, readPredicate } from '../../definitions/core/predicate.ts';
import type { Rubric } from '../../definitions/core/rubric.ts';

export type FieldValue = string | number | boolean | string[];
const MOST = 40;
const FIRST_DATE = '1900-01-01';
const LAST_DATE = '2999-12-31';

/**
 * Values of an unknown field between which the rubric tells: each constant it is compared with, both sides of each bound,
 * and one value that no test names. Scoring the subject once with each shows what knowing the field could change.
 */
export function candidateValues(rubric: Rubric, field: string): FieldValue[] {
  const values = new Map<string, FieldValue>();
  const add = (...found: FieldValue[]) => {
    for (const value of found) if (values.size < MOST) values.set(JSON.stringify(value), value);
  };
  const visit = (predicate: Predicate): void => {
    switch (predicate.op) {
      case 'all':
      case 'any':
        for (const part of predicate.of) visit(part);
        return;
      case 'not':
        visit(predicate.of);
        return;
      case 'count':
      case 'signal':
        return;
    }
    if (predicate.field !== field) return;
    if (predicate.op === 'eq') add(predicate.value, ...other(predicate.value));
    if (predicate.op === 'in') add(...predicate.values.slice(0, MOST / 2), ...other(predicate.values[0] ?? ''));
    if (predicate.op === 'in_list') add(...(rubric.lists?.[predicate.list] ?? []).slice(0, 1), ...other(''));
    if (predicate.op === 'has') add([...predicate.values], ...predicate.values.slice(0, 10).map((value) => [value]), []);
    if (predicate.op === 'exists') add(...other(''));
    if (predicate.op === 'range') add(...around(predicate.min), ...around(predicate.max));
  };
  for (const criterion of rubric.criteria) {
    if (criterion.when !== undefined) visit(readPredicate(criterion.when));
    if (criterion.bands?.field === field) for (const [from] of criterion.bands.steps) add(from - 1, from);
  }
  for (const disqualifier of rubric.disqualify ?? []) visit(readPredicate(disqualifier.when));
  return [...values.values()];
}

function around(bound: number | string | undefined): FieldValue[] {
  if (bound === undefined) return [];
  return typeof bound === 'number' ? [bound - 1, bound, bound + 1] : [FIRST_DATE, bound, LAST_DATE];
}

/** A value of the same type that nothing is compared with. */
function other(value: string | number | boolean): FieldValue[] {
  if (typeof value === 'boolean') return [!value];
  return typeof value === 'number' ? [value + 1] : ['(another)'];
}
