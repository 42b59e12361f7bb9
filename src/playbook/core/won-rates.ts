import { corrected } from '../../kernel/false-discovery.ts';
import { chanceOf, type Interval, rateDifference } from './rate-difference.ts';

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
const LEVEL = 0.05;
/** An advantage that the interval must rule out before a play is said to be no better. */
const WORTHWHILE = 10;

/** Won rates of some deals and of those that they are compared with. */
export interface WonRates {
  held: Deals;
  rest: Deals;
}

/** Two won rates: their difference, and what it tells. */
export function compareWonRates(held: Deals, rest: Deals): Compared {
  const [compared = { verdict: 'too_little', difference: null }] = compareAllWonRates([{ held, rest }]);
  return compared;
}

/**
 * Each pair, with its own interval. The verdicts hold together: of those that tell, no more than one in twenty is wrong on average, however many
 * are compared (Benjamini and Hochberg).
 */
export function compareAllWonRates(pairs: readonly WonRates[]): Compared[] {
  const asked = pairs.map(({ held, rest }) => {
    const [one, other] = [share(held), share(rest)];
    return { one, other, difference: rateDifference(one, other), isTelling: Math.min(one.of, other.of) >= FEWEST };
  });
  const telling = asked.filter(({ isTelling }) => isTelling);
  const against = (margin: number) => corrected(telling.map(({ one, other }) => chanceOf(one, other, margin)));
  const [apart, short] = [against(0), against(WORTHWHILE / 100)];
  return asked.map((pair): Compared => {
    const { difference } = pair;
    const at = telling.indexOf(pair);
    if (difference === null || at < 0) return { verdict: 'too_little', difference };
    return { verdict: verdictOf(difference, { apart: apart[at] ?? 1, short: short[at] ?? 1 }), difference };
  });
}

const share = ({ decided, won }: Deals) => ({ of: decided, hits: won });

/** @param chances corrected: that it is nothing, and that it is as much as is worth while */
function verdictOf({ low, high }: Interval, { apart, short }: { apart: number; short: number }): Verdict {
  if (apart <= LEVEL && low > 0) return 'better';
  if (apart <= LEVEL && high < 0) return 'worse';
  return short <= LEVEL && high <= WORTHWHILE ? 'no_better' : 'too_little';
}
