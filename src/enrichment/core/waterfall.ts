import type { Ask, Called, WaterfallLimits } from './asks.ts';
import { CallValues, type Flight, SOON_MS } from './call-values.ts';
import type { Expectations } from './expectations.ts';
import { type FieldCandidate, FieldStates, type FieldVote, valueKey } from './field-states.ts';
import { Findability } from './findability.ts';
import { wornAccuracy } from './fusion.ts';
import type { Market } from './market.ts';
import { type ProviderAnswer, worstMicros } from './provider.ts';

export type { Ask, Called, WaterfallLimits } from './asks.ts';

/** Share of the mean worth of the budget that a field must bring for its price. */
const PRICE = 0.09;
/** By how much more a call must be worth at the start than at the deadline, while others are on their way: waiting may save it. */
const EARLY = 2;
/** What a free call must still bring, in fields; and those on their way, in fields a millisecond, to be waited for. */
const FREE_CALL = 0.002;
const PATIENCE = 6e-5;
const CHECK_MS = 150;
/** A call of which it is less likely than this that it comes in time is not counted on. */
const LOST = 0.1;
const GRACE_MS = 50;
/** From this confidence on a found value is good enough to ask others with. */
const ASKABLE = 0.8;
/** A free call is sent again when this share of its answers would have come. */
const HEDGE_AT = 0.9;
const DAY_MS = 86_400_000;

/**
 * The planner of one record: which providers to ask next, given what is known, what is on its way, the money and the time. It has no
 * clock: the caller says what time it is, in milliseconds since the start. It calls nobody: the caller makes the calls of
 * `next` and brings each answer to `answered`.
 */
export class Waterfall {
  readonly #market: Market;
  readonly #expected: Expectations;
  readonly #limits: WaterfallLimits;
  readonly #states: FieldStates;
  readonly #findability: Findability;
  readonly #wanted: Uint8Array;
  readonly #inputs: Record<string, string>;
  /** 0: may be asked, 1: was asked or may not be. */
  readonly #closed: Uint8Array;
  readonly #flights = new Map<number, Flight>();
  readonly #values: CallValues;
  readonly #price: number;
  readonly #today: number;
  #spentMicros = 0;
  #reservedMicros = 0;
  #finished = false;
  readonly called: Called[] = [];

  /** @param asked.inputs normalised values to ask with, by field. @param asked.today the day, by which a value has an age. */
  constructor(
    market: Market,
    expected: Expectations,
    limits: WaterfallLimits,
    asked: {
      inputs: Readonly<Record<string, string>>;
      wanted: readonly string[];
      today: number;
      known?: readonly { field: string; vote: FieldVote }[];
    },
  ) {
    this.#market = market;
    this.#expected = expected;
    this.#limits = limits;
    this.#inputs = { ...asked.inputs };
    this.#today = asked.today;
    this.#states = new FieldStates(market.families.length, expected.exists);
    this.#findability = new Findability(market, expected.hit);
    this.#wanted = Uint8Array.from(market.fields, (field) => (asked.wanted.includes(field) ? 1 : 0));
    this.#closed = new Uint8Array(market.offers.length);
    this.#values = new CallValues(market, expected, this.#states, this.#wanted);
    this.#price = Math.max((PRICE * asked.wanted.length) / Math.max(1, limits.budgetMicros), 1 / limits.worthMicros);
    for (const { field, vote } of asked.known ?? []) {
      const f = market.fieldOf.get(field);
      if (f !== undefined) this.#states.vote(f, vote);
    }
  }

  get spentMicros(): number {
    return this.#spentMicros;
  }

  get isFinished(): boolean {
    return this.#finished;
  }

  /** Whether something that comes then still counts. */
  hasTime(atMs: number): boolean {
    return !this.#finished && atMs < this.#limits.deadlineMs;
  }

  /** What to ask with: what was given, and what was found since. */
  get inputs(): Readonly<Record<string, string>> {
    return this.#inputs;
  }

  candidates(field: string): readonly FieldCandidate[] {
    return this.#states.candidates(this.#market.fieldOf.get(field) ?? -1);
  }

