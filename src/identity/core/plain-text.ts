import anyAscii from 'any-ascii';

/** Longer text is no name, place or number: its reading is null. */
const LONGEST_VALUE = 500;

export const ASCII: RegExp = /^[\0-\x7f]*$/;

/** Any script in Latin letters, lower case, without marks: `Müller` → `muller`, `Газпром` → `gazprom`. Always ASCII. */
export function plainText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  // `Acme™` is Acme, and a symbol or an emoji is no word
  const spoken = text.replace(/\p{So}+/gu, ' ').replace(/[\p{Cf}\p{Cs}\p{Co}\p{Cn}]+/gu, '');
  return anyAscii(spoken.normalize('NFKC')).toLowerCase();
}

/** The runs of Latin letters and digits in any text; an apostrophe joins: `McDonald's` is one word. */
export function plainWords(text: string): string[] {
  return (
    plainText(text)
      .replace(/['`]/g, '')
      .match(/[a-z0-9]+/g) ?? []
  );
}

/** True for what can hold no value: nothing but blanks, or too long. */
export function isUnreadable(text: string): boolean {
  return text.length > LONGEST_VALUE || text.trim() === '';
}
