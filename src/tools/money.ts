/** Millionths of a US dollar as dollars. */
export function micros(value: number): number {
  return value / 1_000_000;
}

/** `$0.35`; amounts below a cent with the places they need. */
export function dollars(usd: number): string {
  return `$${usd === 0 || usd >= 0.01 ? usd.toFixed(2) : usd.toFixed(6).replace(/0+$/, '')}`;
}
