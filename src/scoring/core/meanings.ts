import type { Rubric } from '../../definitions/core/rubric.ts';
import { criterionSentence, disqualifierSentence, labelsOf } from '../../definitions/core/sentence.ts';
import type { Taxonomy } from '../../definitions/core/taxonomy.ts';

/** By the rubric and the taxonomy that they were last said with: a version never changes, and a process keeps each by its hash. */
const MEANINGS = new WeakMap<Rubric, { taxonomy: Taxonomy; meanings: Readonly<Record<string, string>> }>();

/** What each criterion and disqualifier means in a sentence, by id. */
export function meaningsOf(rubric: Rubric, taxonomy: Taxonomy): Record<string, string> {
  const kept = MEANINGS.get(rubric);
  if (kept?.taxonomy === taxonomy) return { ...kept.meanings };
  const meanings = sentencesOf(rubric, taxonomy);
  MEANINGS.set(rubric, { taxonomy, meanings });
  return { ...meanings };
}

function sentencesOf(rubric: Rubric, taxonomy: Taxonomy): Record<string, string> {
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
