import type { Expectations } from './expectations.ts';
import type { FieldStates } from './field-states.ts';
import { below, gainOf } from './gain.ts';
import type { Market } from './market.ts';

/** A call that was sent and has not been answered. */
export interface Flight {
  fields: readonly string[];
  sentMs: number;
  reservedMicros: number;
  chance: number;
  exposure: number;
  hedged: boolean;
  /** So late that nobody waits for it, though it may still come. */
  isLost: boolean;
  /** Its answer is here, and only has to be written down. */
  hasLanded: boolean;
}

/** When an answer can be there at the earliest, for all practical purposes. */
export const SOON_MS = 5;

/** What calls are worth for one record, as its fields stand and with what is on its way. */
export class CallValues {
  readonly #market: Market;
  readonly #expected: Expectations;
  readonly #states: FieldStates;
  readonly #wanted: Uint8Array;
  /** By field: the probability that nothing on its way brings it. */
  readonly #coming: Float64Array;

  constructor(market: Market, expected: Expectations, states: FieldStates, wanted: Uint8Array) {
    this.#market = market;
    this.#expected = expected;
    this.#states = states;
    this.#wanted = wanted;
    this.#coming = new Float64Array(market.fields.length).fill(1);
  }

  /** What a hit of a provider adds, and how many fields it has. */
  gain(p: number, price: number): { value: number; fill: number } {
    let value = 0;
    let fills = 0;
    for (let slot = this.#market.first[p] ?? 0; slot < (this.#market.first[p + 1] ?? 0); slot += 1) {
      const gain = this.#slotGain(p, slot) - price * this.#extra(p, slot);
      if (gain <= 0) continue;
      const fill = this.fill(slot);
      fills += fill;
      value += fill * gain;
    }
    return { value, fill: fills };
  }

  fill(slot: number): number {
    const f = this.#market.slotField[slot] ?? 0;
    const usual = this.#expected.fill[slot] ?? 0;
    return this.#states.any[f] === 0 ? usual * ((this.#states.exists[f] ?? 0) / (this.#expected.exists[f] ?? 1)) : usual;
  }

  #extra(p: number, slot: number): number {
    return this.#market.offers[p]?.fields[slot - (this.#market.first[p] ?? 0)]?.extraMicros ?? 0;
  }

  #slotGain(p: number, slot: number): number {
    const f = this.#market.slotField[slot] ?? 0;
    if (this.#wanted[f] === 0 || this.#states.hasSpoken(f, this.#market.family[p] ?? 0)) return 0;
    const accuracy = this.#expected.accuracy[slot] ?? 0;
    const any = this.#states.any[f] ?? 0;
    const alone = this.#coming[f] ?? 1;
    const gain = alone * gainOf(accuracy, this.#states.best[f] ?? 0, any);
    // beside one that is on its way it is a second opinion
    return any > 0 ? gain : gain + (1 - alone) * gainOf(accuracy, accuracy, accuracy);
  }

  /** The wanted fields of a provider, without those whose extra price is more than they are worth. */
  worthAsking(p: number, price: number): string[] {
    const { first, slotField, fields } = this.#market;
    const asked: string[] = [];
    for (let slot = first[p] ?? 0; slot < (first[p + 1] ?? 0); slot += 1) {
      const f = slotField[slot] ?? 0;
      if (this.#wanted[f] === 0) continue;
      const extra = this.#extra(p, slot);
      if (extra === 0 || this.#slotGain(p, slot) > price * extra) asked.push(fields[f] ?? '');
    }
    return asked;
  }

  /** About how long a call that was waited for so long still takes: the rest of its median, or the longer the later it is. */
  stillTakes(p: number, waitedMs: number): number {
    const median = Math.exp(this.#expected.lnMedianMs[p] ?? 0);
    return Math.max(SOON_MS, median - waitedMs, 0.6 * (this.#expected.spread[p] ?? 1) * Math.max(median, waitedMs));
  }

  /** Probability that an answer of provider `p` is there after so many milliseconds. */
  arrived(p: number, ms: number): number {
    if (ms <= 0) return 0;
    return below((Math.log(ms) - (this.#expected.lnMedianMs[p] ?? 0)) / (this.#expected.spread[p] ?? 1));
  }

  /** Computes anew what the calls on their way leave open. */
  hope(flights: ReadonlyMap<number, Flight>): void {
    this.#coming.fill(1);
    for (const [p, flight] of flights) {
      if (flight.isLost) continue;
      for (let slot = this.#market.first[p] ?? 0; slot < (this.#market.first[p + 1] ?? 0); slot += 1) {
        const f = this.#market.slotField[slot] ?? 0;
        this.#coming[f] = (this.#coming[f] ?? 1) * (1 - flight.chance * this.fill(slot));
      }
    }
  }

  /** What a hit of a provider that was asked would still add. */
  stillAdds(p: number): number {
    let value = 0;
    for (let slot = this.#market.first[p] ?? 0; slot < (this.#market.first[p + 1] ?? 0); slot += 1) {
      const f = this.#market.slotField[slot] ?? 0;
      if (this.#wanted[f] === 0 || this.#states.hasSpoken(f, this.#market.family[p] ?? 0)) continue;
      value += this.fill(slot) * gainOf(this.#expected.accuracy[slot] ?? 0, this.#states.best[f] ?? 0, this.#states.any[f] ?? 0);
    }
    return value;
  }
}
