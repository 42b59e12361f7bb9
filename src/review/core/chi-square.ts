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

/** Of a level and all other rows: wins and losses. */
export interface FourCells {
  won: number;
  lost: number;
  othersWon: number;
  othersLost: number;
}

/** Pearson's chi-square of four cells without a correction, and the least count expected in one of them; null where a side or an outcome is empty. */
export function chiSquare({ won, lost, othersWon, othersLost }: FourCells): { value: number; least: number } | null {
  const [n, others] = [won + lost, othersWon + othersLost];
  const [wins, losses] = [won + othersWon, lost + othersLost];
  if (n === 0 || others === 0 || wins === 0 || losses === 0) return null;
  const all = n + others;
  const apart = won * othersLost - lost * othersWon;
  return { value: (apart / n / others) * (apart / wins / losses) * all, least: (Math.min(n, others) * Math.min(wins, losses)) / all };
}
