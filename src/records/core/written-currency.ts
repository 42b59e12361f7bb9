/** What is written in front of or behind amounts. A dollar is taken for the American one. */
const CURRENCIES: readonly (readonly [RegExp, string])[] = [
  [/US\$|\bUSD\b|(?<![A-Z])\$/g, 'USD'],
  [/€|\bEUR\b/gi, 'EUR'],
  [/£|\bGBP\b/gi, 'GBP'],
  [/\bCHF\b/gi, 'CHF'],
  [/\bJPY\b/gi, 'JPY'],
  [/\bCNY\b/gi, 'CNY'],
  [/¥/g, 'JPY or CNY'],
  [/₹|\bINR\b|\bRs\.?(?=\s*\d)/gi, 'INR'],
  [/CA\$|C\$|\bCAD\b/gi, 'CAD'],
  [/AU\$|A\$|\bAUD\b/gi, 'AUD'],
  [/\bSEK\b/gi, 'SEK'],
  [/\bNOK\b/gi, 'NOK'],
  [/\bDKK\b/gi, 'DKK'],
  [/zł|\bPLN\b/gi, 'PLN'],
  [/R\$|\bBRL\b/gi, 'BRL'],
];

/**
 * The text of an amount without the currency that is written with it.
 * @param found is told which it was
 */
export function withoutCurrency(text: string, found: Set<string>): string {
  let bare = text.replace(/[\u2212\u2012]/g, '-').replace(/[\u00a0\u202f\u2009]/g, ' ');
  if (!/[\p{L}\p{Sc}]/u.test(bare)) return bare;
  for (const [name, currency] of CURRENCIES) {
    const without = bare.replace(name, '');
    if (without !== bare) found.add(currency);
    bare = without;
  }
  return bare.trim();
}
