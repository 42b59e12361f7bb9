import fc from 'fast-check';
import { expect, it } from 'vitest';
import { neutralText } from '../../src/server/neutralise.ts';

/** Character by character, as the rule has it. */
function plainly(text: string): string {
  const lines = text.toWellFormed().replace(/\r\n|[\r\u0085\u2028\u2029]/g, '\n');
  return [...lines].filter((c) => c === '\n' || c === '\t' || !/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(c)).join('');
}

it('invisible characters go, wherever they stand, and nothing else does', () => {
  const odd = fc.constantFrom(
    '\u200b',
    '\u202e',
    '\u{e0041}',
    '\u0000',
    '\u007f',
    '\u00ad',
    '\r\n',
    '\r',
    '\u2028',
    '\t',
    'é',
    '→',
    '😀',
    '\ud800',
    'plain text',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(odd, fc.string(), fc.string({ unit: 'binary' })), { maxLength: 12 }), (parts) => {
      expect(neutralText(parts.join(''))).toBe(plainly(parts.join('')));
    }),
    { seed: 20261122, numRuns: 500 },
  );
});
