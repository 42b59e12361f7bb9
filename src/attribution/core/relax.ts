import type { Chain } from './chain.ts';
import type { Steps } from './steps.ts';

/** The chance of a conversion from the start is found to within this part of itself. */
const PRECISION = 1e-13;
/** A chain that needs more sweeps is left to elimination. */
const MOST_SWEEPS = 5000;
/** A bound on the steps to the end is good enough when it grows by no more than this in a sweep. */
const SETTLED = 0.01;

/**
 * The same removal effects for a chain of many states and few steps between them: each state's chance of a conversion is set to what its
 * successors say (Gauss–Seidel), until it is proven to be right. The proof: if w ≥ 0 and (I − Q)·w ≥ c everywhere, then whatever the residual, the
 * error at a state is at most w/c of the largest residual, and removing a channel only makes Q smaller; w is the expected number of steps.
 * @returns by channel, the share of conversions that pass through it; undefined when it would take too many sweeps
 */
export function* relaxed(chain: Chain): Steps<Float64Array | undefined> {
  const sweeps = new Sweeps(chain);
  const proof = sweeps.bound();
  if (proof === undefined) return undefined;
  const all = sweeps.solve(new Float64Array(sweeps.states), undefined, proof);
  if (all === undefined) return undefined;
  const total = chain.channels.length;
  const effects = new Float64Array(total);
  for (let channel = 0; channel < total; channel += 1) {
    const around = sweeps.solve(all.chances.slice(), channel, proof);
    if (around === undefined) return undefined;
    effects[channel] = all.fromStart === 0 ? 0 : Math.max(0, 1 - around.fromStart / all.fromStart);
    yield { done: channel + 1, total };
  }
  return effects;
}

interface Proof {
  /** Error of the chance from the start, of a residual of 1. */
  perResidual: number;
}

class Sweeps {
  readonly states: number;
  readonly #chain: Chain;
  /** Chances of each step, of a conversion next, and of each start. */
  readonly #step: Float64Array;
  readonly #won: Float64Array;
  readonly #begun: Float64Array;

  constructor(chain: Chain) {
    const { channelOf, first, weight, won, lost, begun } = chain;
    this.#chain = chain;
    this.states = channelOf.length;
    this.#step = weight.slice();
    this.#won = won.slice();
    for (let i = 0; i < this.states; i += 1) {
      const [from, end] = [first[i] as number, first[i + 1] as number];
      let out = (won[i] as number) + (lost[i] as number);
      for (let k = from; k < end; k += 1) out += weight[k] as number;
      for (let k = from; k < end; k += 1) this.#step[k] = (weight[k] as number) / out;
      this.#won[i] = (won[i] as number) / out;
    }
    const all = begun.reduce((sum, count) => sum + count, 0);
    this.#begun = begun.map((count) => count / all);
  }

  /** How far from right a chance can be; undefined when that takes too long to say. */
  bound(): Proof | undefined {
    const steps = new Float64Array(this.states);
    const one = new Float64Array(this.states).fill(1);
    for (let sweep = 0; sweep < MOST_SWEEPS; sweep += 1) {
      if (this.#sweep(steps, one, undefined) > SETTLED) continue;
      let least = 1;
      for (let i = 0; i < this.states; i += 1) least = Math.min(least, (steps[i] as number) - this.#onward(i, steps));
      if (least >= 0.5) return { perResidual: this.#fromStart(steps) / least };
    }
    return undefined;
  }

  solve(
    chances: Float64Array,
    removed: number | undefined,
    { perResidual }: Proof,
  ): { chances: Float64Array; fromStart: number } | undefined {
    const { channelOf } = this.#chain;
    if (removed !== undefined) for (let i = 0; i < this.states; i += 1) if (channelOf[i] === removed) chances[i] = 0;
    for (let sweep = 0; sweep < MOST_SWEEPS; sweep += 1) {
      const change = this.#sweep(chances, this.#won, removed);
      const fromStart = this.#fromStart(chances);
      // what is left over after a sweep is at most its largest change
      if (change * perResidual <= PRECISION * fromStart || change === 0) return { chances, fromStart };
    }
    return undefined;
  }

  /** Sets each state to `own` and what its successors have, in their order. @returns the largest change */
  #sweep(values: Float64Array, own: Float64Array, removed: number | undefined): number {
    const { channelOf } = this.#chain;
    let largest = 0;
    for (let i = 0; i < this.states; i += 1) {
      if (channelOf[i] === removed) continue;
      const value = (own[i] as number) + this.#onward(i, values);
      const change = Math.abs(value - (values[i] as number));
      if (change > largest) largest = change;
      values[i] = value;
    }
    return largest;
  }

  #onward(i: number, values: Float64Array): number {
    const { first, to } = this.#chain;
    let sum = 0;
    for (let k = first[i] as number, end = first[i + 1] as number; k < end; k += 1)
      sum += (this.#step[k] as number) * (values[to[k] as number] as number);
    return sum;
  }

  #fromStart(values: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < this.states; i += 1) sum += (this.#begun[i] as number) * (values[i] as number);
    return sum;
  }
}
