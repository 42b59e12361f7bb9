import { Statistics } from '../../src/enrichment/core/expectations.ts';
import { marketOf } from '../../src/enrichment/core/market.ts';
import type { ProviderOffer } from '../../src/enrichment/core/provider.ts';
import { Waterfall } from '../../src/enrichment/core/waterfall.ts';
import { chanceFrom } from '../../src/kernel/chance.ts';

const PROVIDERS = 200;
const FIELDS = 15;
const RECORDS = 60;

/** Milliseconds a decision at 200 providers of 10 fields each, all of which may be asked: the mean over whole records. */
export function plannerMs(): number {
  const random = chanceFrom(11);
  const offers = Array.from({ length: PROVIDERS }, (_, i): ProviderOffer => {
    const isFree = random() < 0.2;
    return {
      id: `provider-${i}`,
      version: '1',
      family: `family-${i % 50}`,
      subject: 'account',
      inputs: [],
      billing: isFree ? 'none' : 'hit',
      priceMicros: isFree ? 0 : Math.round(10_000 + random() * 90_000),
      fields: Array.from({ length: 10 }, (_, f) => ({
        field: `account.f${(i + f) % FIELDS}`,
        role: '',
        fill: 0.3 + 0.6 * random(),
        accuracy: 0.75 + 0.2 * random(),
        ttlDays: 90,
        extraMicros: 0,
      })),
      hitRate: 0.1 + 0.6 * random(),
      latency: { medianMs: 200 + 800 * random(), spread: 0.5 },
      timeoutMs: 10_000,
      limits: { atOnce: 10 },
      idempotent: true,
      missTtlDays: 30,
      rehitDays: 0,
    };
  });
  const market = marketOf(offers);
  const expected = new Statistics().expect(market, '');
  const wanted = [...market.fields];
  let [decisions, spent] = [0, 0];
  for (let i = 0; i < RECORDS; i += 1) {
    const limits = { budgetMicros: 400_000, deadlineMs: 5000, atOnce: 24, worthMicros: 2_000_000 };
    const waterfall = new Waterfall(market, expected, limits, { inputs: {}, wanted, today: 0 });
    for (let now = 0; !waterfall.isFinished; now += 60) {
      const started = performance.now();
      const asks = waterfall.next(now);
      spent += performance.now() - started;
      // each call is a decision, and so is the one to make no more
      decisions += asks.length + 1;
      for (const { provider, hedge } of asks) {
        if (hedge) continue;
        const isHit = random() < 0.4;
        const values = Object.fromEntries(
          (offers[provider]?.fields ?? []).map(({ field }) => [field, { value: random() < 0.9 ? 'right' : random() }]),
        );
        waterfall.answered(provider, { outcome: isHit ? 'hit' : 'miss', values: isHit ? values : {}, chargedMicros: 0, latencyMs: 60 });
      }
    }
  }
  return spent / decisions;
}
