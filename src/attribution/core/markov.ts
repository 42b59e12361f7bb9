import { type Chain, ChainCounts } from './chain.ts';
import { DECIMALS, decimalUnits } from './decimal.ts';
import { eliminated } from './eliminate.ts';
import { relaxed } from './relax.ts';
import { finished, type Steps } from './steps.ts';

/** A sequence of channels, how often it led to a conversion, and how often to none. */
export interface CountedPath {
  path: readonly string[];
  conversions: number;
  nulls: number;
}

interface ChannelCredit {
  channel: string;
  /** Share of all conversions that would be lost without the channel, 0 to 1. */
  removalEffect: number;
  /** Conversions; of all channels they sum to those of all paths with a touch, but for rounding in the last digit. */
  credit: number;
}

/**
 * Credit by removal effect (Anderl, Becker, von Wangenheim and Schumann 2016): in an absorbing chain of the paths' steps, a channel is
 * replaced by an end without conversion, and its effect is the share of conversions that is lost. Effects are scaled to the number of
 * conversions. Solved, never simulated; the same whatever the order of the paths. A path without touches counts for nothing.
 * @param order touches that a state remembers: 1, or 2, where a path begins in the state of the start and its first touch
 * @returns each channel of the paths once, sorted; all credits 0 without a conversion
 */
export function markovCredits(paths: Iterable<CountedPath>, order: 1 | 2): ChannelCredit[] {
  const counts = new ChainCounts(order);
  let conversions = 0n;
  for (const one of paths) {
    const won = decimalUnits(one.conversions);
    counts.add(one.path, won, decimalUnits(one.nulls));
    if (one.path.length > 0) conversions += won;
  }
  const chain = counts.chain();
  const effects = finished(removalEffects(chain));
  const sum = effects.reduce((total, effect) => total + effect, 0);
  const credit = (effect: number) => (sum === 0 ? 0 : (Number(conversions) / 10 ** DECIMALS) * (effect / sum));
  return chain.channels.map((channel, i) => ({ channel, removalEffect: effects[i] as number, credit: credit(effects[i] as number) }));
}

/** By channel of the chain, the share of conversions that would be lost without it; 0 for all without a conversion. */
export function* removalEffects(chain: Chain): Steps<Float64Array> {
  const relaxing = isSparse(chain) ? yield* relaxed(chain) : undefined;
  return relaxing ?? (yield* eliminated(chain));
}

/** Elimination costs the cube of the states; a sweep costs the steps, and some sixty sweeps are needed for each channel. */
function isSparse({ channels, channelOf, to }: Chain): boolean {
  const states = channelOf.length;
  return states > 300 && states ** 3 > 100 * to.length * channels.length;
}
