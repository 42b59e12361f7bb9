import type { Market } from './market.ts';

/**
 * How likely a provider is to know this record, after what others answered. Two things tie the providers together. Some records are
 * easy to find everywhere and some nowhere; and the members of a family draw on the same sources, so that where one missed, another
 * that knows less will miss too. Both are kept as distributions over a few steps and updated by Bayes at each answer.
 */

/** How much more or less than average a record is known: steps of a log-normal of spread 0.8, cut at the top, of mean 1. */
const EASE = [0.29, 0.5, 0.71, 0.94, 1.25, 1.67];
const EASE_WEIGHTS = [1, 1, 1, 1, 1, 2];
/** How much of a provider's luck is its family's. */
const SHARED = 0.85;
/** Steps of a family's luck with a record, best first. */
const STEPS = 16;
const MOST = 0.97;

export class Findability {
  readonly #market: Market;
  readonly #hit: Float64Array;
  readonly #ease: Float64Array;
  /** By family and ease: the running sum of the probability of each step of luck. Filled when a member of the family answers. */
  readonly #luck: Float64Array;
  readonly #heard: Uint8Array;

  constructor(market: Market, hit: Float64Array) {
    this.#market = market;
    this.#hit = hit;
    const all = EASE_WEIGHTS.reduce((sum, weight) => sum + weight);
    this.#ease = Float64Array.from(EASE_WEIGHTS, (weight) => weight / all);
    this.#luck = new Float64Array(market.families.length * EASE.length * (STEPS + 1));
    this.#heard = new Uint8Array(market.families.length);
  }

  /** Probability that provider `p` knows the record. */
  chance(p: number): number {
    const family = this.#market.family[p] ?? 0;
    const rate = this.#hit[p] ?? 0;
    const heard = this.#heard[family] === 1;
    let sum = 0;
    for (let e = 0; e < EASE.length; e += 1) {
      const own = Math.min(MOST, rate * (EASE[e] ?? 1));
      const shared = heard ? this.#below(family, e, own) : own;
      sum += (this.#ease[e] ?? 0) * (SHARED * shared + (1 - SHARED) * own);
    }
    return sum;
  }

  /** Takes in that provider `p` knew the record, or did not. */
  learn(p: number, wasHit: boolean): void {
    const family = this.#market.family[p] ?? 0;
    const rate = this.#hit[p] ?? 0;
    if (this.#heard[family] === 0) this.#even(family);
    let all = 0;
    for (let e = 0; e < EASE.length; e += 1) {
      const likelihood = this.#hear(family, e, Math.min(MOST, rate * (EASE[e] ?? 1)), wasHit);
      this.#ease[e] = (this.#ease[e] ?? 0) * likelihood;
      all += this.#ease[e] ?? 0;
    }
    for (let e = 0; e < EASE.length; e += 1) this.#ease[e] = (this.#ease[e] ?? 0) / all;
  }

  #at(family: number, e: number): number {
    return (family * EASE.length + e) * (STEPS + 1);
  }

  #even(family: number): void {
    this.#heard[family] = 1;
    for (let e = 0; e < EASE.length; e += 1) {
      for (let step = 0; step <= STEPS; step += 1) this.#luck[this.#at(family, e) + step] = step / STEPS;
    }
  }

  /** Probability that the family's luck is better than the share `own` of all luck. */
  #below(family: number, e: number, own: number): number {
    const place = own * STEPS;
    const step = Math.min(STEPS - 1, Math.floor(place));
    const at = this.#at(family, e) + step;
    const low = this.#luck[at] ?? 0;
    return low + ((this.#luck[at + 1] ?? 0) - low) * (place - step);
  }

  /** Updates a family's luck under one ease; returns how likely the answer was. */
  #hear(family: number, e: number, own: number, wasHit: boolean): number {
    const at = this.#at(family, e);
    let all = 0;
    let before = this.#luck[at] ?? 0;
    for (let step = 0; step < STEPS; step += 1) {
      const sum = this.#luck[at + step + 1] ?? 0;
      const within = Math.min(1, Math.max(0, own * STEPS - step));
      const knows = SHARED * within + (1 - SHARED) * own;
      all += (sum - before) * (wasHit ? knows : 1 - knows);
      before = sum;
      this.#luck[at + step + 1] = all;
    }
    for (let step = 1; step <= STEPS; step += 1) this.#luck[at + step] = (this.#luck[at + step] ?? 0) / all;
    return all;
  }
}
