import { attributionProblems } from './attribution.ts';
import { cadenceProblems } from './cadence.ts';
import { icpProblems } from './icp.ts';
import { playbookProblems } from './playbook.ts';
import type { Located, Path } from './problems.ts';
import { rubricProblems } from './rubric.ts';
import { slaProblems } from './sla.ts';
import { taxonomyProblems } from './taxonomy.ts';

/**
 * A schema stops before its last checks when a part has the wrong shape. To report all problems at once, the parts with
 * problems are taken out (a list keeps a hole, so that places stay) and the last checks run over what stands.
 */
export function partsThatStand(kind: string, input: unknown, problems: readonly Located[]): { rest: unknown; problems: Located[] } {
  const rest = structuredClone(input);
  for (const { path } of problems) takeOut(rest, path);
  const already = new Set(problems.map((p) => JSON.stringify([p.path, p.message])));
  // what is left passed its own part of the schema
  const check = CHECKS[kind] as ((parts: unknown) => Located[]) | undefined;
  const more = (check?.(rest) ?? []).filter((p) => !already.has(JSON.stringify([p.path, p.message])));
  return { rest, problems: more };
}

const CHECKS: Record<string, unknown> = {
  icp: icpProblems,
  taxonomy: taxonomyProblems,
  rubric: rubricProblems,
  sla: slaProblems,
  attribution: attributionProblems,
  cadence: cadenceProblems,
  playbook: playbookProblems,
};

/** Makes a hole in the outermost list on the path, or else removes the document's member. */
function takeOut(document: unknown, path: Path): void {
  let holder = document;
  for (const part of path) {
    if (Array.isArray(holder) && typeof part === 'number') {
      if (part < holder.length) holder[part] = undefined;
      return;
    }
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, part)) break;
    holder = (holder as Record<string, unknown>)[part];
  }
  const member = path[0];
  if (member !== undefined && typeof document === 'object' && document !== null) delete (document as Record<string, unknown>)[member];
}
