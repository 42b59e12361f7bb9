import type { Comparison } from './comparison.ts';
import type { Model } from './model.ts';
import { type PairScorer, probabilityOf } from './score.ts';

/** What one comparison says of a pair. */
export interface Evidence {
  readonly group: string;
  readonly level: string;
  /** The level in words. */
  readonly label: string;
  readonly left: string;
  readonly right: string;
  /** For a match when positive, against it when negative. */
  readonly bits: number;
  /** The share of the records that have the value, where its rarity counts. */
  readonly tf?: number;
  readonly why?: string;
}

export type Decision = 'match' | 'review' | 'none';

/** A pair with all that speaks for and against it: prior + the bits of the evidence = bits, exactly. */
export interface PairExplanation {
  readonly decision: Decision;
  readonly model: string;
  readonly prior: number;
  readonly evidence: readonly Evidence[];
  readonly bits: number;
  readonly p: number;
}

/** Bits are told in hundredths, so that what is shown adds up to what is shown. */
const told = (bits: number) => Math.round(bits * 100) / 100;
const hundredths = (bits: number) => Math.round(bits * 100);

/** The evidence of two records of a table. */
export function explainPair(scorer: PairScorer, model: Model, prior: number, a: number, b: number): PairExplanation {
  const evidence: Evidence[] = [];
  for (const [c, comparison] of scorer.comparisons.entries()) {
    const level = comparison.level(a, b);
    const weight = scorer.weights[c]?.[level - 1];
    if (level === 0 || weight === undefined || weight.isTold === true) continue;
    const share = weight.byRarity === true ? comparison.rarity(level, a, b) : 0;
    evidence.push({
      group: comparison.group,
      level: weight.id,
      label: weight.label,
      ...sides(comparison, a, b),
      bits: told(scorer.bitsOf(c, level, a, b)),
      ...(share > 0 && { tf: share }),
    });
  }
  const over = told(scorer.siteExcess(a, b));
  if (over !== 0) {
    const why = `phone, address and place are of one site, and count for so much together ${over > 0 ? '' : 'against a match '}at most`;
    evidence.push({ group: 'site', level: 'limited', label: 'one site', left: '', right: '', bits: -over, why });
  }
  const shared = told(scorer.householdExcess(a, b));
  if (shared !== 0) {
    const why = 'who lives together has names in common, and twins a date of birth';
    evidence.push({ group: 'household', level: 'limited', label: 'one household', left: '', right: '', bits: -shared, why });
  }
  const bits = (hundredths(prior) + evidence.reduce((sum, one) => sum + hundredths(one.bits), 0)) / 100;
  const decision = bits >= model.acceptBits ? 'match' : bits >= model.reviewBits ? 'review' : 'none';
  return { decision, model: model.name, prior: told(prior), evidence, bits, p: probabilityOf(bits) };
}

/** The lesser text first, so that a pair reads the same both ways round. */
function sides(comparison: Comparison, a: number, b: number): { left: string; right: string } {
  return { left: comparison.shown(a), right: comparison.shown(b) };
}

/** The explanation in one sentence. */
export function sentenceOf({ decision, prior, evidence, bits, p }: PairExplanation): string {
  const verdict = { match: 'The same', review: 'Perhaps the same', none: 'Not the same' }[decision];
  const part = (one: Evidence) => `${one.group.replace('text:', '').replace('identifier:', '')}: ${one.label} (${signed(one.bits)})`;
  const sorted = [...evidence].sort((x, y) => Math.abs(y.bits) - Math.abs(x.bits));
  const listed = sorted.map(part).join('; ');
  return `${verdict}, p ${p.toFixed(4)}: ${listed === '' ? 'nothing to compare' : listed}. Prior ${signed(prior)}, together ${signed(bits)} bits.`;
}

function signed(bits: number): string {
  return `${bits < 0 ? '−' : '+'}${Math.abs(bits).toFixed(2)}`;
}
