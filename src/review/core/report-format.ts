import { shown } from '../../kernel/errors.ts';

/** What stands where there is no figure. */
export const NO_FIGURE = '–';

type Maybe = number | null | undefined;

const isFigure = (value: Maybe): value is number => typeof value === 'number' && Number.isFinite(value);

/** `41,188`. Written out here, so that no machine's locale has a part in it. */
export function whole(value: Maybe): string {
  return isFigure(value) ? grouped(Math.round(value).toFixed(0)) : NO_FIGURE;
}

/** With so many places after the point; groups of thousands. A zero has no sign. */
export function fixed(value: Maybe, places: number): string {
  if (!isFigure(value)) return NO_FIGURE;
  const text = value.toFixed(places);
  const [digits = '', fraction] = (Number(text) === 0 ? text.replace('-', '') : text).split('.');
  return fraction === undefined ? grouped(digits) : `${grouped(digits)}.${fraction}`;
}

/** A share from 0 to 1 as `11.3 %`. */
export function percent(share: Maybe): string {
  return isFigure(share) ? `${fixed(share * 100, 1)} %` : NO_FIGURE;
}

/** A difference of shares as `+4.5 points`. */
export function points(share: Maybe): string {
  return isFigure(share) ? `${signed(share * 100, 1)} points` : NO_FIGURE;
}

export function signed(value: Maybe, places: number): string {
  const text = fixed(value, places);
  return isFigure(value) && Number(value.toFixed(places)) > 0 ? `+${text}` : text;
}

/** A p- or q-value: three places, and below them what it is below. */
export function chance(value: Maybe): string {
  if (!isFigure(value)) return NO_FIGURE;
  return value < 0.001 ? '< 0.001' : fixed(value, 3);
}

/** `8.1 % to 14.2 %`. */
export function range(low: Maybe, high: Maybe, one: (value: Maybe) => string): string {
  return isFigure(low) && isFigure(high) ? `${one(low)} to ${one(high)}` : NO_FIGURE;
}

/** Text from outside within a sentence of ours, not yet Markdown. */
export function inQuotes(text: string): string {
  return `“${shown(text)}”`;
}

/** `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(?:\d{3})+$)/g, ',');
}
