/** The greatest that divides both, neither below 0. */
function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** The least that both divide, both above 0. */
export const lcm = (a: bigint, b: bigint): bigint => (a / gcd(a, b)) * b;
