import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELD_TYPES } from '../../../src/definitions/core/taxonomy.ts';
import { fieldReader } from '../../../src/records/core/normalise.ts';
import { fieldOf, OPTIONS } from './reading-cases.ts';

describe('every type', () => {
  const likely = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: fc.constantFrom(...'0123456789.,-+/ :TZ$€%()kKmMbn<>~@aAdmoe\u00a0'), maxLength: 24 }),
    fc.webUrl(),
    fc.emailAddress(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.double().map(String),
  );

  it.each(FIELD_TYPES)('%s never throws, and what it gives reads as itself', (type) => {
    const read = fieldReader(fieldOf(type), OPTIONS);
    fc.assert(
      fc.property(fc.oneof(likely, fc.jsonValue()), (raw) => {
        const reading = read(raw);
        if (reading === undefined || 'reason' in reading) return;
        expect(fieldReader(fieldOf(type), OPTIONS)(reading.value)).toEqual(reading);
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  it.each(FIELD_TYPES)('%s gives up long cells at once', (type) => {
    const read = fieldReader(fieldOf(type), OPTIONS);
    for (const unit of ['1', '1-', '1,', ' 1', 'a@', '(', 'a.']) read(unit.repeat(30_000));
  });
});
