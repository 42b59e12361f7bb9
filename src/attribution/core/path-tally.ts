import { ChainCounts } from './chain.ts';
import { type Credit, creditOf, type PathwiseModel } from './credit.ts';
import { CreditSums, type Shares, sharesBy } from './credit-sums.ts';
import { DECIMALS } from './decimal.ts';
import { removalEffects } from './markov.ts';
import type { PathModel } from './path-models.ts';
import { ChannelSets, MOST_IN_SET } from './shapley.ts';
import { shareOutUnits } from './share-out.ts';
import type { Steps } from './steps.ts';

/** Paths that are alike are added up before they are credited, up to so many at a time. */
const HELD = 50_000;
/** A decayed share is rounded to this part of a unit, as its exact denominator would be another for each path. */
const FINER = 1_000_000n;

/** One path of a file; counts in units of 10^-12. */
export interface FilePath {
  channels: readonly string[];
  /** Of each touch, in ms; left out where the file does not tell. */
  times?: readonly number[];
  conversions: bigint;
  nulls: bigint;
  value: bigint;
}

export interface ModelResult {
  conversions: Shares;
  value: Shares;
  /** By channel, where the model has them. */
  removalEffects?: readonly number[];
}

interface TallyOptions {
  models: readonly PathModel[];
  order: 1 | 2;
  isDirect(channel: string): boolean;
}

/**
 * Credits paths as they come, in memory that grows with the channels and their steps and not with the file. Sums are exact, so the order of the
 * paths changes nothing.
 */
export class PathTally {
  readonly #options: TallyOptions;
  readonly #held = new Map<string, FilePath>();
  readonly #channels = new Set<string>();
  readonly #pathwise: readonly { model: PathwiseModel; conversions: CreditSums; value: CreditSums }[];
  readonly #chain: ChainCounts | undefined;
  readonly #sets: ChannelSets | undefined;
  readonly total = { conversions: 0n, nulls: 0n, value: 0n };
  touches = 0;

  constructor(options: TallyOptions) {
    this.#options = options;
    const { models, order } = options;
    this.#pathwise = models.flatMap(({ pathwise }) =>
      pathwise === undefined ? [] : [{ model: pathwise, conversions: new CreditSums(), value: new CreditSums() }],
    );
    if (models.some(({ model }) => model === 'markov')) this.#chain = new ChainCounts(order);
    if (models.some(({ model }) => model === 'shapley_conversion_rate')) this.#sets = new ChannelSets();
  }

  /** @param path with at least one touch */
  add(path: FilePath): void {
    const { conversions, nulls, value } = path;
    this.total.conversions += conversions;
    this.total.nulls += nulls;
    this.total.value += value;
    this.touches += path.channels.length;
    const names = path.channels.join('\u0000');
    const key = path.times === undefined ? names : `${names}\u0000\u0000${path.times.join(' ')}`;
    const held = this.#held.get(key);
    if (held === undefined) this.#held.set(key, { ...path });
    else {
      held.conversions += conversions;
      held.nulls += nulls;
      held.value += value;
    }
    if (this.#held.size >= HELD) this.#credit();
  }

  /** Sorted. */
  get channels(): readonly string[] {
    this.#credit();
    return [...this.#channels].sort();
  }

  /** Why a model cannot be had of these paths; undefined when it can. */
  cannot({ model }: PathModel): string | undefined {
    this.#credit();
    const largest = this.#sets?.largest ?? 0;
    if (model !== 'shapley_conversion_rate' || largest <= MOST_IN_SET) return undefined;
    return `a path has ${largest} different channels, and each of their subsets would have to be looked at; up to ${MOST_IN_SET} are`;
  }

  /** Of each model in its order. */
  *results(models: readonly PathModel[]): Steps<ModelResult[]> {
    const channels = this.channels;
    const results: ModelResult[] = [];
    for (const { model, pathwise } of models) {
      const sums = this.#pathwise.find((one) => one.model === pathwise);
      if (sums !== undefined) results.push({ conversions: sums.conversions.shares(channels), value: sums.value.shares(channels) });
      else results.push(yield* this.#together(model === 'markov', channels));
    }
    return results;
  }

  *#together(isMarkov: boolean, channels: readonly string[]): Steps<ModelResult> {
    const share = (weights: readonly number[]) => ({
      conversions: sharesBy(weights, this.total.conversions),
      value: sharesBy(weights, this.total.value),
    });
    const byChannel = (names: readonly string[], values: ArrayLike<number>) => {
      const found = new Map(names.map((name, i) => [name, values[i] as number]));
      return channels.map((name) => found.get(name) ?? 0);
    };
    if (isMarkov) {
      const chain = (this.#chain as ChainCounts).chain();
      const effects = byChannel(chain.channels, yield* removalEffects(chain));
      return { ...share(effects), removalEffects: effects };
    }
    const credits = (this.#sets as ChannelSets).credits();
    return share(
      byChannel(
        credits.map((one) => one.channel),
        credits.map((one) => one.credit),
      ),
    );
  }

  #credit(): void {
    for (const path of this.#held.values()) {
      const { channels, times, conversions, nulls, value } = path;
      for (const channel of channels) this.#channels.add(channel);
      this.#chain?.add(channels, conversions, nulls);
      this.#sets?.add(channels, conversions, nulls);
      if (conversions === 0n && value === 0n) continue;
      const touches = channels.map((channel, i) => ({ channel, at: times?.[i] ?? i, direct: this.#options.isDirect(channel) }));
      for (const { model, ...sums } of this.#pathwise) {
        const credit = creditOf(model, { touches, milestones: {}, convertedAt: 0 });
        const add = model.type === 'time_decay' ? addDecayed : addExactly;
        if (conversions !== 0n) add(sums.conversions, channels, credit, conversions);
        if (value !== 0n) add(sums.value, channels, credit, value);
      }
    }
    this.#held.clear();
  }
}

function addExactly(sums: CreditSums, channels: readonly string[], { parts, whole }: Credit, amount: bigint): void {
  for (let i = 0; i < channels.length; i += 1) {
    const part = parts[i] as number | bigint;
    if (part !== 0 && part !== 0n) sums.add(channels[i] as string, amount, part, whole);
  }
}

function addDecayed(sums: CreditSums, channels: readonly string[], { parts, whole }: Credit, amount: bigint): void {
  const size = (amount < 0n ? -amount : amount) * FINER;
  const shares = shareOutUnits(
    size,
    Array.from(parts as readonly (number | bigint)[], (part) => BigInt(part)),
    BigInt(whole),
  );
  for (const [i, share] of shares.entries()) sums.add(channels[i] as string, amount < 0n ? -share : share, 1, FINER);
}

/** A whole amount in units. */
export const unitsOf = (count: number): bigint => BigInt(count) * 10n ** BigInt(DECIMALS);
