import type { ProviderOffer } from './provider.ts';

/** Providers and the fields they offer, laid out in arrays by number: what the planner walks at every decision. */
export interface Market {
  readonly offers: readonly ProviderOffer[];
  readonly fields: readonly string[];
  readonly fieldOf: ReadonlyMap<string, number>;
  readonly families: readonly string[];
  /** Family of each provider. */
  readonly family: Int32Array;
  /** Provider p offers the slots from `first[p]` up to `first[p + 1]`. */
  readonly first: Int32Array;
  /** Field of each slot. */
  readonly slotField: Int32Array;
}

export function marketOf(offers: readonly ProviderOffer[]): Market {
  const fieldOf = new Map<string, number>();
  const familyOf = new Map<string, number>();
  const numbered = (map: Map<string, number>, name: string) => {
    const known = map.get(name) ?? map.size;
    map.set(name, known);
    return known;
  };
  const family = Int32Array.from(offers, (offer) => numbered(familyOf, offer.family));
  const slotField = Int32Array.from(offers.flatMap((offer) => offer.fields.map((offered) => numbered(fieldOf, offered.field))));
  const first = new Int32Array(offers.length + 1);
  for (const [p, offer] of offers.entries()) first[p + 1] = (first[p] ?? 0) + offer.fields.length;
  return { offers, fields: [...fieldOf.keys()], fieldOf, families: [...familyOf.keys()], family, first, slotField };
}
