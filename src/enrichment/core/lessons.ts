import type { FieldCandidate } from './field-states.ts';
import { ALL, type Counts, type Tally } from './tally.ts';
import type { Called } from './waterfall.ts';

/** What one run knows at its end. */
export interface RunEnd {
  segment: string;
  period: number;
  called: readonly Called[];
  offerId(provider: number): string;
  wanted: readonly string[];
  candidates(field: string): readonly FieldCandidate[];
  /** Probability that a field exists for the record. */
  existence(field: string): number;
}

const thousandths = (value: number) => Math.round(value * 1000);

/**
 * What a run teaches about the providers that it asked. Nobody knows the truth: a value counts as right as far as all
 * families together make it likely, and only where another family spoke too.
 */
export function lessonsOf(run: RunEnd): Tally[] {
  const tallies: Tally[] = [];
  const add = (provider: string, field: string, counts: Counts) =>
    tallies.push({ provider, segment: run.segment, field, period: run.period, counts });
  for (const call of run.called) {
    const { outcome } = call.answer;
    const provider = run.offerId(call.provider);
    if (outcome === 'error' || outcome === 'unknown' || outcome === 'retry') add(provider, '', { failures: 1 });
    if (outcome !== 'hit' && outcome !== 'miss') continue;
    const latency = Math.log(Math.max(1, call.answer.latencyMs));
    add(provider, '', {
      calls: 1,
      exposure: thousandths(call.exposure),
      hits: outcome === 'hit' ? 1 : 0,
      latency: thousandths(latency),
      latency_squares: thousandths(latency ** 2),
    });
    if (outcome === 'miss') continue;
    for (const field of call.fields) {
      const isGiven = field in call.answer.values;
      add(provider, field, { asked: 1, given: isGiven ? 1 : 0, ...(isGiven ? judged(run.candidates(field), provider) : {}) });
    }
  }
  for (const field of run.wanted) {
    const any = run.candidates(field).reduce((sum, { confidence }) => sum + confidence, 0);
    const there = any > 0 ? any : run.existence(field);
    add(ALL, field, { contested: 1, confirmed: thousandths(there) });
  }
  return tallies;
}

/** Whether a provider was right about a field, where another family can tell. */
function judged(candidates: readonly FieldCandidate[], provider: string): Counts {
  const own = candidates.find(({ votes }) => votes.some((vote) => vote.provider === provider));
  const family = own?.votes.find((vote) => vote.provider === provider)?.family;
  const isContested = candidates.some(({ votes }) => votes.some((vote) => vote.family !== family));
  return own === undefined || !isContested ? {} : { contested: 1, confirmed: thousandths(own.confidence) };
}
