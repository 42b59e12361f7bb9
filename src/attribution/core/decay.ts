const DAY = 86_400_000;
/** A touch so many half-lives older than the youngest earns nothing: less than 10^-308 of the youngest's. */
const LONGEST = 1024;
/** Bits to which a weight between two whole half-lives is rounded. */
const BITS = 53;

/**
 * Weights 2^(−age / half-life) as integers against the youngest touch. A whole number of half-lives is exact; between two, the weight is
 * right to 2^-52 of itself. Only sums and products are used, so that every machine gets the same.
 * @param times epoch ms
 * @param halfLife days, also a fraction of one
 */
export function decayedParts(times: readonly number[], halfLife: number): { parts: bigint[]; whole: bigint } {
  const length = Math.max(1, Math.round(halfLife * DAY));
  let youngest = Number.NEGATIVE_INFINITY;
  for (const at of times) youngest = Math.max(youngest, at);
  const weights = times.map((at) => {
    const age = Math.round(youngest - at);
    const halvings = Math.floor(age / length);
    return { halvings, mantissa: between((age % length) / length) };
  });
  let deepest = 0;
  let isExact = true;
  for (const { halvings, mantissa } of weights) {
    if (halvings > LONGEST) continue;
    deepest = Math.max(deepest, halvings);
    if (mantissa !== 1) isExact = false;
  }
  const bits = isExact ? 0 : BITS;
  let whole = 0n;
  const parts = weights.map(({ halvings, mantissa }) => {
    if (halvings > LONGEST) return 0n;
    const part = BigInt(Math.round(mantissa * 2 ** bits)) << BigInt(deepest - halvings);
    whole += part;
    return part;
  });
  return { parts, whole };
}

/** 2^−x for x from 0 up to 1, as the series of e^(−x·ln 2): its 20th term is below 10^-21. */
function between(x: number): number {
  if (x === 0) return 1;
  const y = -x * Math.LN2;
  let sum = 1;
  for (let k = 20; k > 0; k -= 1) sum = 1 + (y / k) * sum;
  return sum;
}
