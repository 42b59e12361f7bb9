import { packageVersion } from '../kernel/version.ts';
import { type Finding, ok, problem } from './core/finding.ts';

/** The oldest Node that is supported. */
const OLDEST = [20, 19] as const;

export function examineProgram(node: string): Finding {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const says = `samepage-mcp ${packageVersion()} on Node ${node}`;
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return ok('program', says);
  return problem('program', `${says}, which is too old`, `Install Node ${OLDEST.join('.')} or newer`);
}
