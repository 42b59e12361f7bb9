const FEWEST = 200;
const SHARE = 0.2;

/**
 * Whether it is time to count again how often values occur.
 * @param uncounted nodes that came or changed since
 * @param known how many there were
 */
export function isCountDue(uncounted: number, known: number): boolean {
  return uncounted > 0 && (known === 0 || uncounted >= Math.max(FEWEST, known * SHARE));
}
