import { expect, it } from 'vitest';
import type { FieldType, TaxonomyField } from '../../../src/definitions/core/taxonomy.ts';
import { fieldReader, type ReadingOptions } from '../../../src/records/core/normalise.ts';
import { loadCountries } from '../../../src/records/load-countries.ts';

export const OPTIONS: ReadingOptions = { countries: await loadCountries() };

/** Of a cell that cannot be read as its field's type. */
export const BAD = Symbol('bad');

export const fieldOf = (type: FieldType, values?: TaxonomyField['values']): TaxonomyField => ({
  name: 'account.field',
  type,
  label: 'Field',
  ...(values !== undefined && { values }),
});

/** A test for each cell: what a field of the type makes of it; undefined, where it holds no value. */
export function readsAs(
  type: FieldType,
  cases: readonly [raw: unknown, value: unknown][],
  extra: Partial<ReadingOptions> = {},
  values?: TaxonomyField['values'],
): void {
  it.each(cases)(`${type}: %j`, (raw, wanted) => {
    const reading = fieldReader(fieldOf(type, values), { ...OPTIONS, ...extra })(raw);
    if (wanted === BAD) expect(reading).toHaveProperty('reason');
    else expect(reading).toEqual(wanted === undefined ? undefined : { value: wanted });
  });
}
