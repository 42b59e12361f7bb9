import { fieldsOf, readPredicate } from '../../definitions/core/predicate.ts';
import { appliesTo, type Criterion, DEFAULT_MAX, fieldsOfCriterion, type Rubric, type SubjectKind } from '../../definitions/core/rubric.ts';
import type { ScoreResult } from './receipt.ts';

export interface Part {
  criterion: string;
  group: string;
  points: number;
  /** `unknown`: a field it needs is missing, so the missing-data policy gave the points. */
  state: 'earned' | 'not_met' | 'unknown';
}

export interface GroupSum {
  group: string;
  /** Sum of its criteria. */
  sum: number;
  cap: number;
  /** What the cap took: 0 or less. */
  adjustment: number;
  /** sum + adjustment. */
  points: number;
}

export interface Explanation {
  /** The criteria for this kind, in the rubric's order. */
  parts: Part[];
  groups: GroupSum[];
  /** What the clamp to 0…max changed. Parts + group adjustments + clamp = score, always. */
  clamp: number;
  max: number;
  /** Criteria that need fields, and how many of them could be decided. */
  coverage: { decided: number; of: number; percent: number };
  /** Ids of the disqualifiers that hold. */
  disqualifiedBy: string[];
}

/** The parts that a result is made of. Pure arithmetic over what the statement gave: nothing is evaluated again. */
export function explain(rubric: Rubric, kind: SubjectKind, result: ScoreResult): Explanation {
  const parts = rubric.criteria.flatMap((criterion, i): Part[] => {
    if (!appliesTo(criterion, kind)) return [];
    const points = result.points[i] ?? 0;
    const state = bit(result.unknown, i) ? 'unknown' : points === 0 ? 'not_met' : 'earned';
    return [{ criterion: criterion.id, group: criterion.group, points, state }];
  });
  const groups = Object.entries(rubric.groups).map(([group, { cap }]): GroupSum => {
    const sum = total(parts.filter((part) => part.group === group).map((part) => part.points));
    const points = Math.min(cap, sum);
    return { group, sum, cap, adjustment: points - sum, points };
  });
  const needing = parts.filter((part) => needsFields(criterionOf(rubric, part.criterion)));
  const decided = needing.filter((part) => part.state !== 'unknown').length;
  return {
    parts,
    groups,
    clamp: result.score - total(groups.map((group) => group.points)),
    max: rubric.max ?? DEFAULT_MAX,
    coverage: { decided, of: needing.length, percent: needing.length === 0 ? 100 : Math.floor((100 * decided) / needing.length) },
    disqualifiedBy: (rubric.disqualify ?? []).flatMap((d, i) => (bit(result.disqualified, i) ? [d.id] : [])),
  };
}

/** The fields that the rubric reads for a kind: those of its criteria and of its disqualifiers, each once. */
export function fieldsRead(rubric: Rubric, kind: SubjectKind): string[] {
  const criteria = rubric.criteria.filter((criterion) => appliesTo(criterion, kind)).flatMap(fieldsOfCriterion);
  const disqualifiers = (rubric.disqualify ?? []).flatMap((d) => fieldsOf(readPredicate(d.when)));
  const ofKind = [...new Set([...criteria, ...disqualifiers])];
  return kind === 'account'
    ? ofKind.filter((field) => field.startsWith('account.'))
    : ofKind.filter((field) => !field.startsWith('opportunity.'));
}

function needsFields(criterion: Criterion | undefined): boolean {
  return criterion !== undefined && fieldsOfCriterion(criterion).length > 0;
}

function criterionOf(rubric: Rubric, id: string): Criterion | undefined {
  return rubric.criteria.find((criterion) => criterion.id === id);
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0);

/** Bits go beyond 32, where JavaScript's operators do not. */
function bit(mask: number, i: number): boolean {
  return Math.floor(mask / 2 ** i) % 2 === 1;
}
