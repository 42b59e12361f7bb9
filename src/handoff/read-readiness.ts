import type { PredicateDocument } from '../definitions/core/predicate.ts';
import { labelsOf, predicateSentence } from '../definitions/core/sentence.ts';
import type { Taxonomy } from '../definitions/core/taxonomy.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { type Readiness, readinessOf } from './core/readiness.ts';
import { readTruths } from './read-truths.ts';

/**
 * Whether a person can be handed off, by the MQL rule of the taxonomy and what is known now.
 * @param asOfDay the day from which windows of events count back
 * @param disqualifiedBy what the rubric's disqualifiers that apply mean
 */
export async function readReadiness(
  tx: Tx,
  ctx: Context,
  { person, taxonomy, asOfDay, disqualifiedBy }: { person: string; taxonomy: Taxonomy; asOfDay: number; disqualifiedBy: readonly string[] },
): Promise<Readiness> {
  const { truths } = await readTruths(tx, ctx, { person, conditions: mqlParts(taxonomy), asOfDay });
  return readinessBy(taxonomy, truths, disqualifiedBy);
}

/** The conditions that the MQL rule asks for together, each of which can be missing. */
export function mqlParts({ mql }: Taxonomy): readonly PredicateDocument[] {
  return mql.all ?? [mql];
}

/** @param met of `mqlParts`, in their order */
export function readinessBy(taxonomy: Taxonomy, met: readonly (boolean | null)[], disqualifiedBy: readonly string[]): Readiness {
  const labels = labelsOf(taxonomy);
  return readinessOf(
    mqlParts(taxonomy).map((part) => predicateSentence(part, labels)),
    met,
    disqualifiedBy,
  );
}
