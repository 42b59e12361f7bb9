export interface InputErrorRow {
  tool: string;
  /** What is wrong, for the test's name. */
  why: string;
  input: Record<string, unknown>;
  /** The field that the error names, as in `events[1].type`. */
  path: string;
  reason: RegExp;
}

/** The rows of one tool. */
export const rows = (
  tool: string,
  ...list: [why: string, input: Record<string, unknown>, path: string, reason: RegExp][]
): InputErrorRow[] => list.map(([why, input, path, reason]) => ({ tool, why, input, path, reason }));

/** Longer than a name may be. */
export const tooLong = 'x'.repeat(301);
