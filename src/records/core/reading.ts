import type { Json } from '../../kernel/canonical-json.ts';

/** What a cell says: a value, nothing, or something that cannot be read as what its field wants. */
export type Reading<T = Json> = { readonly value: T } | { readonly reason: string } | undefined;

/** Texts that stand for "nothing" in fields that are not free text. */
const BLANK = /^(?:|-+|–|—|n\/a|#n\/a|null|nil|none|undefined|unknown|not available|\\n|#ref!|#value!|#name\?|#div\/0!|\[not provided\])$/i;
/** The fewer of them that stand for nothing also in free text: Null is a surname. */
const BLANK_TEXT = /^(?:|\\N|#N\/A|\[not provided\])$/;

/** ASCII words with single spaces: as it is stored. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

export const isBlank = (text: string): boolean => BLANK.test(text);
const isBlankText = (text: string): boolean => BLANK_TEXT.test(text);

/**
 * Free text as it is stored: NFC, single spaces, none at the ends.
 * Text that PostgreSQL cannot hold (a NUL byte, half a surrogate pair) has a reason instead.
 */
export function readText(raw: string): Reading<string> {
  if (PLAIN.test(raw)) return isBlankText(raw) ? undefined : { value: raw };
  const problem = unstorable(raw);
  if (problem !== undefined) return { reason: problem };
  const text = raw.normalize('NFC').replace(/\s+/g, ' ').trim();
  return isBlankText(text) ? undefined : { value: text };
}

/** Why a text cannot be stored, or undefined. */
export function unstorable(text: string): string | undefined {
  if (text.includes('\u0000')) return 'holds a NUL byte';
  if (!text.isWellFormed()) return 'holds half a surrogate pair: the text was cut or wrongly encoded';
  return undefined;
}
