import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Statistics } from '../../src/enrichment/core/expectations.ts';
import { lessonsOf } from '../../src/enrichment/core/lessons.ts';
import { type Market, marketOf } from '../../src/enrichment/core/market.ts';
import type { ProviderAnswer, ProviderOffer } from '../../src/enrichment/core/provider.ts';
import { Waterfall } from '../../src/enrichment/core/waterfall.ts';

/** What the simulated market shows of itself. Its records hold their truth too, which is for `summarize` alone. */
export interface World {
  providers: readonly { id: number; family: number; price: number; billing: 'free' | 'hit' | 'request'; fields: readonly number[] }[];
  records(count: number): WorldRecord[];
}
export interface WorldRecord {
  segment: number;
  call(id: number): { outcome: 'hit' | 'miss' | 'error'; values: Record<string, number>; latencyMs: number; cost: number };
}
export interface WorldRun {
  record: WorldRecord;
  values: Record<string, number>;
  cost: number;
  calls: number;
  elapsedMs: number;
}
export interface Summary {
  correctOfExisting: number;
  precision: number;
  cost: number;
  calls: number;
  p50Ms: number;
  p95Ms: number;
}
export interface WorldModule {
  createWorld(seed: number): World;
  summarize(runs: readonly WorldRun[]): Summary;
  FIELDS: number;
  DEADLINE_MS: number;
}

/** The simulated market, when it lies beside the shared data; it is no part of the project. */
export async function sharedWorld(): Promise<WorldModule | undefined> {
  const path = resolve(process.env.SAMEPAGE_SHARED_DATA ?? '../shared/data', '../tools/waterfall-world.mjs');
  return existsSync(path) ? ((await import(pathToFileURL(path).href)) as WorldModule) : undefined;
}

const CREDIT = 1_000_000;
const fieldName = (field: number) => `account.f${field}`;

/** The providers as a description without experience would put them: only whether they are free tells them apart. */
function offersOf(world: World): ProviderOffer[] {
  return world.providers.map(({ id, family, price, billing, fields }) => ({
    id: String(id),
    version: '1',
    family: String(family),
    subject: 'account',
    inputs: [],
    billing: billing === 'free' ? 'none' : billing,
    priceMicros: Math.round(price * CREDIT),
    fields: fields.map((field) => ({ field: fieldName(field), role: '', fill: 0.6, accuracy: 0.86, ttlDays: 90, extraMicros: 0 })),
    hitRate: billing === 'free' ? 0.2 : 0.38,
    latency: { medianMs: 450, spread: 0.8 },
    timeoutMs: 10_000,
    limits: { atOnce: 1000 },
    // the market gives one answer to one question, at one time
    idempotent: false,
    missTtlDays: 30,
    rehitDays: 0,
  }));
}

export interface SimulationOptions {
  budget: number;
  deadlineMs: number;
  atOnce: number;
  minConfidence: number;
}
export const DEFAULTS: SimulationOptions = { budget: 8, deadlineMs: 5000, atOnce: 24, minConfidence: 0.5 };

/** The engine's planner over a world, on a virtual clock: time is where the next answer is. */
export class Simulation {
  readonly #market: Market;
  readonly #fields: readonly string[];
  readonly #options: SimulationOptions;
  readonly #statistics = new Statistics();
  decisions = 0;
  decisionMs = 0;

  constructor(world: World, fields: number, options: Partial<SimulationOptions> = {}) {
    this.#market = marketOf(offersOf(world));
    this.#fields = Array.from({ length: fields }, (_, field) => fieldName(field));
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Enriches one record. @param learns takes its outcomes in. */
  run(record: WorldRecord, learns: boolean): WorldRun {
    const { budget, deadlineMs, atOnce, minConfidence } = this.#options;
    const market = this.#market;
    const segment = String(record.segment);
    const waterfall = new Waterfall(
      market,
      this.#statistics.expect(market, segment),
      { budgetMicros: budget * CREDIT, deadlineMs, atOnce, worthMicros: 100 * CREDIT },
      { inputs: {}, wanted: this.#fields, today: 0 },
    );
    const arriving: { at: number; provider: number; answer: ProviderAnswer }[] = [];
    let now = 0;
    let calls = 0;
    for (;;) {
      const started = performance.now();
      const asks = waterfall.next(now);
      this.decisionMs += performance.now() - started;
      this.decisions += 1;
      for (const { provider } of asks) {
        const answer = answerOf(record, provider);
        calls += 1;
        arriving.push({ at: now + answer.latencyMs, provider, answer });
      }
      const wake = waterfall.wakeAt(now);
      if (wake === undefined) break;
      arriving.sort((a, b) => b.at - a.at);
      const next = arriving.at(-1);
      now = next === undefined ? wake : Math.min(wake, next.at);
      if (next !== undefined && next.at <= now) {
        arriving.pop();
        waterfall.answered(next.provider, next.answer);
      }
    }
    for (const { provider, answer } of arriving.reverse()) waterfall.answered(provider, answer);
    const values: Record<string, number> = {};
    for (const [f, field] of this.#fields.entries()) {
      const [best] = waterfall.candidates(field);
      if (best !== undefined && best.confidence >= minConfidence) values[f] = Number(best.value);
    }
    if (learns) {
      const lessons = lessonsOf({
        segment,
        period: 0,
        called: waterfall.called,
        offerId: (p) => market.offers[p]?.id ?? '',
        wanted: this.#fields,
        candidates: (field) => waterfall.candidates(field),
        existence: (field) => waterfall.existence(field),
      });
      for (const tally of lessons) this.#statistics.add(tally);
    }
    return { record, values, cost: waterfall.spentMicros / CREDIT, calls, elapsedMs: now };
  }
}

function answerOf(record: WorldRecord, provider: number): ProviderAnswer {
  const { outcome, values, latencyMs, cost } = record.call(provider);
  return {
    outcome,
    values: Object.fromEntries(Object.entries(values).map(([field, value]) => [fieldName(Number(field)), { value }])),
    chargedMicros: Math.round(cost * CREDIT),
    latencyMs,
  };
}
