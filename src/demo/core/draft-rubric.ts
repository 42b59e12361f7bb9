import type { Rubric } from '../../definitions/core/rubric.ts';

/** What the demonstration proposes: behaviour weighs more, company data less. */
export const DRAFT_CAPS: Readonly<Record<string, number>> = { fit: 50, engagement: 35 };

/** The rubric with other caps for some groups; a group that it does not have is left alone. */
export function draftRubric(rubric: Rubric, caps: Readonly<Record<string, number>>): { draft: Rubric; changes: string[] } {
  const changes: string[] = [];
  const groups = Object.entries(rubric.groups).map(([id, group]) => {
    const cap = caps[id];
    if (cap === undefined || cap === group.cap) return [id, group] as const;
    changes.push(`${group.label ?? id}: at most ${cap} points (now ${group.cap})`);
    return [id, { ...group, cap }] as const;
  });
  return { draft: { ...rubric, groups: Object.fromEntries(groups) }, changes };
}
