import type { Chain } from './chain.ts';
import type { Steps } from './steps.ts';

/** The chance of a conversion from the start is found to within this part of that with all channels. */
const PRECISION = 1e-13;
/** A chain that needs more sweeps is left to elimination. */
const MOST_SWEEPS = 5000;
/** A bound on the steps to the end is good enough when it grows by no more than this in a sweep. */
const SETTLED = 0.01;
/** Channels that are removed side by side, so that the steps are read once for all of them. */
const LANES = 4;
const NONE = -1;

/**
 * The same removal effects for a chain of many states and few steps between them: each state's chance of a conversion is set to what its
 * successors say (Gauss–Seidel), until it is proven to be right. Those that a state leads to are set before it, as far as the chain has no
 * ring: then one sweep carries what is known the whole way back. The proof: if w ≥ 0 and (I − Q)·w ≥ c everywhere, then whatever the
 * residual, the error at a state is at most w/c of the largest residual, and removing a channel only makes Q smaller; w is the expected
 * number of steps.
 * @returns by channel, the share of conversions that pass through it; undefined when it would take too many sweeps
 */
export function* relaxed(chain: Chain): Steps<Float64Array | undefined> {
  const sweeps = new Sweeps(chain);
  const perResidual = sweeps.bound();
  if (perResidual === undefined) return undefined;
  const all = sweeps.solve(NONE, undefined, (change, [fromStart]) => change * perResidual <= PRECISION * (fromStart as number));
  if (all === undefined) return undefined;
  const [whole] = all.fromStart as [number];
  const total = chain.channels.length;
  const effects = new Float64Array(total);
  if (whole === 0) return effects;
  for (let channel = 0; channel < total; channel += LANES) {
    const around = sweeps.solve(channel, all.chances, (change) => change * perResidual <= PRECISION * whole);
    if (around === undefined) return undefined;
    for (const [lane, fromStart] of around.fromStart.entries())
      if (channel + lane < total) effects[channel + lane] = Math.max(0, 1 - fromStart / whole);
    yield { done: Math.min(channel + LANES, total), total };
  }
  return effects;
}

interface Solved {
  /** Of each state, lane by lane. */
  chances: Float64Array;
  /** By lane. */
  fromStart: readonly number[];
}

/** A chain with its states in an order that suits sweeps, and chances instead of counts. */
class Sweeps {
  readonly #states: number;
  readonly #channelOf: Int32Array;
  readonly #first: Int32Array;
  readonly #to: Int32Array;
  /** Chances of each step, of a conversion next, and of each start. */
  readonly #step: Float64Array;
  readonly #won: Float64Array;
  readonly #begun: Float64Array;

