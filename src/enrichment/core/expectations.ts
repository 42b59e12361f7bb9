import type { Market } from './market.ts';
import { ALL, COUNTS, type Counts, type Tally } from './tally.ts';

/** What the planner expects of each provider for one segment: arrays by the market's numbers. */
export interface Expectations {
  /** How often a record of average findability is known. */
  hit: Float64Array;
  /** How often there is an answer at all. */
  answers: Float64Array;
  lnMedianMs: Float64Array;
  spread: Float64Array;
  /** By slot: how often a hit has the field, and how often such a value is right. */
  fill: Float64Array;
  accuracy: Float64Array;
  /** By field: how often it exists at all. */
  exists: Float64Array;
}

/** How many observations what a description says is worth; and what all segments say, for one of them. */
const PRIOR = { hit: 8, answers: 30, latency: 4, fill: 6, accuracy: 14, exists: 60 };
const SEGMENT = { hit: 14, fill: 60, accuracy: 120, exists: 200 };
const EXISTS = 0.93;
/** Everything said of a field is neither always right nor always wrong. */
const LEAST = 0.01;
const MOST = 0.99;

type Sums = Record<(typeof COUNTS)[number], number>;

/** What was learned, ready to be looked up: tallies, each with the weight that time has left it. */
export class Statistics {
  readonly #sums = new Map<string, Sums>();

  add(tally: Tally, weight = 1): void {
    this.#addTo(nameOf(tally.provider, tally.segment, tally.field), tally.counts, weight);
    if (tally.segment !== ALL) this.#addTo(nameOf(tally.provider, ALL, tally.field), tally.counts, weight);
  }

  #addTo(name: string, counts: Counts, weight: number): void {
    let sums = this.#sums.get(name);
    if (sums === undefined) {
      sums = Object.fromEntries(COUNTS.map((count) => [count, 0])) as Sums;
      this.#sums.set(name, sums);
    }
    for (const count of COUNTS) sums[count] += (counts[count] ?? 0) * weight;
  }

  #of(provider: string, segment: string, field = ''): Sums {
    return this.#sums.get(nameOf(provider, segment, field)) ?? NOTHING;
  }

  /** A rate: what the description says, moved by what all segments show, moved by what this one shows. */
  #rate(prior: number, strength: [number, number], all: readonly [number, number], own: readonly [number, number]): number {
    const pooled = (prior * strength[0] + all[0]) / (strength[0] + all[1]);
    return Math.min(MOST, Math.max(LEAST, (pooled * strength[1] + own[0]) / (strength[1] + own[1])));
  }

  /** What to expect of the providers of a market for records of a segment. */
  expect(market: Market, segment: string): Expectations {
    const { offers, fields, first, slotField } = market;
    const expected: Expectations = {
      hit: new Float64Array(offers.length),
      answers: new Float64Array(offers.length),
      lnMedianMs: new Float64Array(offers.length),
      spread: new Float64Array(offers.length),
      fill: new Float64Array(slotField.length),
      accuracy: new Float64Array(slotField.length),
      exists: Float64Array.from(fields, (field) => {
        const [all, own] = [this.#of(ALL, ALL, field), this.#of(ALL, segment, field)];
        return this.#rate(
          EXISTS,
          [PRIOR.exists, SEGMENT.exists],
          [all.confirmed / 1000, all.contested],
          [own.confirmed / 1000, own.contested],
        );
      }),
    };
    for (const [p, offer] of offers.entries()) {
      const [all, own] = [this.#of(offer.id, ALL), this.#of(offer.id, segment)];
      expected.hit[p] = this.#rate(
        offer.hitRate,
        [PRIOR.hit, SEGMENT.hit],
        [all.hits, all.exposure / 1000],
        [own.hits, own.exposure / 1000],
      );
      expected.answers[p] = 1 - (FAILURES * PRIOR.answers + all.failures) / (PRIOR.answers + all.calls + all.failures);
      const told = Math.log(offer.latency.medianMs);
      const mean = (told * PRIOR.latency + all.latency / 1000) / (PRIOR.latency + all.calls);
      const squares = (told ** 2 + offer.latency.spread ** 2) * PRIOR.latency + all.latency_squares / 1000;
      expected.lnMedianMs[p] = mean;
      expected.spread[p] = Math.sqrt(Math.max(0.01, squares / (PRIOR.latency + all.calls) - mean ** 2));
      const from = first[p] ?? 0;
      for (const [i, offered] of offer.fields.entries()) {
        const [ever, here] = [this.#of(offer.id, ALL, offered.field), this.#of(offer.id, segment, offered.field)];
        expected.fill[from + i] = this.#rate(offered.fill, [PRIOR.fill, SEGMENT.fill], [ever.given, ever.asked], [here.given, here.asked]);
        expected.accuracy[from + i] = this.#rate(
          offered.accuracy,
          [PRIOR.accuracy, SEGMENT.accuracy],
          [ever.confirmed / 1000, ever.contested],
          [here.confirmed / 1000, here.contested],
        );
      }
    }
    return expected;
  }
}

const FAILURES = 0.03;
const NOTHING = Object.fromEntries(COUNTS.map((count) => [count, 0])) as Sums;

function nameOf(provider: string, segment: string, field: string): string {
  return `${provider}\u0000${segment}\u0000${field}`;
}
