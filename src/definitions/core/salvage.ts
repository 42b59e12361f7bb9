import { attributionContradictions, attributionProblems } from './attribution.ts';
import { cadenceProblems } from './cadence.ts';
import type { Clash } from './common.ts';
import type { DefinitionKind, DocumentOf } from './definition.ts';
import { icpProblems } from './icp.ts';
import { playbookProblems } from './playbook.ts';
import { type Holed, type Located, valueAt } from './problems.ts';
import { rubricContradictions, rubricProblems } from './rubric.ts';
import { slaContradictions, slaProblems } from './sla.ts';
import { taxonomyContradictions, taxonomyProblems } from './taxonomy.ts';

/**
 * A schema stops before its last checks when a part has the wrong shape. To report all problems at once, the parts of
 * the wrong type are taken out (a list keeps a hole, so that places stay) and the last checks run over what stands.
 */
export function partsThatStand(kind: DefinitionKind, input: unknown, problems: readonly Located[]): { rest: unknown; problems: Located[] } {
  const rest = structuredClone(input);
  for (const problem of problems) takeOut(rest, problem);
  const already = new Set(problems.map((p) => JSON.stringify([p.path, p.message])));
  // what is left is a Holed document: each part that is there has its type
  const check = PROBLEMS[kind] as (parts: unknown) => Clash[];
  const more = [...check(rest), ...contradictions(kind, rest)].filter((p) => !already.has(JSON.stringify([p.path, p.message])));
  return { rest, problems: more };
}

type Check<K extends DefinitionKind> = (document: Holed<DocumentOf[K]>) => Clash[];

const PROBLEMS: { [K in DefinitionKind]: Check<K> } = {
  icp: icpProblems,
  taxonomy: taxonomyProblems,
  rubric: rubricProblems,
  sla: slaProblems,
  attribution: attributionProblems,
  cadence: cadenceProblems,
  playbook: playbookProblems,
};

const CONTRADICTIONS: { [K in DefinitionKind]?: Check<K> } = {
  taxonomy: taxonomyContradictions,
  rubric: rubricContradictions,
  sla: slaContradictions,
  attribution: attributionContradictions,
};

/** What a document says against itself though it can be read: no new one is taken with it, and one that was saved before stays. */
export function contradictions(kind: DefinitionKind, document: unknown): Clash[] {
  const check = CONTRADICTIONS[kind] as ((document: unknown) => Clash[]) | undefined;
  return check?.(document) ?? [];
}

/** Leaves a hole where a part has the wrong type. */
function takeOut(document: unknown, { path, atKey, rightType }: Located): void {
  const last = path.at(-1);
  if (rightType === true || last === undefined) return;
  const holder = valueAt(document, path.slice(0, -1));
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, last)) return;
  if (atKey === true) delete (holder as Record<string | number, unknown>)[last];
  else (holder as Record<string | number, unknown>)[last] = undefined;
}
