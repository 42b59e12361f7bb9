export interface InputErrorRow {
  tool: string;
  /** What is wrong, for the test's name. */
  why: string;
  input: Record<string, unknown>;
  /** The field that the error names, as in `events[1].type`. */
  path: string;
  reason: RegExp;
}

const rows = (tool: string, ...list: [why: string, input: Record<string, unknown>, path: string, reason: RegExp][]): InputErrorRow[] =>
  list.map(([why, input, path, reason]) => ({ tool, why, input, path, reason }));

const tooLong = 'x'.repeat(301);
const TEST = { field: 'account.industry', eq: 'software' };

/** The errors of input that need no record to be there. */
export const INPUT_ERRORS: readonly InputErrorRow[] = [
  ...rows(
    'get_definition',
    ['no kind', {}, 'kind', /is missing; it must be one of icp, taxonomy, rubric/],
    ['a mistyped kind', { kind: 'rubrik' }, 'kind', /did you mean rubric\?/],
    ['a hash that is none', { kind: 'rubric', hash: 'xyz' }, 'hash', /8 to 64 characters/],
    ['version 0', { kind: 'rubric', version: 0 }, 'version', /at least 1/],
    ['half a version', { kind: 'rubric', version: 1.5 }, 'version', /a whole number/],
    ['a time in words', { kind: 'rubric', known_at: 'yesterday' }, 'known_at', /as in 20\d\d-/],
    ['an unknown format', { kind: 'rubric', response_format: 'long' }, 'response_format', /one of concise, detailed/],
  ),
  ...rows(
    'search_records',
    ['a mistyped kind', { kind: 'acount' }, 'kind', /did you mean account\?/],
    ['an empty query', { query: '' }, 'query', /must not be empty/],
    ['a query of 201 characters', { query: 'x'.repeat(201) }, 'query', /at most 200 characters/],
    ['a long account', { kind: 'person', account: tooLong }, 'account', /at most 300 characters/],
    ['an unknown tier', { tier: 'D' }, 'tier', /one of A, B, C, disqualified/],
    ['an unknown heat', { heat: 'tepid' }, 'heat', /one of hot, warm, cold/],
    ['an unknown order', { sort: 'size' }, 'sort', /one of score, name, changed/],
    ['a page of 1,000', { limit: 1000 }, 'limit', /at most 100/],
    ['a page of nothing', { limit: 0 }, 'limit', /at least 1/],
    ['a number as text', { limit: '20' }, 'limit', /must be a number|a whole number/],
    ['a cursor made up', { cursor: 'abc' }, 'cursor', /not one that this server gave/],
    ['an empty cursor', { cursor: '' }, 'cursor', /must not be empty/],
    ['a predicate as text', { where: 'account.industry = software' }, 'where', /an object/],
    ['a field without its entity', { where: { field: 'industry', eq: 'software' } }, 'where.field', /written entity\.key/],
    ['an unknown field', { where: { field: 'account.indstry', eq: 'software' } }, 'where', /is not a field/],
    ['a predicate without a head', { where: { eq: 1 } }, 'where', /starts with exactly one of/],
    ['an empty range', { where: { field: 'account.employees', range: {} } }, 'where.range', /give min, max or both/],
    [
      'a bound in words',
      { where: { field: 'account.employees', range: { min: 'x' } } },
      'where.range.min',
      /a number or a date YYYY-MM-DD/,
    ],
    [
      'a tree of 501 tests',
      { where: { all: [TEST, ...Array(10).fill({ any: Array(50).fill(TEST) })] } },
      'where',
      /has 501 tests.* at most 500/,
    ],
    [
      'a tree of 50,000',
      { where: { all: Array(50).fill({ any: Array(50).fill({ all: Array(20).fill(TEST) }) }) } },
      'where',
      /has 50,000 tests/,
    ],
    ['an unknown format', { response_format: 'long' }, 'response_format', /one of concise, detailed/],
  ),
  ...rows(
    'get_account',
    ['no account', {}, 'account', /is missing/],
    ['an empty account', { account: '' }, 'account', /must not be empty/],
    ['a long account', { account: tooLong }, 'account', /at most 300 characters/],
    ['a number', { account: 7 }, 'account', /must be a string/],
    ['an unknown format', { account: 'acme.com', response_format: 'long' }, 'response_format', /one of concise, detailed/],
  ),
  ...rows(
    'get_account_heat',
    ['no account', {}, 'account', /is missing/],
    ['an empty account', { account: '' }, 'account', /must not be empty/],
    ['a day that does not exist', { account: 'acme.com', as_of: '2026-02-30' }, 'as_of', /YYYY-MM-DD/],
    ['a day in words', { account: 'acme.com', as_of: 'today' }, 'as_of', /YYYY-MM-DD/],
    ['a day too late', { account: 'acme.com', as_of: '9999-12-31' }, 'as_of', /from 1900-01-01 to 2999-12-31/],
    ['an unknown format', { account: 'acme.com', response_format: 'long' }, 'response_format', /one of concise, detailed/],
  ),
  ...rows(
    'decide_match',
    ['no verdict', {}, 'verdict', /is missing; it must be one of match, no_match/],
    ['a mistyped verdict', { verdict: 'no_mach' }, 'verdict', /did you mean no_match\?/],
    ['a match of nobody', { verdict: 'match' }, 'records', /match needs it/],
    ['a match of one', { verdict: 'match', records: ['a@acme.com'] }, 'records', /at least 2 entries/],
    [
      'a match by an identifier',
      { verdict: 'match', records: ['a', 'b'], identifier: { kind: 'email', value: 'a@b.c' } },
      'identifier',
      /leave/,
    ],
    [
      'an identifier of no kind',
      { verdict: 'suppress_identifier', identifier: { kind: 'fax', value: '1' } },
      'identifier.kind',
      /email, phone/,
    ],
    [
      'a number too short',
      { verdict: 'suppress_identifier', identifier: { kind: 'phone', value: '12' } },
      'identifier.value',
      /is no phone/,
    ],
    ['related people', { verdict: 'related', records: ['a', 'b'] }, 'kind', /of accounts/],
    ['no decision to withdraw', { verdict: 'withdraw' }, 'decision', /needs it/],
    ['an id that is none', { verdict: 'withdraw', decision: 'abc' }, 'decision', /a UUID/],
    ['a reason of 501 characters', { verdict: 'withdraw', reason: 'x'.repeat(501) }, 'reason', /at most 500/],
  ),
  ...rows(
    'match_lead',
    ['nothing to go by', {}, 'email', /give email, name, company or website/],
    ['a city alone', { city: 'Berlin' }, 'email', /give email/],
    ['an empty address', { email: '' }, 'email', /must not be empty/],
    ['a long name', { name: tooLong }, 'name', /at most 300 characters/],
    ['a number', { phone: 4930 }, 'phone', /must be a string/],
    ['an unknown key', { mail: 'a@acme.com' }, 'mail', /is not a known key/],
  ),
  ...rows(
    'get_match',
    ['no record', {}, 'record', /is missing/],
    ['an empty record', { record: '' }, 'record', /must not be empty/],
    ['a kind that is never merged', { kind: 'opportunity', record: 'x' }, 'kind', /one of account, person/],
    ['an unknown format', { record: 'a@acme.com', response_format: 'long' }, 'response_format', /one of concise, detailed/],
  ),
  ...rows(
    'stitch_records',
    ['no kinds', { kinds: [] }, 'kinds', /must not be empty/],
    ['a kind that is never merged', { kinds: ['opportunity'] }, 'kinds[0]', /one of account, person/],
    ['a yes in words', { preview: 'yes' }, 'preview', /must be a boolean/],
  ),
  ...rows(
    'unmerge_record',
    ['no kind', {}, 'kind', /is missing; it must be one of account, person/],
    ['neither merge nor records', { kind: 'person' }, 'merge', /give merge or records/],
    ['a domain', { kind: 'account', records: ['acme.com'] }, 'records[0]', /a UUID/],
    ['nobody', { kind: 'person', records: [] }, 'records', /must not be empty/],
    ['an id that is none', { kind: 'person', merge: 'abc' }, 'merge', /a UUID/],
    ['a yes in words', { kind: 'person', keep_apart: 'yes' }, 'keep_apart', /must be a boolean/],
  ),
  ...rows(
    'get_score',
    ['no record', {}, 'record', /is missing/],
    ['an empty record', { record: '' }, 'record', /must not be empty/],
    ['a kind that has no score', { record: 'acme.com', kind: 'person' }, 'kind', /one of account, lead/],
    ['a day in words', { record: 'acme.com', as_of: 'today' }, 'as_of', /YYYY-MM-DD/],
    ['a day too early', { record: 'acme.com', as_of: '0001-01-01' }, 'as_of', /from 1900-01-01 to 2999-12-31/],
    ['a time without its zone', { record: 'acme.com', known_at: '2026-03-01T10:00:00' }, 'known_at', /a time in UTC/],
    ['an unknown format', { record: 'acme.com', response_format: 'long' }, 'response_format', /one of concise, detailed/],
  ),
  ...rows(
    'verify_score',
    ['no receipt', {}, 'receipt', /is missing/],
    ['the hash of one', { receipt: 'f825bab4' }, 'receipt', /an object/],
    ['an empty one', { receipt: {} }, 'receipt.digest', /./],
    ['a part of one', { receipt: { v: 1, kind: 'account' } }, 'receipt.result', /./],
  ),
  ...rows(
    'simulate_rubric',
    ['no rubric', {}, 'rubric', /is missing/],
    ['a rubric as text', { rubric: 'tiers: { A: 70 }' }, 'rubric', /an object/],
    ['a document without its parts', { rubric: { kind: 'rubric' } }, 'tiers', /missing/],
    ['no kinds', { rubric: { kind: 'rubric' }, kinds: [] }, 'kinds', /must not be empty/],
    ['an unknown kind', { rubric: { kind: 'rubric' }, kinds: ['person'] }, 'kinds[0]', /one of account, lead/],
    ['too many movers', { rubric: { kind: 'rubric' }, movers: 101 }, 'movers', /at most 100/],
  ),
  ...rows(
    'score_record',
    ['no record', {}, 'record', /is missing/],
    ['an empty record', { record: '' }, 'record', /must not be empty/],
    ['a number', { record: 5 }, 'record', /must be a string/],
    ['a kind that has no score', { record: 'acme.com', kind: 'opportunity' }, 'kind', /one of account, lead/],
    ['an unknown format', { record: 'acme.com', response_format: 'long' }, 'response_format', /one of concise, detailed/],
  ),
  ...rows(
    'rescore_records',
    ['an unknown scope', { scope: 'everything' }, 'scope', /one of all, changed/],
    ['no kinds', { kinds: [] }, 'kinds', /must not be empty/],
    ['three kinds', { kinds: ['account', 'lead', 'lead'] }, 'kinds', /at most 2 entries/],
    ['a field without its entity', { where: { field: 'industry', eq: 'software' } }, 'where.field', /written entity\.key/],
    ['an id that is none', { resume: 'abc' }, 'resume', /a UUID/],
  ),
  ...rows(
    'import_records',
    ['neither file nor text', {}, 'path', /give path or content/],
    ['both', { path: '/tmp/a.csv', content: 'domain\nacme.com\n' }, 'path', /give one of the two/],
    ['an empty path', { path: '' }, 'path', /must not be empty/],
    ['no text', { content: '' }, 'content', /must not be empty/],
    ['a mistyped kind', { content: 'domain\nacme.com\n', kind: 'acounts' }, 'kind', /did you mean accounts\?/],
    ['a blank source', { content: 'domain\nacme.com\n', source: '  ' }, 'source', /must not be empty/],
    ['a mapping as text', { content: 'domain\nacme.com\n', mapping: 'domain=account.domain' }, 'mapping', /an object/],
    ['a column that is not there', { content: 'domain\nacme.com\n', mapping: { Name: 'account.name' } }, 'mapping.Name', /no such column/],
    [
      'a field that is not declared',
      { content: 'domain\nacme.com\n', mapping: { domain: 'account.domian' } },
      'mapping.domain',
      /account\.domain/,
    ],
    [
      'a field of another kind',
      { content: 'domain\nacme.com\n', kind: 'accounts', mapping: { domain: 'person.email' } },
      'mapping.domain',
      /is not a field/,
    ],
    ['a yes in words', { content: 'domain\nacme.com\n', strict: 'yes' }, 'strict', /must be a boolean/],
    ['a day in words', { content: 'domain\nacme.com\n', observed_at: 'yesterday' }, 'observed_at', /a time/],
    ['a time to come', { content: 'domain\nacme.com\n', observed_at: '2999-01-01T00:00:00Z' }, 'observed_at', /in the future/],
    ['an unknown order of dates', { content: 'domain\nacme.com\n', date_order: 'ymd' }, 'date_order', /one of dmy, mdy/],
    ['an unknown mark', { content: 'domain\nacme.com\n', decimal: '.' }, 'decimal', /one of point, comma/],
    ['an unknown encoding', { content: 'domain\nacme.com\n', encoding: 'ebcdic' }, 'encoding', /one of utf-8/],
  ),
  ...rows(
    'record_engagement',
    ['no events', {}, 'events', /is missing/],
    ['an empty list', { events: [] }, 'events', /must not be empty/],
    [
      'an event without an id',
      { events: [{ type: 'pricing_page', occurred_at: '2026-01-05T10:00:00Z', email: 'a@acme.com' }] },
      'events[0].event_id',
      /is missing/,
    ],
    ['a type that is not declared', { events: [event({ type: 'pricing_pge' })] }, 'events[0].type', /near ones are .*pricing_page/],
    ['a time without its zone', { events: [event({ occurred_at: '2026-01-05T10:00:00' })] }, 'events[0].occurred_at', /a time/],
    ['a time to come', { events: [event({ occurred_at: '2999-01-01T00:00:00Z' })] }, 'events[0].occurred_at', /in the future/],
    ['an address that is none', { events: [event({}), event({ event_id: 'e2', email: 'ada' })] }, 'events[1].email', /not an e-mail/],
    ['nobody', { events: [event({ email: undefined })] }, 'events[0]', /names neither a person/],
    ['an unknown key', { events: [event({ mail: 'a@acme.com' })] }, 'events[0].mail', /is not a known key/],
    ['an attribute that is a list', { events: [event({ attributes: { tags: ['a'] } })] }, 'events[0].attributes.tags', /./],
    ['a blank source', { events: [event({})], source: '' }, 'source', /must not be empty/],
  ),
];

function event(parts: Record<string, unknown>): Record<string, unknown> {
  return { event_id: 'e1', type: 'pricing_page', occurred_at: '2026-01-05T10:00:00Z', email: 'ada@acme.com', ...parts };
}
