import { type Interval, rateDifference } from './rate-difference.ts';

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
  difference: Interval | null;
}

const FEWEST = 10;
/** An advantage that the interval must rule out before a play is said to be no better. */
const WORTHWHILE = 10;

/** Two won rates: their difference, and what it tells. */
export function compareWonRates(held: Deals, rest: Deals): Compared {
  const difference = rateDifference({ of: held.decided, hits: held.won }, { of: rest.decided, hits: rest.won });
  if (difference === null) return { verdict: 'too_little', difference };
  return { verdict: verdictOf(difference, Math.min(held.decided, rest.decided)), difference };
}

function verdictOf({ low, high }: Interval, fewest: number): Verdict {
  if (fewest < FEWEST) return 'too_little';
  if (low > 0) return 'better';
  if (high < 0) return 'worse';
  return high <= WORTHWHILE ? 'no_better' : 'too_little';
}
