/** An absorbing chain: where paths go from one state to the next, until they end in a conversion or in none. Weights are counts. */
export interface Chain {
  /** Sorted. */
  channels: readonly string[];
  /** By state, the channel that was touched last. */
  channelOf: Int32Array;
  /** From state i to `to[k]` with `weight[k]`, k from `first[i]` up to `first[i + 1]`; never to itself. */
  first: Int32Array;
  to: Int32Array;
  weight: Float64Array;
  /** By state: paths that begin, convert and end without a conversion there. */
  begun: Float64Array;
  won: Float64Array;
  lost: Float64Array;
}

/** No channel before the first. */
const START = -1;
/** Keys of two numbers below it fit a double. */
const SPAN = 2 ** 26;

/**
 * Counts the steps of paths. A state is the last touch (order 1), or the last two, of which the first has the start before it (order 2).
 * Counts are whole numbers of any size, so the order of the paths changes nothing. A step from a state to itself is left out: it
 * delays the end of a path and does not change where it ends.
 */
export class ChainCounts {
  readonly #order: 1 | 2;
  readonly #names: string[] = [];
  readonly #ids = new Map<string, number>();
  /** State → the touch before, and the last. */
  readonly #states: { before: number; last: number }[] = [];
  readonly #stateIds = new Map<number, number>();
  readonly #steps = new Map<number, number>();
  readonly #stepCounts: bigint[] = [];
  readonly #begun: bigint[] = [];
  readonly #won: bigint[] = [];
  readonly #lost: bigint[] = [];

  constructor(order: 1 | 2) {
    this.#order = order;
  }

  add(path: readonly string[], conversions: bigint, nulls: bigint): void {
    const count = conversions + nulls;
    if (path.length === 0 || count === 0n) return;
    let before = START;
    let state = -1;
    for (const channel of path) {
      const last = this.#channel(channel);
      const next = this.#state(this.#order === 1 ? START : before, last);
      if (state < 0) this.#begun[next] = (this.#begun[next] as bigint) + count;
      else if (state !== next) this.#step(state, next, count);
      [before, state] = [last, next];
    }
    this.#won[state] = (this.#won[state] as bigint) + conversions;
    this.#lost[state] = (this.#lost[state] as bigint) + nulls;
  }

  /** The chain of all that was counted, the same whatever the order in which it came. */
  chain(): Chain {
    const channels = [...this.#names].sort();
    const rank = new Map(channels.map((name, i) => [name, i]));
    const place = (id: number) => (id === START ? START : (rank.get(this.#names[id] as string) as number));
    const ranked = this.#states.map(({ before, last }, state) => ({ state, before: place(before), last: place(last) }));
    ranked.sort((a, b) => a.before - b.before || a.last - b.last);
    const placed = new Int32Array(ranked.length);
    for (const [i, { state }] of ranked.entries()) placed[state] = i;
    const inOrder = (counts: readonly bigint[]) => Float64Array.from(ranked, ({ state }) => Number(counts[state]));
    return {
      channels,
      channelOf: Int32Array.from(ranked, ({ last }) => last),
      ...this.#transitions(placed),
      begun: inOrder(this.#begun),
      won: inOrder(this.#won),
      lost: inOrder(this.#lost),
    };
  }

  #transitions(placed: Int32Array): Pick<Chain, 'first' | 'to' | 'weight'> {
    const steps = Array.from(this.#steps, ([key, step]) => {
      const to = key % SPAN;
      return { from: placed[(key - to) / SPAN] as number, to: placed[to] as number, step };
    });
    steps.sort((a, b) => a.from - b.from || a.to - b.to);
    const first = new Int32Array(placed.length + 1);
    for (const { from } of steps) first[from + 1] = (first[from + 1] as number) + 1;
    for (let i = 1; i < first.length; i += 1) first[i] = (first[i] as number) + (first[i - 1] as number);
    return {
      first,
      to: Int32Array.from(steps, ({ to }) => to),
      weight: Float64Array.from(steps, ({ step }) => Number(this.#stepCounts[step])),
    };
  }

  #channel(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    this.#ids.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  #state(before: number, last: number): number {
    const key = (before + 1) * SPAN + last;
    const known = this.#stateIds.get(key);
    if (known !== undefined) return known;
    const state = this.#states.push({ before, last }) - 1;
    this.#stateIds.set(key, state);
    for (const counts of [this.#begun, this.#won, this.#lost]) counts.push(0n);
    return state;
  }

  #step(from: number, to: number, count: bigint): void {
    const key = from * SPAN + to;
    const known = this.#steps.get(key);
    if (known === undefined) this.#steps.set(key, this.#stepCounts.push(count) - 1);
    else this.#stepCounts[known] = (this.#stepCounts[known] as bigint) + count;
  }
}
