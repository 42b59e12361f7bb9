import { rubricDocument } from '../../src/definitions/core/rubric.ts';
import { type OracleEvent, type OracleResult, type OracleSubject, scoreByOracle } from './oracle.ts';

export const TODAY = 20_000;

export const at = (age: number, type = 'visit', personId: string | null = null): OracleEvent => ({ type, day: TODAY - age, personId });
export const many = (count: number, age: number, personId: string | null = null) =>
  Array.from({ length: count }, () => at(age, 'visit', personId));

const base = {
  kind: 'rubric',
  tiers: { A: 70, B: 45 },
  groups: { fit: { cap: 1000 }, engagement: { cap: 25 } },
  lists: { rivals: ['rival.com'], nobody: [] },
  heat: { hot: { points: 1000 }, warm: { points: 1000 } },
};

export const account = (parts: Partial<OracleSubject> = {}): OracleSubject => ({
  kind: 'account',
  accountFields: {},
  personFields: {},
  events: [],
  ...parts,
});

export function score(rubric: object, subject: OracleSubject): OracleResult {
  return scoreByOracle(rubricDocument.parse({ ...base, ...rubric }), subject, TODAY);
}

/** [points, unknown] of a rubric that has one criterion. */
export function part(criterion: object, subject: OracleSubject): [number | undefined, number] {
  const { points, unknown } = score({ criteria: [{ id: 'c', group: 'fit', ...criterion }] }, subject);
  return [points[0], unknown];
}
