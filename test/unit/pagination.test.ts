import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorAt, offsetOf, positionOf } from '../../src/kernel/pagination.ts';

const query = { kind: 'account', tier: 'A' };

describe('a cursor', () => {
  it('gives back its position to the same query', () => {
    const position = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.constant(null)), { maxLength: 8 });
    fc.assert(
      fc.property(position, (at) => {
        expect(positionOf(cursorAt(query, at), { tier: 'A', kind: 'account' })).toEqual(at);
      }),
      { seed: 7 },
    );
  });

  it('is refused by another query', () => {
    expect(() => positionOf(cursorAt(query, [20]), { kind: 'account' })).toThrow('other filters');
  });

  it('is refused when it is made up or damaged', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => positionOf(text, query)).toThrow('not one that this server gave');
      }),
      { seed: 7 },
    );
    for (const at of [-1, 1.5, 'x', null]) expect(() => offsetOf(cursorAt(query, [at]), query)).toThrow('not one that this server gave');
  });

  it('starts at the first page when there is none', () => {
    expect(positionOf(undefined, query)).toBeUndefined();
    expect(offsetOf(undefined, query)).toBe(0);
    expect(offsetOf(cursorAt(query, [40]), query)).toBe(40);
  });
});
