import type { Attribution, AttributionModel } from '../../definitions/core/attribution.ts';

/** By what credits are told apart; `period` is the month of the conversion, as in 2026-11. */
export const DIMENSIONS = ['channel', 'source', 'campaign', 'period'] as const;
export type Dimension = (typeof DIMENSIONS)[number];
/** Those that a touch has; the period is the opportunity's. */
export type TouchDimension = Exclude<Dimension, 'period'>;

/** What an opportunity is converted by: its day chooses the period, and where the look-back begins. */
export type Conversion = Attribution['conversion'];

/** What was believed at an instant, of the world as it was on a day. */
export interface Past {
  knownAt: Date;
  /** Days from 1970-01-01: what was observed or happened later does not count. */
  asOfDay: number;
}

export interface CreditInput {
  /** Days from 1970-01-01 in UTC: the first, and the one after the last. */
  from: number;
  to: number;
  conversion: Conversion;
  /** Left out: the model that counts. */
  model?: AttributionModel;
  by: readonly Dimension[];
  /** Left out: what is known today. */
  past?: Past;
}

/**
 * What the opportunities of a period credit to one value of each dimension, in one currency. All rows of a currency add up to exactly its
 * opportunities and their amounts.
 */
export interface CreditedRow {
  /** Only the dimensions that were asked for; null: unknown, or of a row of what nobody touched. */
  channel?: string | null;
  source?: string | null;
  campaign?: string | null;
  period?: string;
  /** Opportunities without a touch in the look-back: their amounts are credited to nothing. */
  untouched: boolean;
  /** As the opportunity names it; null where it names none. */
  currency: string | null;
  /** Millionths of an opportunity. */
  millionths: number;
  /** Hundredths of the currency's unit. */
  cents: number;
}

/** The opportunities of a period in one currency. */
export interface CurrencyTotal {
  currency: string | null;
  deals: number;
  cents: number;
  untouched: { deals: number; cents: number };
}

/** How many opportunities of a period are not what they should be; each is counted as said in docs/decisions/attribution.md. */
export interface Doubts {
  /** Counted with an amount of nothing. */
  no_amount: number;
  /** Of these the amount is beyond what can be added up. */
  too_large: number;
  /** Their amounts are in the sums. */
  negative: number;
  /** An amount without a currency: added up apart. */
  no_currency: number;
  /** Nobody's events can be looked for. */
  no_account: number;
  /** Converted on a day that has not come. */
  future: number;
  won_before_created: number;
  /** Of no period at all, in the whole workspace. */
  undated: number;
}

/** What is credited under several models, whose rows are in the order in which the models were asked for. */
export interface Credited {
  rows: CreditedRow[][];
  /** Sorted by currency. */
  totals: CurrencyTotal[];
  touches: number;
  doubts: Doubts;
}
