import type { ProviderAnswer } from './provider.ts';

export interface WaterfallLimits {
  budgetMicros: number;
  deadlineMs: number;
  /** Requests at once. */
  atOnce: number;
  /** What a right field is worth at most, however much of the budget is left. */
  worthMicros: number;
}

export interface Ask {
  provider: number;
  fields: readonly string[];
  /** A second request where the first one, free and idempotent, is late. */
  hedge: boolean;
}

/** What a call came to, for learning. */
export interface Called {
  provider: number;
  fields: readonly string[];
  /** How likely a hit was, as a share of the provider's own rate. */
  exposure: number;
  answer: ProviderAnswer;
}
