/** Decimals to which a count or an amount is kept exactly; what has more is rounded to them. */
export const DECIMALS = 12;
const UNIT = 10n ** BigInt(DECIMALS);

/** A finite number in whole units of 10^-12, by its shortest decimal form: 0.1 is one tenth and not the double nearest to it. */
export function decimalUnits(value: number): bigint {
  if (Number.isSafeInteger(value)) return BigInt(value) * UNIT;
  const [digits = '', exponent = '0'] = value.toString().toLowerCase().split('e');
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.');
  const shift = Number(exponent) - fraction.length + DECIMALS;
  const mantissa = BigInt(whole + fraction);
  const units = shift >= 0 ? mantissa * 10n ** BigInt(shift) : halfUp(mantissa, 10n ** BigInt(-shift));
  return value < 0 ? -units : units;
}

function halfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}
