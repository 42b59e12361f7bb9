/** Deals with an outcome, and how many of them were won. */
export interface Deals {
  decided: number;
  won: number;
}

/** `too_little` where the interval allows for more than is worth knowing; `better`, `worse` or `no_better` where it tells. */
export type Verdict = 'better' | 'worse' | 'no_better' | 'too_little';

export interface Compared {
  verdict: Verdict;
  /** Won rate of those with the play less that of the rest, in percentage points, with its 95 % interval; null without deals on either side. */
  difference: { points: number; low: number; high: number } | null;
}

/** Of a normal distribution: 95 % lies within so many standard deviations. */
const Z = 1.959964;
const FEWEST = 10;
/** An advantage that the interval must rule out before a play is said to be no better. */
const WORTHWHILE = 10;

/**
 * Two won rates: the difference with its 95 % interval, by Newcombe's hybrid score method (Statistics in Medicine 17, 1998, method 10), which
 * puts the two Wilson intervals together.
 */
export function compareWonRates(held: Deals, rest: Deals): Compared {
  if (held.decided === 0 || rest.decided === 0) return { verdict: 'too_little', difference: null };
  const [a, b] = [wilson(held), wilson(rest)];
  const between = a.rate - b.rate;
  const points = (share: number) => Math.round(share * 1000) / 10 + 0;
  const difference = {
    points: points(between),
    low: points(between - Math.hypot(a.rate - a.low, b.high - b.rate)),
    high: points(between + Math.hypot(a.high - a.rate, b.rate - b.low)),
  };
  return { verdict: verdictOf(difference, Math.min(held.decided, rest.decided)), difference };
}

function verdictOf({ low, high }: { low: number; high: number }, fewest: number): Verdict {
  if (fewest < FEWEST) return 'too_little';
  if (low > 0) return 'better';
  if (high < 0) return 'worse';
  return high <= WORTHWHILE ? 'no_better' : 'too_little';
}

/** Wilson's score interval of a share. */
function wilson({ decided: n, won }: Deals): { rate: number; low: number; high: number } {
  const rate = won / n;
  const middle = (rate + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
  const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((rate * (1 - rate)) / n + Z ** 2 / (4 * n ** 2));
  return { rate, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
