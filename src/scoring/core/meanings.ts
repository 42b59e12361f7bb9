import type { Rubric } from '../../definitions/core/rubric.ts';
import { criterionSentence, disqualifierSentence, labelsOf } from '../../definitions/core/sentence.ts';
import type { Taxonomy } from '../../definitions/core/taxonomy.ts';

/** What each criterion and disqualifier means in a sentence, by id. */
export function meaningsOf(rubric: Rubric, taxonomy: Taxonomy): Record<string, string> {
  const labels = labelsOf(taxonomy);
  return Object.fromEntries([
    ...rubric.criteria.map((criterion) => [criterion.id, criterionSentence(criterion, labels)] as const),
    ...(rubric.disqualify ?? []).map((disqualifier) => [disqualifier.id, disqualifierSentence(disqualifier, labels)] as const),
  ]);
}

/** What a tier move's reason means: `c3` is criterion 3, `d0` disqualifier 0. */
export function reasonsOf(rubric: Rubric): Record<string, string> {
  const named = (prefix: string, parts: readonly { id: string; label?: string | undefined }[]) =>
    parts.map((part, i) => [`${prefix}${i}`, part.label ?? part.id] as const);
  return { rubric: 'the rubric changed', ...Object.fromEntries([...named('c', rubric.criteria), ...named('d', rubric.disqualify ?? [])]) };
}
