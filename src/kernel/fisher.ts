/** `drawn` of `all` are looked at; `marked` of `all` are so. */
export interface Margins {
  all: number;
  marked: number;
  drawn: number;
}

/** A term that adds nothing any more to a sum that it is this much smaller than. */
const NOTHING = 1e-17;

/**
 * The chance that at least `found` of those drawn are marked if being drawn has nothing to do with it: the upper tail of the hypergeometric
 * distribution, which is Fisher's exact test of one side. Each term is made from the one before it, from the likeliest count outwards, and
 * their sum is the whole, so no factorial is approximated: right to 10 digits for up to ten million, 0 where it is below 1e-300.
 */
export function upperTail({ all, marked, drawn }: Margins, found: number): number {
  const least = Math.max(0, drawn + marked - all);
  const most = Math.min(drawn, marked);
  if (found <= least) return 1;
  if (found > most) return 0;
  const likeliest = Math.floor(((drawn + 1) * (marked + 1)) / (all + 2));
  const others = all - marked - drawn;
  let tail = likeliest >= found ? 1 : 0;
  let total = 1;
  for (let k = likeliest + 1, term = 1; k <= most; k += 1) {
    term *= ((marked - k + 1) * (drawn - k + 1)) / (k * (others + k));
    total += term;
    if (k >= found) tail += term;
    if (term <= (k >= found ? tail : 0) * NOTHING) break;
  }
  for (let k = likeliest, term = 1; k > least; k -= 1) {
    term *= (k * (others + k)) / ((marked - k + 1) * (drawn - k + 1));
    total += term;
    if (k > found) tail += term;
    if (term <= total * NOTHING) break;
  }
  return Math.min(1, tail / total);
}

/** The smallest value that `upperTail` can have with these margins. */
export function leastTail(margins: Margins): number {
  return upperTail(margins, Math.min(margins.drawn, margins.marked));
}
