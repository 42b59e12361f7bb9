import type { PowerRow } from './analysis.ts';

/** Standard normal quantiles of a two-sided level of 5 % and of a power of 80 %, added. */
const Z = 1.959964 + 0.841621;
/** With fewer rows than this on a side the approximation means nothing. */
const FEWEST = 5;

/**
 * The smallest rise of the won rate that a test of a level against all other rows finds in four of five cases (two-sided 5 %, power 80 %, normal
 * approximation with the variance of each side: Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 2003, chapter 4).
 * @param n rows in all. @param share of them in the level. @param base won rate of the rest; both, and what is returned, are shares of 1.
 * @returns null where even a level that wins everything would not be found, with fewer than five rows on a side, and where all are won.
 */
export function detectableLift(n: number, share: number, base: number): number | null {
  const [inside, outside] = [n * share, n * (1 - share)];
  if (!(Math.min(inside, outside) >= FEWEST && base >= 0 && base < 1)) return null;
  const isFound = (rise: number) => rise >= Z * deviation(base, rise, inside, outside);
  if (!isFound(1 - base)) return null;
  let [low, high] = [0, 1 - base];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (isFound(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * How many rows there must be in all for a difference to be found in four of five cases, by the same approximation.
 * @param difference of a level's won rate from that of the rest, up or down, as a share of 1.
 * @returns null where no number of rows is enough: no difference, no rows on a side, or a rate outside 0 to 1.
 */
export function rowsNeeded(difference: number, share: number, base: number): number | null {
  const rate = base + difference;
  if (!(share > 0 && share < 1 && base >= 0 && base <= 1 && rate >= 0 && rate <= 1 && difference !== 0)) return null;
  const rows = Math.ceil(((Z * deviation(base, difference, share, 1 - share)) / difference) ** 2);
  return Number.isSafeInteger(rows) ? Math.max(rows, 2) : null;
}

const SHARES = [0.05, 0.1, 0.2, 0.3, 0.5];

/** What a table of `n` rows can show of levels of some usual sizes; sizes at which it shows nothing are left out. */
export function powerTable(n: number, base: number): PowerRow[] {
  return SHARES.flatMap((share) => {
    const detectable = detectableLift(n, share, base);
    return detectable === null ? [] : [{ share, n, detectable }];
  });
}

/** Of the difference of two observed rates. */
function deviation(base: number, difference: number, inside: number, outside: number): number {
  const rate = base + difference;
  return Math.sqrt((rate * (1 - rate)) / inside + (base * (1 - base)) / outside);
}
