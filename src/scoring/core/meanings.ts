import type { Rubric } from '../../definitions/core/rubric.ts';

/** What each criterion and disqualifier means, by id. */
export function meaningsOf(rubric: Rubric): Record<string, string> {
  return Object.fromEntries([...rubric.criteria, ...(rubric.disqualify ?? [])].map((part) => [part.id, part.label ?? part.id]));
}

/** What a tier move's reason means: `c3` is criterion 3, `d0` disqualifier 0. */
export function reasonsOf(rubric: Rubric): Record<string, string> {
  const meanings = meaningsOf(rubric);
  const named = (prefix: string, parts: readonly { id: string }[]) =>
    parts.map((part, i) => [`${prefix}${i}`, meanings[part.id] ?? part.id] as const);
  return { rubric: 'the rubric changed', ...Object.fromEntries([...named('c', rubric.criteria), ...named('d', rubric.disqualify ?? [])]) };
}
