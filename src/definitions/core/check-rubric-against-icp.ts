import type { Icp } from './icp.ts';
import type { PredicateDocument, Scalar } from './predicate.ts';
import type { Holed, Located, Path } from './problems.ts';
import type { Rubric } from './rubric.ts';

/** What a rubric may reward: the values of fields, each with who says so. */
export type Wanted = Pick<Icp, 'segments'> & Partial<Pick<Icp, 'firmographics' | 'buying_group'>>;

/**
 * The values that a rubric rewards and the ICP does not want: those of a field whose wanted values the ICP lists, and buying roles
 * that are not in its buying group. What loses points, and what stands under `not`, is the rubric's own.
 */
export function checkAgainstIcp(rubric: Holed<Rubric>, icp: Wanted | undefined): Located[] {
  if (icp === undefined) return [];
  const wanted = new Map(
    (icp.firmographics ?? []).flatMap(({ field, values }) => (values === undefined ? [] : [[field, new Set(values)] as const])),
  );
  const roles = new Set<string>((icp.buying_group ?? []).map(({ role }) => role));
  return (rubric.criteria ?? []).flatMap((criterion, i) => {
    if (criterion === undefined || (criterion.points ?? 0) <= 0) return [];
    return valuesIn(criterion.when, ['criteria', i, 'when']).flatMap(({ field, value, path }) => {
      if (field === 'person.buying_role' && roles.size > 0 && !roles.has(String(value)))
        return [{ path, message: `the ICP's buying group has no ${String(value)}; add the role there first, or take it out here` }];
      if (wanted.get(field)?.has(String(value)) !== false) return [];
      return [
        {
          path,
          message: `the ICP does not want it: firmographics lists other values of ${field}; add it there first, or take it out here`,
        },
      ];
    });
  });
}

interface Rewarded {
  field: string;
  value: Scalar;
  path: Path;
}

function valuesIn(p: Holed<PredicateDocument> | undefined, path: Path): Rewarded[] {
  if (p === undefined) return [];
  const { field } = p;
  if (field !== undefined) {
    const single: Rewarded[] = p.eq === undefined ? [] : [{ field, value: p.eq, path: [...path, 'eq'] }];
    const key = p.in === undefined ? 'has' : 'in';
    return [
      ...single,
      ...(p[key] ?? []).flatMap((value, i): Rewarded[] => (value === undefined ? [] : [{ field, value, path: [...path, key, i] }])),
    ];
  }
  const key = p.all === undefined ? 'any' : 'all';
  return (p[key] ?? []).flatMap((part, i) => valuesIn(part, [...path, key, i]));
}
