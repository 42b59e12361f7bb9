import { callKey } from '../../src/enrichment/core/ledger.ts';
import type { ProviderAnswer, ProviderOffer, ProviderPort, ProviderRequest } from '../../src/enrichment/core/provider.ts';

/** What a vendor does instead of answering well. */
const FAULTS = [
  'timeout billed',
  'timeout unbilled',
  'reset',
  'rate with a time',
  'rate without',
  'server error',
  'truncated',
  'malformed',
  'slow',
  'crash',
] as const;

export interface Billing {
  provider: string;
  key: string;
  micros: number;
  day: number;
  record: string;
}

/**
 * Vendors that fail in every way and keep their own books: what they billed for which question, whatever became of the
 * answer. `random` decides; the same sequence gives the same faults.
 */
export class FaultMarket implements ProviderPort {
  readonly offers: readonly ProviderOffer[];
  readonly bills: Billing[] = [];
  readonly faults = new Map<string, number>();
  readonly #random: () => number;
  readonly #day: () => number;
  readonly #share: number;

  constructor(options: { random: () => number; day: () => number; share: number }) {
    this.#random = options.random;
    this.#day = options.day;
    this.#share = options.share;
    this.offers = Array.from({ length: 12 }, (_, i) => offer(i));
  }

  async call(asked: ProviderOffer, request: ProviderRequest, { signal }: { signal: AbortSignal }): Promise<ProviderAnswer> {
    const random = this.#random;
    const fault = random() < this.#share ? FAULTS[Math.floor(random() * FAULTS.length)] : undefined;
    this.faults.set(fault ?? 'none', (this.faults.get(fault ?? 'none') ?? 0) + 1);
    const isHit = random() < 0.6;
    const bill = () => this.#bill(asked, request, isHit);
    const failed = (outcome: ProviderAnswer['outcome'], more: Partial<ProviderAnswer> = {}): ProviderAnswer => ({
      outcome,
      values: {},
      chargedMicros: 0,
      latencyMs: 1,
      ...more,
    });
    switch (fault) {
      case 'timeout billed':
      case 'truncated':
      case 'malformed':
        bill();
        if (fault === 'timeout billed') await aborted(signal);
        return failed('unknown', { chargedMicros: null });
      case 'timeout unbilled':
        await aborted(signal);
        return failed('unknown', { chargedMicros: null });
      case 'reset':
        if (random() < 0.5) bill();
        return failed('unknown', { chargedMicros: null });
      case 'rate with a time':
        return failed('rate', { retryAfterMs: 2 });
      case 'rate without':
        return failed('rate');
      case 'server error':
        return failed('error');
      case 'crash':
        // the vendor answers a process that is no longer there
        bill();
        return new Promise(() => {});
      default: {
        const billed = bill();
        await new Promise((resolve) => setTimeout(resolve, fault === 'slow' ? 25 : random() * 6));
        const values = Object.fromEntries(
          asked.fields.filter(() => random() < 0.7).map(({ field }) => [field, { value: random() < 0.9 ? 'right' : `wrong ${random()}` }]),
        );
        return { outcome: isHit ? 'hit' : 'miss', values: isHit ? values : {}, chargedMicros: billed, latencyMs: 5 };
      }
    }
  }

  #bill(asked: ProviderOffer, request: ProviderRequest, isHit: boolean): number {
    const billed = asked.billing === 'request' || (asked.billing === 'hit' && isHit) ? asked.priceMicros : 0;
    const key = callKey(asked, request.inputs) ?? '';
    if (billed > 0)
      this.bills.push({ provider: asked.id, key, micros: billed, day: this.#day(), record: request.inputs['account.domain'] ?? '' });
    return billed;
  }
}

function offer(i: number): ProviderOffer {
  const billing = i < 3 ? 'none' : i % 3 === 0 ? 'request' : 'hit';
  const names = ['account.industry', 'account.employees', 'account.country', 'account.city', 'account.revenue'];
  return {
    id: `vendor-${i}`,
    version: '1',
    family: `family-${i % 7}`,
    subject: 'account',
    inputs: [['account.domain']],
    billing,
    priceMicros: billing === 'none' ? 0 : 10_000 + i * 1_000,
    fields: names
      .filter((_, f) => (f + i) % 5 < 3)
      .map((field) => ({ field, role: '', fill: 0.7, accuracy: 0.88, ttlDays: 400, extraMicros: 0 })),
    hitRate: 0.6,
    latency: { medianMs: 5, spread: 0.6 },
    timeoutMs: 15,
    limits: { atOnce: 10 },
    idempotent: billing === 'none',
    missTtlDays: 400,
    rehitDays: 0,
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
