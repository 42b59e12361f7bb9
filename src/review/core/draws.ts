import { sha256 } from '../../kernel/canonical-json.ts';

/** The seed of one piece of chance: the same texts give the same draws, whatever was drawn before. */
export function seedOf(...texts: readonly string[]): number {
  return Number.parseInt(sha256(texts.map((text) => `${text.length}:${text}`).join('')).slice(0, 8), 16);
}

/** Below this many expected hits counting up from 0 is quicker than rejecting, and rejection is not exact. */
const BY_INVERSION = 10;
/** What Stirling's formula leaves out of ln k!, for k of 0 to 9. */
const STIRLING = [
  0.08106146679532726, 0.0413406959554093, 0.02767792568499834, 0.020790672103765093, 0.016644691189821193, 0.013876128823070748,
  0.01189670994589177, 0.010411265261972096, 0.009255462182712733, 0.00833056343336287,
];

/**
 * How many of `n` hit at a chance of `p` each: an exact draw of the binomial distribution, by inversion where few are expected and else by
 * transformed rejection (Hörmann, Journal of Statistical Computation and Simulation 46, 1993, algorithm BTRS), whose cost does not grow with `n`.
 */
export function binomial(n: number, p: number, random: () => number): number {
  if (n <= 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - binomial(n, 1 - p, random);
  return n * p < BY_INVERSION ? byInversion(n, p, random) : byRejection(n, p, random);
}

/** Shares `n` out over cells of the given weights at random and writes the counts into `out`: one resample with replacement, counted by cell. */
export function multinomial(n: number, weights: ArrayLike<number>, random: () => number, out: Int32Array | Float64Array): void {
  let left = n;
  let weight = 0;
  for (let i = 0; i < weights.length; i++) weight += weights[i] ?? 0;
  for (let i = 0; i < weights.length; i++) {
    const own = weights[i] ?? 0;
    const drawn = left === 0 || own === 0 ? 0 : own >= weight ? left : binomial(left, own / weight, random);
    out[i] = drawn;
    left -= drawn;
    weight -= own;
  }
}

function byInversion(n: number, p: number, random: () => number): number {
  const odds = p / (1 - p);
  const first = Math.exp(n * Math.log1p(-p));
  for (;;) {
    let chance = first;
    let u = random();
    for (let k = 0; k <= n; k++) {
      if (u < chance) return k;
      u -= chance;
      chance *= ((n - k) / (k + 1)) * odds;
    }
    // rounding let u pass the end of the distribution: draw again
  }
}

function byRejection(n: number, p: number, random: () => number): number {
  const odds = p / (1 - p);
  const deviation = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const mode = Math.floor((n + 1) * p);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + n * p + 0.5);
    if (edge >= 0.07 && v <= 0.92 - 4.2 / b) return k;
    if (k < 0 || k > n) continue;
    const bound =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
      (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
      (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
      (leftOut(mode) + leftOut(n - mode) - leftOut(k) - leftOut(n - k));
    if (Math.log((v * alpha) / (a / (edge * edge) + b)) <= bound) return k;
  }
}

function leftOut(k: number): number {
  const square = (k + 1) * (k + 1);
  return STIRLING[k] ?? (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}
