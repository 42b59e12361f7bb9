import { LEAST_MARGIN } from './account-decision.ts';
import { type Decision, type PairExplanation, sentenceOf } from './explain.ts';
import { PEOPLE } from './model.ts';
import { type RecordValues, type Statistics, scoreAgainst } from './score-pair.ts';

/** A person that a lead may be. */
export interface PersonCandidate {
  id: string;
  values: RecordValues;
  /** True when one of the person's addresses is the lead's own. */
  hasAddress: boolean;
}

/** Which person a lead is, with what led to it: prior and the bits of the evidence are the bits, always. */
export interface PersonDecision extends Omit<PairExplanation, 'decision'> {
  decision: Decision;
  entity: string | null;
  rule: 'same_address' | 'evidence' | 'none';
  runner_up: { entity: string; bits: number } | null;
  margin: number | null;
  sentence: string;
}

/**
 * Which of the candidates a lead is. Whoever has the lead's own address is the lead: an import finds them by it too, whatever else the
 * records say. Else the evidence decides; where two are close it is a review.
 */
export function decidePerson(lead: RecordValues, candidates: readonly PersonCandidate[], statistics: Statistics): PersonDecision {
  const weighed = explainedAll(lead, candidates, statistics).sort(
    (a, b) => Number(b.hasAddress) - Number(a.hasAddress) || b.bits - a.bits || (a.id < b.id ? -1 : 1),
  );
  const [best, next] = weighed;
  if (best === undefined) return nobody(statistics.prior);
  const { id, hasAddress, decision: byEvidence, ...explained } = best;
  const margin = next === undefined ? null : Math.round((best.bits - next.bits) * 100) / 100;
  const isClose = margin !== null && margin < LEAST_MARGIN;
  const decision = hasAddress ? 'match' : byEvidence === 'match' && isClose ? 'review' : byEvidence;
  const said = sentenceOf({ decision, ...explained });
  return {
    decision,
    entity: decision === 'none' ? null : id,
    rule: hasAddress ? 'same_address' : decision === 'none' ? 'none' : 'evidence',
    runner_up: next === undefined ? null : { entity: next.id, bits: next.bits },
    margin,
    sentence: hasAddress
      ? `The person has this very address. ${said}`
      : isClose && decision === 'review'
        ? `${said} Another is as close.`
        : said,
    ...explained,
  };
}

function explainedAll(lead: RecordValues, candidates: readonly PersonCandidate[], statistics: Statistics) {
  if (candidates.length === 0) return [];
  const values = candidates.map((candidate) => candidate.values);
  const explained = scoreAgainst(lead, values, PEOPLE, statistics);
  return candidates.flatMap(({ id, hasAddress }, i) => (explained[i] === undefined ? [] : [{ id, hasAddress, ...explained[i] }]));
}

function nobody(prior: number): PersonDecision {
  const told = Math.round(prior * 100) / 100;
  return {
    decision: 'none',
    model: PEOPLE.name,
    prior: told,
    evidence: [],
    bits: told,
    p: 1 / (1 + 2 ** -told),
    entity: null,
    rule: 'none',
    runner_up: null,
    margin: null,
    sentence: 'Nobody has the address, the name or the domain.',
  };
}