  constructor({ channelOf, first, to, weight, won, lost, begun }: Chain) {
    const order = backwards({ first, to });
    this.#states = order.length;
    const place = new Int32Array(order.length);
    for (const [at, state] of order.entries()) place[state] = at;
    this.#channelOf = order.map((state) => channelOf[state] as number);
    this.#first = new Int32Array(order.length + 1);
    [this.#to, this.#step] = [new Int32Array(to.length), new Float64Array(to.length)];
    this.#won = new Float64Array(order.length);
    const all = begun.reduce((sum, count) => sum + count, 0);
    this.#begun = Float64Array.from(order, (state) => (begun[state] as number) / all);
    let at = 0;
    for (const [i, state] of order.entries()) {
      const [from, end] = [first[state] as number, first[state + 1] as number];
      let out = (won[state] as number) + (lost[state] as number);
      for (let k = from; k < end; k += 1) out += weight[k] as number;
      for (let k = from; k < end; k += 1, at += 1) {
        this.#to[at] = place[to[k] as number] as number;
        this.#step[at] = (weight[k] as number) / out;
      }
      this.#first[i + 1] = at;
      this.#won[i] = (won[state] as number) / out;
    }
  }

  /** How far from right the chance from the start can be, of a residual of 1; undefined when that takes too long to say. */
  bound(): number | undefined {
    const steps = new Float64Array(this.#states * LANES);
    const one = new Float64Array(this.#states).fill(1);
    for (let sweep = 0; sweep < MOST_SWEEPS; sweep += 1) {
      if (this.#sweep(steps, one, NONE) > SETTLED) continue;
      let least = 1;
      for (let i = 0; i < this.#states; i += 1) {
        let onward = 0;
        for (let k = this.#first[i] as number, end = this.#first[i + 1] as number; k < end; k += 1)
          onward += (this.#step[k] as number) * (steps[(this.#to[k] as number) * LANES] as number);
        least = Math.min(least, (steps[i * LANES] as number) - onward);
      }
      if (least >= 0.5) return (this.#fromStart(steps)[0] as number) / least;
    }
    return undefined;
  }

  /**
   * The chances without each of the channels from `removed` on; with all of them where it is `NONE`.
   * @param isRight told the largest change of a sweep: what is left over after it is at most as much
   */
  solve(
    removed: number,
    begin: Float64Array | undefined,
    isRight: (change: number, fromStart: readonly number[]) => boolean,
  ): Solved | undefined {
    const chances = begin?.slice() ?? new Float64Array(this.#states * LANES);
    for (let sweep = 0; sweep < MOST_SWEEPS; sweep += 1) {
      const change = this.#sweep(chances, this.#won, removed);
      const fromStart = this.#fromStart(chances);
      if (change === 0 || isRight(change, fromStart)) return { chances, fromStart };
    }
    return undefined;
  }

  /** Sets each state to `own` and what its successors have, in their order; in its lane, one of a removed channel to 0. @returns the largest change */
  #sweep(values: Float64Array, own: Float64Array, removed: number): number {
    const [channelOf, first, to, step] = [this.#channelOf, this.#first, this.#to, this.#step];
    let largest = 0;
    for (let i = 0; i < this.#states; i += 1) {
      const begin = own[i] as number;
      let a = begin;
      let b = begin;
      let c = begin;
      let d = begin;
      for (let k = first[i] as number, end = first[i + 1] as number; k < end; k += 1) {
        const chance = step[k] as number;
        const j = (to[k] as number) * LANES;
        a += chance * (values[j] as number);
        b += chance * (values[j + 1] as number);
        c += chance * (values[j + 2] as number);
        d += chance * (values[j + 3] as number);
      }
      const lane = removed === NONE ? NONE : (channelOf[i] as number) - removed;
      if (lane === 0) a = 0;
      else if (lane === 1) b = 0;
      else if (lane === 2) c = 0;
      else if (lane === 3) d = 0;
      const at = i * LANES;
      const one = Math.max(Math.abs(a - (values[at] as number)), Math.abs(b - (values[at + 1] as number)));
      const other = Math.max(Math.abs(c - (values[at + 2] as number)), Math.abs(d - (values[at + 3] as number)));
      if (one > largest) largest = one;
      if (other > largest) largest = other;
      values[at] = a;
      values[at + 1] = b;
      values[at + 2] = c;
      values[at + 3] = d;
    }
    return largest;
  }

  #fromStart(values: Float64Array): number[] {
    const sums = new Array<number>(LANES).fill(0);
    for (let i = 0; i < this.#states; i += 1) {
      const begun = this.#begun[i] as number;
      if (begun === 0) continue;
      for (let lane = 0; lane < LANES; lane += 1) sums[lane] = (sums[lane] as number) + begun * (values[i * LANES + lane] as number);
    }
    return sums;
  }
}

/** The states so that those that one leads to come before it, but for rings: as a walk through the chain leaves them. */
function backwards({ first, to }: Pick<Chain, 'first' | 'to'>): Int32Array {
  const states = first.length - 1;
  const order = new Int32Array(states);
  const isSeen = new Uint8Array(states);
  const [way, next] = [new Int32Array(states), new Int32Array(states)];
  let left = 0;
  for (let start = 0; start < states; start += 1) {
    if (isSeen[start] === 1) continue;
    isSeen[start] = 1;
    way[0] = start;
    next[0] = first[start] as number;
    for (let depth = 0; depth >= 0; ) {
      const state = way[depth] as number;
      const k = next[depth] as number;
      if (k === first[state + 1]) {
        order[left] = state;
        left += 1;
        depth -= 1;
        continue;
      }
      next[depth] = k + 1;
      const successor = to[k] as number;
      if (isSeen[successor] === 1) continue;
      isSeen[successor] = 1;
      depth += 1;
      way[depth] = successor;
      next[depth] = first[successor] as number;
    }
  }
  return order;
}
