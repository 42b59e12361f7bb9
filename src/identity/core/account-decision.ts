/** By what a lead was matched, the strongest first. */
export const ACCOUNT_RULES = [
  'decision', // a person's
  'exact_host',
  'domain',
  'alias_domain',
  'name_and_place',
  'fuzzy_name_and_corroborator',
  'name',
  'phone',
  'none',
] as const;
export type AccountRule = (typeof ACCOUNT_RULES)[number];
export type AccountVerdict = 'match' | 'review' | 'none';

/** A piece of evidence; groups are independent of each other, so their bits add up. */
export interface Evidence {
  group: 'decision' | 'domain' | 'name' | 'place' | 'phone';
  /** What was found, in words. */
  level: string;
  /** What the lead says, and what the account says. */
  left: string;
  right: string;
  /** Whole hundredths: above 0 for, below 0 against. */
  bits: number;
  /** How many accounts have the same value, where that set the bits. */
  tf?: number;
  why?: string;
}

/** One decision with all that led to it: `prior` plus the bits of the evidence is `bits`, always. */
export interface AccountDecision {
  decision: AccountVerdict;
  /** The account; of a review the one that it would be; null for none. */
  entity: string | null;
  model: string;
  rule: AccountRule;
  prior: number;
  evidence: Evidence[];
  bits: number;
  /** 2^bits / (1 + 2^bits). */
  p: number;
  runner_up: { entity: string; bits: number } | null;
  /** Bits between the best account and the next; null without a next. */
  margin: number | null;
  tie_break: string | null;
  guards: string[];
  /** What would have changed the decision. */
  counterfactual: string;
}

export const ACCOUNT_MODEL = 'lead-account-1';
/** p ≥ .9 is a match, p ≥ .2 is worth a look. */
export const MATCH_BITS = 3.17;
export const REVIEW_BITS = -2;
/** Less between two accounts is a matter for a person. */
export const LEAST_MARGIN = 2;

export function hundredths(bits: number): number {
  return Math.round(bits * 100) / 100;
}

export function probability(bits: number): number {
  return Math.round(1e4 / (1 + 2 ** -bits)) / 1e4;
}

/** The decision in a sentence or two. */
export function decisionSentence(decision: AccountDecision): string {
  const { evidence, guards, p, margin, tie_break } = decision;
  const reasons = evidence
    .filter(({ bits }) => bits !== 0)
    .map(
      ({ level, left, right, bits }) =>
        `${level}${left === '' && right === '' ? '' : ` (${left} | ${right})`} ${bits > 0 ? '+' : ''}${bits}`,
    );
  const said =
    reasons.length === 0 ? 'No evidence.' : `${reasons.join('; ')}; prior ${decision.prior}; together ${decision.bits} bits, p ${p}.`;
  const rest = [
    ...(margin === null ? [] : [`Margin ${margin} bits.`]),
    ...(tie_break === null ? [] : [`Tie: ${tie_break}.`]),
    ...guards.map((guard) => `${guard}.`),
  ];
  return [said, ...rest].join(' ');
}