  /** Probability that a field exists for this record, after what was answered. */
  existence(field: string): number {
    return this.#states.exists[this.#market.fieldOf.get(field) ?? -1] ?? 0;
  }

  /** The calls to make now. After the last one answered, or when none is worth waiting for, the run is finished. */
  next(nowMs: number): Ask[] {
    if (this.#finished) return [];
    const left = this.#limits.deadlineMs - nowMs;
    if (left <= 0) {
      this.#finished = true;
      return [];
    }
    let isHopeful = this.#toCome(nowMs, left) >= PATIENCE;
    const asks = this.#hedges(nowMs);
    for (;;) {
      const ask = this.#bestCall(nowMs, left, isHopeful);
      if (ask === undefined) break;
      asks.push(ask);
      isHopeful = true;
    }
    this.#finished = !isHopeful;
    return asks;
  }

  /** When to call `next` again though nothing was answered. */
  wakeAt(nowMs: number): number | undefined {
    return this.#finished ? undefined : Math.min(this.#limits.deadlineMs, nowMs + CHECK_MS);
  }

  /** A call that `next` gave was not made: its money is free again. */
  refused(provider: number): void {
    const flight = this.#flights.get(provider);
    if (flight === undefined) return;
    this.#flights.delete(provider);
    this.#reservedMicros -= flight.reservedMicros;
    this.#values.hope(this.#flights);
  }

  /** The answer to a call is here; `answered` follows once it is written down. */
  landed(provider: number): void {
    const flight = this.#flights.get(provider);
    if (flight !== undefined) flight.hasLanded = true;
  }

  /** An answer arrived. After the run is finished it only counts for money and learning. */
  answered(provider: number, answer: ProviderAnswer): void {
    const flight = this.#flights.get(provider);
    if (flight === undefined) return;
    this.#flights.delete(provider);
    this.#reservedMicros -= flight.reservedMicros;
    // what may have been billed is held to be
    this.#spentMicros += answer.chargedMicros ?? flight.reservedMicros;
    this.called.push({ provider, fields: flight.fields, exposure: flight.exposure, answer });
    if (this.#finished) return;
    this.hear(provider, flight.fields, answer);
  }

  /** Takes in what a provider says: now, or as its answer was kept. @param isAll it has nothing more to say, and is not asked */
  hear(provider: number, fields: readonly string[], answer: ProviderAnswer, isAll = true): void {
    if (isAll) this.#closed[provider] = 1;
    if (answer.outcome === 'hit' || answer.outcome === 'miss') this.#findability.learn(provider, answer.outcome === 'hit');
    if (answer.outcome === 'hit') this.#count(provider, fields, answer);
    this.#values.hope(this.#flights);
  }

  #count(provider: number, fields: readonly string[], answer: ProviderAnswer): void {
    const { first, slotField, family, families, offers } = this.#market;
    const offer = offers[provider];
    if (offer === undefined) return;
    const from = first[provider] ?? 0;
    for (const [i, offered] of offer.fields.entries()) {
      const f = slotField[from + i] ?? 0;
      const given = answer.values[offered.field];
      if (given === undefined) {
        if (fields.includes(offered.field)) this.#states.lacked(f, this.#expected.fill[from + i] ?? 0, this.#expected.exists[f] ?? 1);
        continue;
      }
      const accuracy = wornAccuracy(this.#expected.accuracy[from + i] ?? 0, {
        ageDays: given.observedAt === undefined ? 0 : this.#today - Date.parse(given.observedAt) / DAY_MS,
        ttlDays: offered.ttlDays,
        sameRole: given.role === undefined || given.role === offered.role,
      });
      const vote: FieldVote = {
        ...given,
        key: valueKey(offered.field, given.value),
        provider: offer.id,
        family: families[family[provider] ?? 0] ?? '',
        accuracy,
      };
      this.#states.vote(f, vote, family[provider] ?? 0);
      const [best] = this.#states.candidates(f);
      if (best !== undefined && best.confidence >= ASKABLE && !(offered.field in this.#inputs)) {
        this.#inputs[offered.field] = String(best.value);
      }
    }
  }

  #hedges(nowMs: number): Ask[] {
    const asks: Ask[] = [];
    for (const [provider, flight] of this.#flights) {
      const offer = this.#market.offers[provider];
      if (offer?.billing !== 'none' || !offer.idempotent || flight.hedged || flight.hasLanded) continue;
      if (this.#values.arrived(provider, nowMs - flight.sentMs - GRACE_MS) < HEDGE_AT) continue;
      flight.hedged = true;
      asks.push({ provider, fields: flight.fields, hedge: true });
    }
    return asks;
  }

  /** The call that is worth most above its price, if any is worth it; takes it as sent. */
  #bestCall(nowMs: number, left: number, isHopeful: boolean): Ask | undefined {
    const { offers } = this.#market;
    if (this.#inFlight() >= this.#limits.atOnce) return undefined;
    const price = this.#price * (isHopeful ? 1 + (EARLY * left) / this.#limits.deadlineMs : 1);
    const free = this.#limits.budgetMicros - this.#spentMicros - this.#reservedMicros;
    let best = 0;
    let chosen = -1;
    for (let p = 0; p < offers.length; p += 1) {
      const offer = offers[p];
      if (offer === undefined || this.#closed[p] === 1 || !this.#isAskable(p) || offer.priceMicros > free) continue;
      const chance = this.#findability.chance(p) * (this.#expected.answers[p] ?? 0);
      const inTime = this.#values.arrived(p, left);
      const { value, fill } = this.#values.gain(p, price);
      const units = offer.billing === 'request' ? 1 : offer.billing === 'field' ? chance * fill : chance;
      const cost = offer.billing === 'none' ? 0 : units * offer.priceMicros;
      const net = chance * inTime * value - price * cost - FREE_CALL;
      if (net > best) {
        best = net;
        chosen = p;
      }
    }
    return chosen < 0 ? undefined : this.#send(chosen, { nowMs, left, isHopeful, price, free });
  }

  #send(p: number, at: { nowMs: number; left: number; isHopeful: boolean; price: number; free: number }): Ask | undefined {
    const { nowMs, left, isHopeful, price, free } = at;
    const offer = this.#market.offers[p];
    if (offer === undefined) return undefined;
    this.#closed[p] = 1;
    const fields = this.#values.worthAsking(p, price);
    const reservedMicros = worstMicros(offer, fields);
    if (reservedMicros > free) return this.#bestCall(nowMs, left, isHopeful);
    const chance = this.#findability.chance(p);
    const flight = { fields, sentMs: nowMs, reservedMicros, chance: chance * (this.#expected.answers[p] ?? 0) };
    this.#flights.set(p, { ...flight, exposure: chance / (this.#expected.hit[p] ?? 1), hedged: false, isLost: false, hasLanded: false });
    this.#reservedMicros += reservedMicros;
    this.#values.hope(this.#flights);
    return { provider: p, fields, hedge: false };
  }

  #isAskable(p: number): boolean {
    const sets = this.#market.offers[p]?.inputs ?? [];
    return sets.length === 0 || sets.some((set) => set.every((field) => field in this.#inputs));
  }

  #inFlight(): number {
    let count = 0;
    for (const flight of this.#flights.values()) if (!flight.isLost) count += 1;
    return count;
  }

  /** What the calls on their way still bring, in fields a millisecond; those that hardly come any more are lost from now on. */
  #toCome(nowMs: number, left: number): number {
    let sum = 0;
    for (const [p, flight] of this.#flights) {
      // what is measured here is a little more than the provider's own time
      const waited = Math.max(0, nowMs - flight.sentMs - GRACE_MS);
      const answers = this.#expected.answers[p] ?? 0;
      const late = answers * (1 - this.#values.arrived(p, waited)) + (1 - answers) * 0.5;
      // a list is looked up here: its answer is as good as landed
      const isSure = flight.hasLanded || this.#market.offers[p]?.local === true;
      const comes = isSure
        ? 1
        : (answers * (this.#values.arrived(p, waited + left) - this.#values.arrived(p, waited))) / Math.max(1e-9, late);
      flight.isLost = comes < LOST;
      sum += (comes * (flight.chance / answers) * this.#values.stillAdds(p)) / (isSure ? SOON_MS : this.#values.stillTakes(p, waited));
    }
    return sum;
  }
}
