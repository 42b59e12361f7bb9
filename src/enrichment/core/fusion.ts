/**
 * One value of many: candidates weighed by log-odds. A vote of accuracy a multiplies the odds of its value by a / (1 − a); two
 * families that agree by chance are rarer still, for a wrong value is one of many. A family has one vote for a value, that of its most
 * accurate member: its members share sources, and would only repeat each other.
 */

/** What one provider said of one field. */
export interface Vote<V> {
  value: V;
  /** Equal keys are equal values: normalised by the field's type. */
  key: string;
  provider: string;
  family: string;
  /** How likely such a value is right before anyone else is heard: learned accuracy, worn by age and role. */
  accuracy: number;
}

export interface Candidate<T extends Vote<unknown>> {
  value: T['value'];
  key: string;
  /** Probability that it is the right one. */
  confidence: number;
  /** The most accurate first. */
  votes: readonly T[];
}

/** Among how many values a wrong one is chosen, as it were: two sources err alike more often than by chance, so far fewer than there are. */
const WRONG_VALUES = 40;
const LEAST = 0.02;
const MOST = 0.995;

/** The candidates of a field, best first; those of equal confidence by their keys, so that no order of answers changes the outcome. */
export function fuse<T extends Vote<unknown>>(votes: readonly T[]): Candidate<T>[] {
  const byKey = new Map<string, T[]>();
  for (const vote of votes) byKey.set(vote.key, [...(byKey.get(vote.key) ?? []), vote]);
  const weighed = [...byKey].map(([key, said]) => ({ key, said, weight: Math.exp(logOdds(said)) }));
  const all = weighed.reduce((sum, { weight }) => sum + weight, 1);
  return weighed
    .map(({ key, said, weight }) => {
      const ranked = said.sort((a, b) => b.accuracy - a.accuracy || (a.provider < b.provider ? -1 : 1));
      return { value: ranked[0]?.value, key, confidence: weight / all, votes: ranked };
    })
    .sort((a, b) => b.confidence - a.confidence || (a.key < b.key ? -1 : 1));
}

function logOdds(said: readonly Pick<Vote<unknown>, 'family' | 'accuracy'>[]): number {
  const best = new Map<string, number>();
  for (const { family, accuracy } of said) best.set(family, Math.max(best.get(family) ?? 0, accuracy));
  let sum = (best.size - 1) * Math.log(WRONG_VALUES);
  for (const accuracy of best.values()) {
    const a = Math.min(MOST, Math.max(LEAST, accuracy));
    sum += Math.log(a / (1 - a));
  }
  return sum;
}

/**
 * What is left of a value's accuracy: a fact in another role, or one of long ago, says less. By the end of its time to live a quarter
 * of it is gone.
 */
export function wornAccuracy(
  accuracy: number,
  { ageDays, ttlDays, sameRole }: { ageDays: number; ttlDays: number; sameRole: boolean },
): number {
  const fresh = ttlDays > 0 ? 0.5 ** (Math.max(0, ageDays) / ttlDays) : 1;
  return accuracy * (0.5 + 0.5 * fresh) * (sameRole ? 1 : OTHER_ROLE);
}

/** A privacy contact's country is the seat's in about half of the companies where both are known (58 of 111). */
const OTHER_ROLE = 0.52;
