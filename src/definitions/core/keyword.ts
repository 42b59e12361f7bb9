/**
 * The form in which a keyword is stored and compared: NFKC, lower case, runs of anything but letters and digits as one `_`,
 * none at the ends. `Oil, Gas & Consumable Fuels` → `oil_gas_consumable_fuels`. Empty when the text has no letter or digit.
 * Idempotent: a key is its own key.
 */
export function keywordKey(text: string): string {
  // NFKC again after lower case: `İ` lowers to an `i` and a mark
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
}
