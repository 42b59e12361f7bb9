import { isObject } from '../kernel/json.ts';

/** Control, format (bidi, zero-width, tags) and other characters that a person does not see but a model reads. */
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** What may hold some. Most of an answer is plain ASCII, and a property of Unicode is dear to ask of each character. */
const NOT_PLAIN = /[^\n\t -~]+/g;
const PLAIN = /^[\n\t -~]*$/;

/** Text without invisible characters and lone surrogates. Line ends become `\n`. */
export function neutralText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(NOT_PLAIN, (run) => run.replace(INVISIBLE, ''));
}

/** A JSON value whose every string and key is neutral; members that are undefined are left out, as in JSON. */
export function neutralJson(value: unknown): unknown {
  if (typeof value === 'string') return neutralText(value);
  if (Array.isArray(value)) return value.map(neutralJson);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [neutralText(key), neutralJson(member)]),
  );
}
