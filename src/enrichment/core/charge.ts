import type { ProviderOffer, ProviderOutcome } from './provider.ts';

const MICROS = 1_000_000;

export function microsOf(usd: number): number {
  return Math.round(usd * MICROS);
}

export interface Billable {
  outcome: ProviderOutcome;
  /** Fields asked for that were given. */
  given: readonly string[];
  /** Credits charged, where the answer says so. */
  credits: number | undefined;
  /** The step that is billed was answered. */
  answered: boolean;
  /** A vendor is still at work on it. */
  pending: boolean;
}

/** What a call cost in micros; null while that is not known. What the vendor says counts before what its billing says. */
export function chargeOf(offer: ProviderOffer, usdPerCredit: number, call: Billable): number | null {
  if (offer.billing === 'none') return 0;
  if (call.credits !== undefined) return microsOf(call.credits * usdPerCredit);
  if (call.outcome === 'unknown' || call.pending) return null;
  if (!call.answered) return 0;
  const extras = offer.fields.filter(({ field }) => call.given.includes(field)).reduce((sum, { extraMicros }) => sum + extraMicros, 0);
  switch (offer.billing) {
    case 'request':
      return call.outcome === 'hit' || call.outcome === 'miss' ? offer.priceMicros + extras : 0;
    case 'field':
      return call.outcome === 'hit' ? call.given.length * offer.priceMicros + extras : 0;
    case 'hit':
      return call.outcome === 'hit' ? offer.priceMicros + extras : 0;
  }
}
