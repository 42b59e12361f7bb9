import { type PairExplanation, sentenceOf } from './explain.ts';

/** Why a pair is left to a person. */
export const REVIEW_REASONS = [
  'uncertain', // the evidence is neither enough for a match nor against one
  'guarded', // by itself it is a match, and the records of the two groups do not fit together
  'other_domain', // a match by name and more, but for their domains: a subsidiary, a brand, a namesake
] as const;
export type ReviewReason = (typeof REVIEW_REASONS)[number];

/** What hangs on one of two entities. */
export interface Stake {
  /** The account on which the opportunities are: the entity itself, or the person's. */
  accountId: string | null;
  openOpportunities: number;
  isCustomer: boolean;
  /** Current engagement events and signals, so many at most as MOST_EVENTS. */
  events: number;
}

export const NO_STAKE: Stake = { accountId: null, openOpportunities: 0, isCustomer: false, events: 0 };

/** What hangs on a pair, as it is told. */
export interface PairStake {
  open_opportunities: number;
  customer: boolean;
  events: number;
}

/** More events than these make nothing worth more. */
export const MOST_EVENTS = 1000;
const MOST_OPPORTUNITIES = 5;
const POINTS = { opportunity: 8, customer: 16, doubt: 8 };

/** What hangs on two together; opportunities of one account count once. */
export function jointStake(left: Stake, right: Stake): PairStake {
  const isOneAccount = left.accountId !== null && left.accountId === right.accountId;
  return {
    open_opportunities: left.openOpportunities + (isOneAccount ? 0 : right.openOpportunities),
    customer: left.isCustomer || right.isCustomer,
    events: left.events + right.events,
  };
}

/**
 * The place of a review in the list, highest first: 8 for each open opportunity (5 of them at most), 16 for a customer, 1 for each
 * doubling of the number of events (1, 2–3, 4–7 …), and up to 8 for doubt: 8 where it is even, 1 less for each bit beside it.
 * @param bits evidence and prior together: log-odds
 */
export function reviewValue({ open_opportunities, customer, events }: PairStake, bits: number): number {
  const doubt = Math.max(0, POINTS.doubt - Math.round(Math.abs(bits)));
  const engaged = Math.ceil(Math.log2(1 + events));
  return POINTS.opportunity * Math.min(open_opportunities, MOST_OPPORTUNITIES) + (customer ? POINTS.customer : 0) + engaged + doubt;
}

const BEFORE: Readonly<Record<ReviewReason, string>> = {
  uncertain: '',
  guarded: 'Not merged, since the groups that the two are in do not fit together. By the evidence alone: ',
  other_domain: 'Not merged, since their domains differ: a subsidiary, a brand or a namesake. By the evidence alone: ',
};

/** The evidence of a review in words. */
export function reviewSentence(reason: ReviewReason, explained: Omit<PairExplanation, 'decision'>): string {
  return `${BEFORE[reason]}${sentenceOf({ ...explained, decision: reason === 'uncertain' ? 'review' : 'match' })}`;
}
