export interface InputErrorRow {
  tool: string;
  /** What is wrong, for the test's name. */
  why: string;
  input: Record<string, unknown>;
  /** The field that the error names, as in `events[1].type`. */
  path: string;
  reason: RegExp;
}

/** Errors of input that need no record to be there. */
export const INPUT_ERRORS: readonly InputErrorRow[] = [
  { tool: 'search_records', why: 'a kind that is none', input: { kind: 'acount' }, path: 'kind', reason: /did you mean account\?/ },
  { tool: 'search_records', why: 'a page of 1,000', input: { kind: 'account', limit: 1000 }, path: 'limit', reason: /at most 100/ },
  { tool: 'search_records', why: 'a page of nothing', input: { kind: 'account', limit: 0 }, path: 'limit', reason: /at least 1/ },
  {
    tool: 'search_records',
    why: 'a predicate of a field that is not written entity.key',
    input: { kind: 'account', where: { field: 'industry', eq: 'software' } },
    path: 'where.field',
    reason: /written entity\.key/,
  },
];
