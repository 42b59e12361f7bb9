import type { FieldCandidate, Value } from './field-states.ts';
import type { ProviderOffer } from './provider.ts';

/** The source of the facts that enrichment writes. */
export const SOURCE = 'enrichment';

/** A value that lost, and who said it. */
export interface OtherValue {
  value: Value;
  confidence: number;
  providers: readonly string[];
}

/** A field after enrichment. */
export interface EnrichedField {
  field: string;
  value: Value;
  /** Probability that it is right. */
  confidence: number;
  /** Who gave it, the most accurate first. */
  providers: readonly string[];
  /** When it was true: as the best of them says. */
  observedAt: string;
  /** First UTC day on which it is to be asked again. */
  expiresDay: number;
  costMicros: number;
  otherValues: readonly OtherValue[];
}

const OTHERS = 5;
const DAY_MS = 86_400_000;

/** The best candidate of a field as an answer tells it, if there is one. @param costMicros what its share of the calls came to */
export function enrichedField(
  field: string,
  candidates: readonly FieldCandidate[],
  offers: ReadonlyMap<string, ProviderOffer>,
  { now, costMicros }: { now: Date; costMicros: number },
): EnrichedField | undefined {
  const [best, ...others] = candidates;
  const vote = best?.votes[0];
  if (best === undefined || vote === undefined) return undefined;
  const observedAt = vote.observedAt ?? now.toISOString();
  const ttlDays = offers.get(vote.provider)?.fields.find((offered) => offered.field === field)?.ttlDays ?? 0;
  return {
    field,
    value: best.value,
    confidence: best.confidence,
    providers: best.votes.map(({ provider }) => provider),
    observedAt,
    // from today: what a list says of last year is looked at again when the list is
    expiresDay: Math.floor(now.getTime() / DAY_MS) + Math.max(1, ttlDays),
    costMicros,
    otherValues: others
      .slice(0, OTHERS)
      .map(({ value, confidence, votes }) => ({ value, confidence, providers: votes.map(({ provider }) => provider) })),
  };
}

/**
 * Shares what calls cost among the fields that took their value: each call's price evenly, what does not divide to the first. Sums stay
 * exact: every unit charged for a value that was used stands at a field.
 */
export function sharedCosts(
  calls: readonly { provider: string; costMicros: number }[],
  winners: ReadonlyMap<string, readonly string[]>,
): Map<string, number> {
  const costs = new Map<string, number>();
  for (const { provider, costMicros } of calls) {
    const used = [...winners].filter(([, providers]) => providers.includes(provider)).map(([field]) => field);
    for (const [i, field] of used.entries()) {
      const share = Math.floor(costMicros / used.length) + (i === 0 ? costMicros % used.length : 0);
      costs.set(field, (costs.get(field) ?? 0) + share);
    }
  }
  return costs;
}
