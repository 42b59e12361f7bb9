import fc from 'fast-check';
import { expect, test } from 'vitest';

const SEED = 20_260_401;

/** Texts that break readers: too long, of no letters, from right to left, with marks, broken surrogates, and what is nearly fine. */
export const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfff',
  '\u202eabc',
  'שלום עולם',
  'شركة الأمل',
  'e\u0301'.repeat(40),
  '\u0301\u0301\u0301',
  '株式会社トヨタ',
  '🙂👩‍👩‍👧',
  'İSTANBUL',
  'ﬁn ﬂ ǆ',
  '"""(((',
  '/////',
  '&&& ... ,,,',
  'a'.repeat(10_000),
  'a.'.repeat(5_000),
  '('.repeat(10_000),
  '@'.repeat(10_000),
  ' d/b/a '.repeat(1_500),
  '+1 '.repeat(3_000),
  '1'.repeat(10_000),
  `${'a-'.repeat(5_000)}.com`,
];

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      'B',
      '.',
      ' ',
      ',',
      '-',
      '/',
      '&',
      '(',
      ')',
      '1',
      '+',
      '@',
      "'",
      'é',
      'ß',
      '"',
      'co',
      'the ',
      ' inc',
      'dr ',
      'van ',
      ' st',
    ),
    maxLength: 40,
  }),
  fc.constantFrom(...ODD_TEXTS),
);

/** A reader answers every text, and reads what it gave as the same again. */
export function readsAnything(
  name: string,
  read: (text: string) => string | null | undefined,
  again: (text: string) => string | null | undefined = read,
): void {
  test(`any text is read as ${name} or as none, and twice the same`, () => {
    for (const odd of ODD_TEXTS) expect(() => read(odd)).not.toThrow();
    fc.assert(
      fc.property(text, (one) => {
        const key = read(one) ?? null;
        if (key === null) return;
        expect(key).not.toBe('');
        expect(again(key)).toBe(key);
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });
}
