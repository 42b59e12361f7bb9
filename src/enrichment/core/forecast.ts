import { chanceFrom } from '../../kernel/chance.ts';
import type { Expectations } from './expectations.ts';
import type { Market } from './market.ts';
import { type ProviderAnswer, type ProviderOffer, worstMicros } from './provider.ts';
import { Waterfall, type WaterfallLimits } from './waterfall.ts';

/** A provider in a forecast. */
export interface ForecastCall {
  provider: string;
  /** In what share of cases it would be asked, and when on average. */
  share: number;
  startMs: number;
  expectedMicros: number;
  /** The most that asking it can cost. */
  worstMicros: number;
}

export interface Forecast {
  expectedMicros: number;
  /** The most that can be spent: the budget, or all calls at their dearest. */
  worstMicros: number;
  expectedMs: number;
  /** By field: the probability that it is found, right or wrong. */
  found: Record<string, number>;
  /** In the order in which they would be asked. */
  calls: ForecastCall[];
}

const CASES = 40;

/**
 * What enriching a record would come to: the planner itself, run over cases drawn from what is expected of each provider, on a
 * virtual clock. The cases are drawn by a fixed seed: the same question has the same answer.
 */
export function forecast(
  market: Market,
  expected: Expectations,
  limits: WaterfallLimits,
  asked: { inputs: Readonly<Record<string, string>>; wanted: readonly string[]; today: number; prepare?: (waterfall: Waterfall) => void },
): Forecast {
  const random = chanceFrom(20_260_302);
  const found: Record<string, number> = Object.fromEntries(asked.wanted.map((field) => [field, 0]));
  const calls = new Map<number, { count: number; startMs: number; micros: number }>();
  let [micros, ms] = [0, 0];
  for (let i = 0; i < CASES; i += 1) {
    const waterfall = new Waterfall(market, expected, limits, asked);
    asked.prepare?.(waterfall);
    ms += drawCase(waterfall, { market, expected, random, calls }) / CASES;
    micros += waterfall.spentMicros / CASES;
    for (const field of asked.wanted) if (waterfall.candidates(field).length > 0) found[field] = (found[field] ?? 0) + 1 / CASES;
  }
  const dearest = market.offers.reduce((sum, offer) => sum + worstMicros(offer, asked.wanted), 0);
  return {
    expectedMicros: Math.round(micros),
    worstMicros: Math.min(limits.budgetMicros, dearest),
    expectedMs: Math.round(ms),
    found,
    calls: [...calls]
      .map(([p, { count, startMs, micros: cost }]): ForecastCall => {
        const offer = market.offers[p] as ProviderOffer;
        return {
          provider: offer.id,
          share: count / CASES,
          startMs: Math.round(startMs / count),
          expectedMicros: Math.round(cost / CASES),
          worstMicros: worstMicros(offer, asked.wanted),
        };
      })
      .sort((a, b) => a.startMs - b.startMs || b.share - a.share || (a.provider < b.provider ? -1 : 1)),
  };
}

interface Drawing {
  market: Market;
  expected: Expectations;
  random: () => number;
  calls: Map<number, { count: number; startMs: number; micros: number }>;
}

/** One case to its end. @returns how long it took */
function drawCase(waterfall: Waterfall, drawing: Drawing): number {
  const arriving: { at: number; provider: number; answer: ProviderAnswer }[] = [];
  let now = 0;
  for (;;) {
    for (const { provider, fields, hedge } of waterfall.next(now)) {
      if (hedge) continue;
      const answer = drawAnswer(provider, fields, drawing);
      arriving.push({ at: now + answer.latencyMs, provider, answer });
      const call = drawing.calls.get(provider) ?? { count: 0, startMs: 0, micros: 0 };
      drawing.calls.set(provider, {
        count: call.count + 1,
        startMs: call.startMs + now,
        micros: call.micros + (answer.chargedMicros ?? 0),
      });
    }
    const wake = waterfall.wakeAt(now);
    if (wake === undefined) break;
    arriving.sort((a, b) => b.at - a.at);
    const next = arriving.at(-1);
    now = next === undefined ? wake : Math.min(wake, next.at);
    if (next === undefined || next.at > now) continue;
    arriving.pop();
    waterfall.answered(next.provider, next.answer);
  }
  for (const { provider, answer } of arriving) waterfall.answered(provider, answer);
  return now;
}

function drawAnswer(p: number, fields: readonly string[], { market, expected, random }: Drawing): ProviderAnswer {
  const offer = market.offers[p] as ProviderOffer;
  const latencyMs = Math.exp((expected.lnMedianMs[p] ?? 0) + (expected.spread[p] ?? 0) * normal(random));
  if (random() >= (expected.answers[p] ?? 1)) return { outcome: 'error', values: {}, chargedMicros: 0, latencyMs };
  const isHit = random() < (expected.hit[p] ?? 0);
  const values: Record<string, { value: string }> = {};
  let micros = offer.billing === 'request' || (isHit && offer.billing === 'hit') ? offer.priceMicros : 0;
  for (const [i, { field, extraMicros }] of offer.fields.entries()) {
    const slot = (market.first[p] ?? 0) + i;
    if (!isHit || random() >= (expected.fill[slot] ?? 0)) continue;
    values[field] = { value: random() < (expected.accuracy[slot] ?? 0) ? 'right' : `wrong ${Math.floor(random() * 1e9)}` };
    if (fields.includes(field)) micros += extraMicros + (offer.billing === 'field' ? offer.priceMicros : 0);
  }
  return { outcome: isHit ? 'hit' : 'miss', values, chargedMicros: micros, latencyMs };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
