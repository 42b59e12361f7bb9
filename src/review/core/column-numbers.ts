import { type DecimalMark, readNumber } from '../../records/core/normalise-number.ts';
import { withoutCurrency } from '../../records/core/written-currency.ts';
import { listed } from './report-format.ts';

/** A number with the marks that it may have: money, sign, brackets of accountants, thousands, fraction, exponent, per cent. */
const FIGURE = /^[(]?[+-]?[\d.,'’ ]*\d[\d.,'’ ]*(?:e[+-]?\d{1,3})?[)]?%?$/i;
const PLAIN = /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/;
const CODES = new Set('USD EUR GBP CHF JPY CNY INR CAD AUD NZD SEK NOK DKK PLN CZK HUF BRL MXN ZAR SGD HKD ILS TRY KRW'.split(' '));

/** The numbers of a column by text, with how they were written; or why they cannot be compared; undefined where not all are numbers. */
type NumbersRead = { values: number[]; notes: string[]; currencies: readonly string[] } | { reason: string } | undefined;

/**
 * Reads the distinct texts of a column as numbers, all or none. Amounts of several currencies are none that can be compared, nor are shares
 * with and without a per cent sign. Codes that begin with a zero are no numbers.
 */
export function readNumbers(texts: readonly string[]): NumbersRead {
  if (texts.length === 0) return undefined;
  if (texts.every((text) => PLAIN.test(text))) return { values: texts.map((text) => Number(text) + 0), notes: [], currencies: [] };
  const found = new Set<string>();
  const bare = texts.map((text) => withoutCurrency(text, found));
  if (!bare.every((text) => FIGURE.test(text) && !/^[(]?[+-]?0\d/.test(text))) return undefined;
  const mark = markOf(bare);
  const values: number[] = [];
  for (const text of bare) {
    const read = readNumber(text, mark);
    if (read === undefined || 'reason' in read) return undefined;
    values.push(read.value);
  }
  const shares = bare.filter((text) => text.endsWith('%')).length;
  if (shares > 0 && shares < bare.length) return { reason: 'holds numbers with and without a per cent sign, which cannot be compared' };
  const currencies = [...found].sort();
  if (currencies.length > 1) return { reason: `holds amounts in ${listed(currencies)}, which cannot be compared` };
  const notes = [
    ...(currencies.length === 1 ? [`amounts in ${currencies[0]}`] : []),
    ...(shares > 0 ? ['per cent'] : []),
    ...(mark === 'comma' ? ['decimal comma'] : bare.some((text) => text.includes(',')) ? ['commas group thousands'] : []),
  ];
  return { values, notes, currencies };
}

/** True for a column that names the currency of each row. */
export function areCurrencies(levels: readonly string[]): boolean {
  return levels.length > 0 && levels.every((level) => CODES.has(level.toUpperCase()));
}

/** Names of columns whose numbers are money. */
export const AMOUNT = /amount|value|revenue|price|\bacv\b|\barr\b|\bmrr\b|\btcv\b|budget|cost|spend|umsatz|betrag|wert/i;

/** The mark before the fraction, as the texts together show it; a comma before three digits groups thousands. */
function markOf(texts: readonly string[]): DecimalMark {
  const shows = (text: string) => {
    const [comma, point] = [text.lastIndexOf(','), text.lastIndexOf('.')];
    if (comma >= 0 && point >= 0) return comma > point;
    if (point >= 0) return text.indexOf('.') !== point;
    return comma >= 0 && text.indexOf(',') === comma && !/,\d{3}(?!\d)/.test(text);
  };
  return texts.some(shows) ? 'comma' : 'point';
}
