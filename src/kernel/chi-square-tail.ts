const ROOT_PI = Math.sqrt(Math.PI);

/** The chance of a chi-square of one degree of freedom at or above `value`: erfc(√(value / 2)), right to some 14 digits also where it is tiny. */
export function chiSquareTail(value: number): number {
  if (value <= 0) return 1;
  const z = Math.sqrt(value / 2);
  return z < 2 ? 1 - erf(z) : erfcFrom2(z);
}

/** By its series of positive terms (Abramowitz and Stegun 7.1.6). */
function erf(z: number): number {
  let term = z;
  let sum = z;
  for (let i = 1; term > sum * 1e-17; i += 1) {
    term *= (2 * z * z) / (2 * i + 1);
    sum += term;
  }
  return (2 / ROOT_PI) * Math.exp(-z * z) * sum;
}

/** By its continued fraction (Abramowitz and Stegun 7.1.14), from the back. */
function erfcFrom2(z: number): number {
  let rest = z;
  for (let i = 60; i > 0; i -= 1) rest = z + i / 2 / rest;
  return Math.exp(-z * z) / (ROOT_PI * rest);
}
