import type { Scalar } from './predicate.ts';
import type { FieldType } from './taxonomy.ts';

/** Words for sentences about definitions. Numbers are grouped by hand: a locale's own rules change with the runtime. */

/** `1,234,567`, `2.5`. */
export function numberText(n: number): string {
  const [whole, fraction] = String(n).split('.');
  if (whole === undefined || !/^-?\d+$/.test(whole)) return String(n);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A constant as it reads: `c_level` → `c level`, `us` → `US`, true → `yes`. */
export function valueText(value: Scalar, type: FieldType): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return numberText(value);
  if (type === 'country') return value.toUpperCase();
  return type === 'keyword' || type === 'list' ? value.replaceAll('_', ' ') : value;
}

const MOST_NAMED = 20;

/** `a`, `a or b`, `a, b or c`; a long list says how many more. */
export function orList(values: readonly string[]): string {
  const named = values.slice(0, MOST_NAMED);
  const rest = values.length - named.length;
  if (rest > 0) return `${named.join(', ')} or one of ${rest} more`;
  const last = named.pop() ?? '';
  return named.length === 0 ? last : `${named.join(', ')} or ${last}`;
}

/** `30 days`, `day`: what stands after "in the last". */
export function windowText(days: number): string {
  return days === 1 ? 'day' : `${numberText(days)} days`;
}

/** `earns 10 points`, `loses 1 point`, `earns nothing`. */
export function pointsText(points: number): string {
  if (points === 0) return 'earns nothing';
  const amount = Math.abs(points);
  return `${points < 0 ? 'loses' : 'earns'} ${numberText(amount)} ${amount === 1 ? 'point' : 'points'}`;
}

/** Lower case at its start, unless it is an abbreviation or a name with capitals inside. */
export function lowered(label: string): string {
  const word = label.trim().split(/\s/, 1)[0] ?? '';
  return /^\p{Lu}[\p{Ll}\-.]*$/u.test(word) ? label.trim().charAt(0).toLowerCase() + label.trim().slice(1) : label.trim();
}

export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The plural of an English noun phrase; a phrase that is one already stays. */
export function plural(phrase: string): string {
  // `champion who moved here`: the noun comes before the relative clause
  const [, noun = phrase, rest = ''] = /^(.*?)( who .*| about .*| of .*| in .*)$/.exec(phrase) ?? [];
  if (/[^s]s$/i.test(noun) && !/(us|is)$/i.test(noun)) return `${noun}${rest}`;
  if (/[^aeiou]y$/i.test(noun)) return `${noun.slice(0, -1)}ies${rest}`;
  return `${noun}${/(s|x|z|ch|sh)$/i.test(noun) ? 'es' : 's'}${rest}`;
}

/** True for a phrase that names several: employees, technologies. */
export function isPlural(phrase: string): boolean {
  return plural(phrase) === phrase;
}

export function anA(phrase: string): 'a' | 'an' {
  return /^[aeio]|^u(?!s|ni)/i.test(phrase) ? 'an' : 'a';
}

/** `REL-02: vendor, student or competitor`. */
export function codeText(code: string, codes: readonly { code: string; reason: string }[] | undefined): string {
  const reason = codes?.find((one) => one.code === code)?.reason;
  return reason === undefined ? code : `${code}: ${reason}`;
}
