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
  {
    tool: 'search_records',
    why: 'a predicate without a test',
    input: { where: { field: 'account.industry' } },
    path: 'where',
    reason: /exactly one of eq, in/,
  },
  {
    tool: 'search_records',
    why: 'a range of words, deep inside',
    input: { where: { all: [{ not: { field: 'account.employees', range: { min: 'many' } } }] } },
    path: 'where.all[0].not.range.min',
    reason: /number or a date/,
  },
  {
    tool: 'search_records',
    why: 'a misspelt test',
    input: { where: { field: 'account.industry', equals: 'x' } },
    path: 'where',
    reason: /equals/,
  },
  {
    tool: 'search_records',
    why: 'a list of a rubric',
    input: { where: { field: 'account.domain', in_list: 'competitors' } },
    path: 'where',
    reason: /a filter has none/,
  },
  {
    tool: 'search_records',
    why: 'a field that nobody declared',
    input: { where: { field: 'account.industri', eq: 'x' } },
    path: 'where',
    reason: /not a field of accounts/,
  },
  { tool: 'search_records', why: 'heat of people', input: { kind: 'person', heat: 'hot' }, path: 'heat', reason: /an account has heat/ },
  { tool: 'search_records', why: 'a tier of opportunities', input: { kind: 'opportunity', tier: 'A' }, path: 'tier', reason: /no score/ },
  {
    tool: 'search_records',
    why: 'opportunities by score',
    input: { kind: 'opportunity', sort: 'score' },
    path: 'sort',
    reason: /no score/,
  },
  {
    tool: 'search_records',
    why: 'an account among accounts',
    input: { kind: 'account', account: 'acme.com' },
    path: 'account',
    reason: /goes with kind person/,
  },
  { tool: 'search_records', why: 'a text without a letter', input: { query: '%' }, path: 'query', reason: /no letter or digit/ },
  { tool: 'search_records', why: 'an empty text', input: { query: '  ' }, path: 'query', reason: /at least 1/ },
  { tool: 'search_records', why: 'a tier that is none', input: { tier: 'D' }, path: 'tier', reason: /one of A, B, C, disqualified/ },
  { tool: 'search_records', why: 'a damaged cursor', input: { cursor: '???' }, path: 'cursor', reason: /not one that this server gave/ },
  { tool: 'get_account', why: 'no account', input: {}, path: 'account', reason: /is missing/ },
  { tool: 'get_account', why: 'an empty name', input: { account: ' ' }, path: 'account', reason: /at least 1/ },
  { tool: 'get_account', why: 'a name as long as a page', input: { account: 'x'.repeat(301) }, path: 'account', reason: /at most 300/ },
  {
    tool: 'get_account',
    why: 'a format that is none',
    input: { account: 'acme.com', response_format: 'long' },
    path: 'response_format',
    reason: /one of concise, detailed/,
  },
  { tool: 'get_account_heat', why: 'no account', input: {}, path: 'account', reason: /is missing/ },
  { tool: 'get_account_heat', why: 'a list of accounts', input: { account: ['acme.com'] }, path: 'account', reason: /a string/ },
  {
    tool: 'get_account_heat',
    why: 'a date of another country',
    input: { account: 'acme.com', as_of: '02/03/2026' },
    path: 'as_of',
    reason: /YYYY-MM-DD/,
  },
  {
    tool: 'get_account_heat',
    why: 'a day that is not in the calendar',
    input: { account: 'acme.com', as_of: '2026-02-30' },
    path: 'as_of',
    reason: /YYYY-MM-DD/,
  },
];
