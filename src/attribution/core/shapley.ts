import { DECIMALS } from './decimal.ts';

/** Sets with more channels have too many subsets to look at each. */
export const MOST_IN_SET = 16;

interface ShapleyCredit {
  channel: string;
  /** Conversions. */
  credit: number;
}

interface Counted {
  channels: readonly string[];
  conversions: bigint;
  all: bigint;
}

/**
 * Paths by the set of their channels, and Shapley's value of each channel (Shapley 1953) where a set is worth the conversion rate of the paths with
 * exactly these channels, 0 where there are none: each set's conversions are shared by its members' values, scaled to sum to them, as DP6's library
 * does. A path without touches counts for nothing. The same whatever the order of the paths.
 */
export class ChannelSets {
  readonly #sets = new Map<string, Counted>();
  /** Channels of the largest set. */
  largest = 0;

  add(path: readonly string[], conversions: bigint, nulls: bigint): void {
    if (path.length === 0) return;
    const channels = [...new Set(path)].sort();
    const key = keyOf(channels);
    const known = this.#sets.get(key);
    this.largest = Math.max(this.largest, channels.length);
    this.#sets.set(key, {
      channels,
      conversions: (known?.conversions ?? 0n) + conversions,
      all: (known?.all ?? 0n) + conversions + nulls,
    });
  }

  /**
   * @returns each channel of the paths once, sorted
   * @throws RangeError with more than MOST_IN_SET channels in a path
   */
  credits(): ShapleyCredit[] {
    const credits = new Map<string, number>();
    // summed in the order of the sets' names, which the order of the paths does not change
    const sets = [...this.#sets.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, set]) => set);
    for (const set of sets) {
      const shares = this.#byRate(set.channels);
      const sum = shares.reduce((total, share) => total + share, 0);
      const conversions = Number(set.conversions) / 10 ** DECIMALS;
      for (const [i, channel] of set.channels.entries()) {
        const part = sum === 0 ? 1 / shares.length : (shares[i] as number) / sum;
        credits.set(channel, (credits.get(channel) ?? 0) + conversions * part);
      }
    }
    return [...credits].sort(([a], [b]) => (a < b ? -1 : 1)).map(([channel, credit]) => ({ channel, credit }));
  }

  #byRate(channels: readonly string[]): number[] {
    return shapleyValues(channels.length, (members) => {
      const set = this.#sets.get(keyOf(channels.filter((_, i) => (members & (1 << i)) !== 0)));
      return set === undefined || set.all === 0n ? 0 : Number(set.conversions) / Number(set.all);
    });
  }
}

/**
 * Shapley's values of a game by definition: a player's mean contribution over all orders in which the players can come.
 * @param worth of a set of players, bit i for player i; called once for each set, and that of none is taken as 0
 * @throws RangeError for more than MOST_IN_SET players
 */
export function shapleyValues(players: number, worth: (members: number) => number): number[] {
  if (players > MOST_IN_SET) throw new RangeError(`a game has at most ${MOST_IN_SET} players`);
  const worths = Float64Array.from({ length: 1 << players }, (_, members) => (members === 0 ? 0 : worth(members)));
  // share of the orders in which exactly `size` certain players come before one: size! (n − size − 1)! / n!
  const share = [1 / players];
  for (let size = 1; size < players; size += 1) share.push(((share[size - 1] as number) * size) / (players - size));
  return Array.from({ length: players }, (_, player) => {
    let value = 0;
    for (let members = 0; members < worths.length; members += 1) {
      if ((members & (1 << player)) !== 0) continue;
      value += (share[bits(members)] as number) * ((worths[members | (1 << player)] as number) - (worths[members] as number));
    }
    return value;
  });
}

/** Unlike any other list's: no name has a NUL byte. */
const keyOf = (channels: readonly string[]) => channels.join('\u0000');

function bits(members: number): number {
  let count = 0;
  for (let rest = members; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
