import { isBlank, type Reading } from './reading.ts';

/** The mark before the fraction in a file's numbers. */
export type DecimalMark = 'point' | 'comma';

const CURRENCY =
  /(?:US|CA|AU|NZ|HK|S|R|C|A)?[$€£¥₹₽₩₪₺₴₫฿₱₦]|\b(?:USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|SGD|HKD|ILS|TRY|KRW)\b|\bRs\.?/gi;
const UNITS = /\s*\b(?:employees?|people|persons?|staff|ftes?|mitarbeiter|users?|seats?)\b\.?$/i;
const SCALES: Readonly<Record<string, number>> = {
  k: 1e3,
  tsd: 1e3,
  thousand: 1e3,
  m: 1e6,
  mm: 1e6,
  mn: 1e6,
  mio: 1e6,
  million: 1e6,
  millions: 1e6,
  b: 1e9,
  bn: 1e9,
  mrd: 1e9,
  billion: 1e9,
  billions: 1e9,
};
const SCALED = /^(.*\d)\s*(k|tsd|thousand|mm|mn|mio|millions?|m|bn|b|mrd|billions?)\.?$/i;
const MONTH_RANGE = /^\d{1,2}[-. ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;
const LARGEST = 1e15;

/**
 * A number as people and systems write it. A range, `500+` or `> 500` is its lower bound; `< 10` is 0. Money, units and a
 * remark in brackets after it (`2013 (1888)`) are taken off, `k`, `m`, `bn` multiply. One separator before exactly three digits: a comma groups thousands (`1,234` is 1234),
 * a point marks the fraction (`1.234` is 1.234) unless the mark is said to be the comma.
 */
export function readNumber(raw: string, mark?: DecimalMark): Reading<number> {
  const text = tidy(raw);
  if (isBlank(text)) return undefined;
  return bounded(text, (part) => plainNumber(part, mark, false));
}

/**
 * A whole number, by the rules of `readNumber`, save that a point before three digits groups thousands (`1.234` is 1234), as no
 * fraction can be meant; `12.000` may mean 12 or 12000 and is refused unless the mark is said.
 */
export function readInteger(raw: string, mark?: DecimalMark): Reading<number> {
  const text = tidy(raw);
  if (isBlank(text)) return undefined;
  const read = bounded(text, (part) => plainNumber(part, mark, true));
  if (read === undefined || !('value' in read)) return read;
  return Number.isSafeInteger(read.value) ? read : { reason: 'is not a whole number' };
}

function tidy(raw: string): string {
  return raw
    .replace(/(\d\S*)\s+[([][^()[\]]*[)\]]\s*$/, '$1')
    .replace(/[\s\u00a0\u202f\u2009]+/g, ' ')
    .replace(/[\u2212\u2012]/g, '-')
    .trim();
}

function bounded(text: string, read: (part: string) => number | string): Reading<number> {
  if (MONTH_RANGE.test(text)) return { reason: 'looks like a range that a spreadsheet turned into a date' };
  const bare = text.replace(UNITS, '').trim();
  if (/^(?:<=?|≤|less than|fewer than|under|below|up to)/i.test(bare)) {
    const limit = read(bare.replace(/^(?:<=?|≤|less than|fewer than|under|below|up to)\s*/i, ''));
    return typeof limit === 'number' ? { value: 0 } : { reason: limit };
  }
  const open = /^(?:(?:>=?|≥|~|≈|more than|over|above|at least|about|approx\.?|ca\.)\s*)?(.+?)\s*\+?$/i.exec(bare)?.[1] ?? bare;
  const range = /^(.*\d[^-–—]*?)\s*(?:-|–|—|\bto\b|\bbis\b)\s*(.*\d.*)$/i.exec(open);
  if (range?.[1] !== undefined && range[2] !== undefined && !/e$/i.test(range[1])) {
    const low = read(range[1]);
    const high = read(range[2]);
    if (typeof low === 'string' || typeof high === 'string') return { reason: 'is not a number or a range of numbers' };
    return low <= high ? { value: low } : { reason: 'is a range whose end is below its start' };
  }
  const value = read(open);
  return typeof value === 'number' ? { value } : { reason: value };
}

/** The number, or why it is none. */
function plainNumber(raw: string, mark: DecimalMark | undefined, whole: boolean): number | string {
  let text = raw.replace(CURRENCY, '').replace(/%$/, '').trim();
  let sign = 1;
  const inBrackets = /^\((.*)\)$/.exec(text);
  if (inBrackets?.[1] !== undefined) {
    sign = -1;
    text = inBrackets[1].trim();
  }
  let scale = 1;
  const scaled = SCALED.exec(text);
  if (scaled?.[1] !== undefined && scaled[2] !== undefined) {
    scale = SCALES[scaled[2].toLowerCase()] ?? 1;
    text = scaled[1].trim();
  }
  const signed = /^([+-])\s*(.*)$/.exec(text);
  if (signed?.[2] !== undefined) {
    if (signed[1] === '-') sign = -sign;
    text = signed[2];
  }
  const digits = decimalDigits(text, mark, whole && scale === 1);
  if (digits === undefined) return 'is not a number';
  if (digits === 'ambiguous') return 'may mean thousands or a fraction: say which mark the file uses';
  const product = Number(digits) * scale;
  // 1.1 million is 1100000, not 1100000.0000000001
  const value = sign * (scale > 1 ? Number(product.toPrecision(15)) : product);
  if (!Number.isFinite(value) || Math.abs(value) > LARGEST) return 'is beyond 1,000,000,000,000,000';
  return value === 0 ? 0 : value;
}

/** The digits with a point before the fraction, as JavaScript reads them. */
function decimalDigits(text: string, mark: DecimalMark | undefined, whole: boolean): string | 'ambiguous' | undefined {
  if (/^\d+$/.test(text) || /^\d*\.?\d+e[+-]?\d{1,3}$/i.test(text)) return text;
  const spaced = /^\d{1,3}(?:([ '’])\d{3})(?:\1\d{3})*(?:[.,]\d+)?$/.test(text);
  const joined = spaced ? text.replace(/[ '’]/g, '') : text;
  if (!/^\d*(?:[.,]\d+)*[.,]?$/.test(joined) || !/\d/.test(joined)) return undefined;
  const last = Math.max(joined.lastIndexOf('.'), joined.lastIndexOf(','));
  if (last < 0) return joined;
  const separator = joined[last] ?? '';
  const other = separator === '.' ? ',' : '.';
  const head = joined.slice(0, last);
  const fraction = joined.slice(last + 1);
  if (head.includes(other)) return grouped(head, other) ? `${head.replaceAll(other, '')}.${fraction}` : undefined;
  if (head.includes(separator)) return grouped(joined, separator) ? joined.replaceAll(separator, '') : undefined;
  const isMark = mark !== undefined && (mark === 'comma') === (separator === ',');
  const mayGroup = !spaced && /^[1-9]\d{0,2}$/.test(head) && fraction.length === 3;
  if (!mayGroup || isMark) return `${head || '0'}.${fraction || '0'}`;
  if (mark === undefined && separator === '.') {
    if (!whole) return `${head}.${fraction}`;
    if (fraction === '000') return 'ambiguous';
  }
  return `${head}${fraction}`;
}

function grouped(text: string, separator: string): boolean {
  const parts = text.split(separator);
  return /^\d{1,3}$/.test(parts[0] ?? '') && parts.slice(1).every((part) => /^\d{3}$/.test(part));
}
