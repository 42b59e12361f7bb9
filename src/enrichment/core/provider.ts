/**
 * What the engine and the providers say to each other. Fields have the taxonomy's names (`account.country`, `person.title`).
 * Money is in whole millionths of a US dollar (micros), times are in milliseconds, rates lie between 0 and 1.
 */

export type Subject = 'account' | 'person';

/** What a provider bills: each hit, each field it gave, each request also when it finds nothing, or never. */
export type Billing = 'hit' | 'field' | 'request' | 'none';

/** A field that a provider can give, and what its description expects of it before anything was learned. */
export interface OfferedField {
  field: string;
  /** What the value is about, where a provider knows the field in another sense: `seat`, `privacy_contact`, `listed`. */
  role: string;
  /** How often a hit has the field. */
  fill: number;
  /** How often a value given is right. */
  accuracy: number;
  /** How long a value is held to be true. */
  ttlDays: number;
  /** Added to the price when the field was asked for and given, as for a mobile number; 0 for most. */
  extraMicros: number;
}

/** What the planner knows of a provider: its description, without anything of how it is called. */
export interface ProviderOffer {
  id: string;
  /** Hash of the description: an answer that another version gave is asked for again. */
  version: string;
  /** Providers that draw on the same source are of one family and have one vote. */
  family: string;
  subject: Subject;
  /** A list of the team's own: nobody outside is asked. */
  local?: boolean;
  /** Sets of fields, any of which is enough to ask: `[['account.domain'], ['account.name', 'account.country']]`. */
  inputs: readonly (readonly string[])[];
  billing: Billing;
  /** Per billed unit; 0 where `billing` is `none`. */
  priceMicros: number;
  fields: readonly OfferedField[];
  /** How often it knows a record at all. */
  hitRate: number;
  /** Log-normal: the median, and the standard deviation of the logarithm. */
  latency: { medianMs: number; spread: number };
  /** How long an answer is waited for; what comes later than the deadline of a run but before this is still used. */
  timeoutMs: number;
  limits: { perSecond?: number; perMinute?: number; atOnce: number };
  /** Asking twice does nothing that asking once does not. */
  idempotent: boolean;
  /** How long a miss is held to be one. */
  missTtlDays: number;
  /** The vendor does not bill the same record again within so many days; 0 where it does. */
  rehitDays: number;
}

export interface ProviderRequest {
  subject: Subject;
  /** Normalised values by field, of which one set of `inputs` is complete. */
  inputs: Readonly<Record<string, string>>;
  /** The fields wanted: what costs extra and is not among them is not asked for. */
  fields: readonly string[];
  /** What an asynchronous vendor gave for the work that it began: asks how it stands instead of beginning again. */
  resume?: string;
}

/**
 * `hit` and `miss`: it answered. `retry`: it answered that it cannot now (with `resume`: it is at work), and asking again is safe. `rate`: too many
 * requests. `quota`: no credits left. `auth`: the key is refused. `error`: it did not do the work, for instance it could
 * not be reached. `unknown`: the request went out and no whole answer came back, so it may have been billed.
 */
export type ProviderOutcome = 'hit' | 'miss' | 'retry' | 'rate' | 'quota' | 'auth' | 'error' | 'unknown';

/** A value as one provider gave it. */
export interface ProvidedValue {
  /** Of the field's declared type, normalised; outside text: data, capped in length. */
  value: string | number | boolean | readonly string[];
  /** What the vendor says of it, where it does; what it means is learned. */
  confidence?: number;
  /** The role of this one value, where it differs from the offer's. */
  role?: string;
  /** When it was true, ISO 8601, where the provider says so: a list from March is from March. */
  observedAt?: string;
}

/** Something that happened, as one provider tells it: a role advertised, a round of funding. */
export interface ProvidedSignal {
  /** A signal of the taxonomy: hiring, funding_round. */
  type: string;
  /** ISO 8601. */
  occurredAt: string;
  /** Outside text: data, capped in length. */
  title?: string;
}

export interface ProviderAnswer {
  outcome: ProviderOutcome;
  values: Readonly<Record<string, ProvidedValue>>;
  signals?: readonly ProvidedSignal[];
  /** What this request cost, from the answer where the vendor says so, else by the billing; null while that is not known (`unknown`, or still at work). */
  chargedMicros: number | null;
  latencyMs: number;
  /** How long not to ask again, for `retry` and `rate`, where the vendor says so. */
  retryAfterMs?: number;
  /** Of an asynchronous vendor still at work: what to ask with later. */
  resume?: string;
  /** Why there is no answer, in our own words, fit for a log: no key, no body, no personal data. */
  reason?: string;
}

/**
 * How a provider is asked: over HTTP, from a list, or by a simulation. One call is one request for which the ledger has a row;
 * a port never sends again by itself, never throws for what a vendor does, and after `signal` is aborted answers at once (`unknown` if the request was out).
 */
export interface ProviderPort {
  call(offer: ProviderOffer, request: ProviderRequest, options: { signal: AbortSignal }): Promise<ProviderAnswer>;
}

/** The most that one call can cost: what is reserved before it. */
export function worstMicros(offer: ProviderOffer, fields: readonly string[]): number {
  if (offer.billing === 'none') return 0;
  const asked = offer.fields.filter((offered) => fields.includes(offered.field));
  const units = offer.billing === 'field' ? asked.length : 1;
  return units * offer.priceMicros + asked.reduce((sum, offered) => sum + offered.extraMicros, 0);
}
