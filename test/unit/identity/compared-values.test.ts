import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparedValues, type Said } from '../../../src/identity/core/compared-values.ts';

const said = (source: string, record: string | null, values: Said['values']): Said => ({ source, record, values });
const FIELDS = ['name', 'city'];

describe('what a node of several records is compared by', () => {
  it('is the last word of each record: of the best source, then of most, then of the least id', () => {
    const of = (...list: Said[]) => comparedValues(list, FIELDS, ['crm', 'erp']);
    expect(of(said('erp', '1', { name: 'Late' }), said('crm', '2', { name: 'Best' }), said('web', '3', { city: 'Jena' }))).toEqual({
      name: 'Best',
      city: 'Jena',
    });
    expect(of(said('erp', '3', { name: 'A' }), said('erp', '2', { name: 'B' }), said('erp', '4', { name: 'A' }))).toEqual({ name: 'A' });
    expect(of(said('erp', '3', { name: 'A' }), said('erp', '2', { name: 'B' }))).toEqual({ name: 'B' });
    // a record that says something else now, or nothing, has no other voice
    expect(of(said('crm', '1', { name: 'Old' }), said('crm', '1', { name: 'New', title: 'CEO' }))).toEqual({ name: 'New' });
    expect(of(said('crm', '1', { name: 'Old' }), said('erp', '1', { name: 'Other' }), said('crm', '1', { name: null }))).toEqual({
      name: 'Other',
    });
    expect(of(said('web', null, { city: 'Ulm' }), said('aaa', '1', { city: 'Bonn' }))).toEqual({ city: 'Bonn' });
    expect(of()).toEqual({});
  });

  it('does not hang on the order of records', () => {
    const record = fc.record({
      source: fc.constantFrom('crm', 'erp', 'web'),
      values: fc.record({ name: fc.constantFrom('A', 'B', 'C'), city: fc.constantFrom('Ulm', 'Jena') }, { requiredKeys: [] }),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (records, chance) => {
        const list = records.map(({ source, values }, i) => said(source, String(i), values));
        const shuffled = list.map((one) => ({ one, at: chance.next().value as number })).sort((a, b) => a.at - b.at);
        expect(
          comparedValues(
            shuffled.map(({ one }) => one),
            FIELDS,
            ['crm'],
          ),
        ).toEqual(comparedValues(list, FIELDS, ['crm']));
      }),
      { seed: 20_261_123 },
    );
  });
});
