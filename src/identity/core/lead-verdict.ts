import { type AccountDecision, probability } from './account-decision.ts';

/** What a person decided about a lead and an account. */
export interface LeadVerdict {
  decision: string;
  /** The lead is of the account, is not, or is of a company that is related to it. */
  verb: 'must_link' | 'cannot_link' | 'related';
  decidedAt: string;
  /** The nodes that it names. */
  person: string;
  node: string;
  /** What the account counts as today. */
  account: { id: string; name: string | null; domain: string | null };
  /** In the words of whoever decided. */
  reason: string | null;
}

export interface LeadVerdicts {
  /** In the order in which they were made. */
  all: readonly LeadVerdict[];
  /** By which the lead is of an account: the latest; null where nobody said so. */
  belongs: LeadVerdict | null;
  /** Accounts that the lead is not of, by what they count as. */
  ruledOut: ReadonlyMap<string, LeadVerdict>;
}

/** Who decides, where a model is named. */
export const A_PERSON = 'a person';
/** A person's word outweighs whatever records say: odds of a billion to one. */
const DECIDED_BITS = 30;

const SAID: Readonly<Record<LeadVerdict['verb'], string>> = {
  must_link: 'is of this account',
  cannot_link: 'is not of this account',
  related: 'is of a company that is related to this account, and not of it',
};

/** A verdict in a sentence. */
export function verdictSentence({ verb, decidedAt, reason, decision }: LeadVerdict): string {
  const because = reason === null ? '' : `, because "${reason}"`;
  return `On ${decidedAt.slice(0, 10)} a person decided that the lead ${SAID[verb]}${because} (decision ${decision}).`;
}

/**
 * The decision that follows from a verdict that the lead is of an account.
 * @param found what the matcher would have decided, where it was asked
 */
export function decidedByVerdict(verdict: LeadVerdict, found?: AccountDecision): AccountDecision {
  const { account, reason } = verdict;
  const isOther = found !== undefined && found.entity !== null && found.entity !== account.id;
  const without =
    found === undefined ? '' : `Without the decision: ${found.decision}${isOther ? ` with ${found.entity}` : ''}, p ${found.p}.`;
  const why = reason === null ? {} : { why: reason };
  return {
    decision: 'match',
    entity: account.id,
    model: A_PERSON,
    rule: 'decision',
    prior: 0,
    evidence: [{ group: 'decision', level: 'a person decided so', left: '', right: '', bits: DECIDED_BITS, ...why }],
    bits: DECIDED_BITS,
    p: probability(DECIDED_BITS),
    runner_up: isOther ? { entity: found.entity ?? '', bits: found.bits } : null,
    margin: isOther ? DECIDED_BITS - found.bits : null,
    tie_break: null,
    guards: [],
    counterfactual: without,
  };
}
