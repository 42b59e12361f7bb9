import type { ProviderAnswer, ProviderOffer, ProviderPort, ProviderRequest } from '../../src/enrichment/core/provider.ts';
import type { ProviderHouse } from '../../src/enrichment/provider-house.ts';

/** An offer of account fields asked by domain; says only what differs. */
export function offerOf(id: string, fields: readonly string[], given: Partial<ProviderOffer> = {}): ProviderOffer {
  return {
    id,
    version: '1',
    family: id,
    subject: 'account',
    inputs: [['account.domain']],
    billing: 'none',
    priceMicros: 0,
    fields: fields.map((field) => ({ field, role: '', fill: 0.8, accuracy: 0.9, ttlDays: 30, extraMicros: 0 })),
    hitRate: 0.6,
    // longer than any of them takes: nobody is given up because the machine is busy
    latency: { medianMs: 200, spread: 0.5 },
    timeoutMs: 2000,
    limits: { atOnce: 10 },
    idempotent: false,
    missTtlDays: 7,
    rehitDays: 0,
    ...given,
  };
}

export function hit(values: Record<string, string | number>, chargedMicros = 0): ProviderAnswer {
  const provided = Object.fromEntries(Object.entries(values).map(([field, value]) => [field, { value }]));
  return { outcome: 'hit', values: provided, chargedMicros, latencyMs: 3 };
}

export const MISS: ProviderAnswer = { outcome: 'miss', values: {}, chargedMicros: 0, latencyMs: 3 };

const NO_ANSWER: ProviderAnswer = { outcome: 'unknown', values: {}, chargedMicros: null, latencyMs: 3 };

type Behaviour = (request: ProviderRequest, signal: AbortSignal) => ProviderAnswer | Promise<ProviderAnswer>;

/** A house whose providers do as they are told, and that remembers who was asked what. */
export class StaticHouse implements ProviderHouse, ProviderPort {
  readonly offers: readonly ProviderOffer[];
  readonly asked: { provider: string; request: ProviderRequest }[] = [];
  readonly #behaviours: Map<string, Behaviour>;

  constructor(providers: readonly [offer: ProviderOffer, behaviour: Behaviour][]) {
    this.offers = providers.map(([offer]) => offer);
    this.#behaviours = new Map(providers.map(([offer, behaviour]) => [offer.id, behaviour]));
  }

  get port(): ProviderPort {
    return this;
  }

  async call(offer: ProviderOffer, request: ProviderRequest, { signal }: { signal: AbortSignal }): Promise<ProviderAnswer> {
    this.asked.push({ provider: offer.id, request });
    const givenUp = new Promise<ProviderAnswer>((resolve) => signal.addEventListener('abort', () => resolve(NO_ANSWER), { once: true }));
    return Promise.race([(this.#behaviours.get(offer.id) ?? (() => MISS))(request, signal), givenUp]);
  }

  askedOf(provider: string): number {
    return this.asked.filter((one) => one.provider === provider).length;
  }
}
