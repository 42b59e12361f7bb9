import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameKey } from '../../../src/records/core/name-key.ts';

describe('name keys', () => {
  it.each([
    ['Müller & Söhne GmbH', 'muller sohne gmbh'],
    ['  ACME,  Inc. ', 'acme inc'],
    ['ΑΣ', 'ας'],
  ])('%s', (name, key) => expect(nameKey(name)).toBe(key));

  it('is its own key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(nameKey(nameKey(name))).toBe(nameKey(name));
      }),
      { seed: 11, numRuns: 2000 },
    );
  });
});
