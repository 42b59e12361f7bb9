import type { Credit } from './credit.ts';

/**
 * An amount shared out in whole units, so that the shares sum to it exactly: each gets its share rounded down, and what is left goes by
 * largest remainder, among equals to the earliest. A negative amount is shared out as the positive one is. No parts: nothing.
 * @param total whole units, as cents
 */
export function shareOut(total: number, credit: Credit): number[] {
  if (!Number.isSafeInteger(total)) throw new RangeError('an amount is a whole number of units');
  const { parts, whole } = credit;
  if (parts.length === 0) return [];
  const amount = Math.abs(total);
  if (typeof whole === 'number' && amount * whole <= Number.MAX_SAFE_INTEGER) {
    const rests: number[] = [];
    const shares = (parts as number[]).map((part) => {
      const product = amount * part;
      const rest = product % whole;
      rests.push(rest);
      return (product - rest) / whole;
    });
    return signed(handOut(shares, rests, amount - sum(shares)), total);
  }
  return signed(shareOutUnits(BigInt(amount), bigParts(parts), BigInt(whole)).map(Number), total);
}

/** The same of any size, not below 0. */
export function shareOutUnits(amount: bigint, parts: readonly bigint[], whole: bigint): bigint[] {
  let left = amount;
  const rests: bigint[] = [];
  const shares = parts.map((part) => {
    const product = amount * part;
    const share = product / whole;
    rests.push(product - share * whole);
    left -= share;
    return share;
  });
  if (left > 0n) for (const i of largestFirst(rests).slice(0, Number(left))) shares[i] = (shares[i] as bigint) + 1n;
  return shares;
}

const bigParts = (parts: readonly (number | bigint)[]) => parts.map((part) => BigInt(part));

function handOut(shares: number[], rests: readonly number[], left: number): number[] {
  if (left > 0) for (const i of largestFirst(rests).slice(0, left)) shares[i] = (shares[i] as number) + 1;
  return shares;
}

/** Places by their remainders, the largest first, among equals the earliest. */
export function largestFirst(rests: readonly (number | bigint)[]): number[] {
  const order = rests.map((_, i) => i);
  return order.sort((a, b) => {
    const [x, y] = [rests[a] as number | bigint, rests[b] as number | bigint];
    return x === y ? a - b : x > y ? -1 : 1;
  });
}

function sum(shares: readonly number[]): number {
  let total = 0;
  for (const share of shares) total += share;
  return total;
}

function signed(shares: number[], total: number): number[] {
  return total < 0 ? shares.map((share) => (share === 0 ? 0 : -share)) : shares;
}
