import { type InputErrorRow, rows } from './input-error-row.ts';

const longName = 'x'.repeat(10_000);

/** Those of the tools that tell who is who. */
export const IDENTITY_INPUT_ERRORS: readonly InputErrorRow[] = [
  ...rows(
    'decide_match',
    ['half a character', { verdict: 'match', records: ['a', 'b'], reason: '\ud800x' }, 'reason', /lone surrogate/],
    ['no verdict', {}, 'verdict', /is missing; it must be one of match, no_match/],
    ['a mistyped verdict', { verdict: 'no_mach' }, 'verdict', /did you mean no_match\?/],
    ['a match of nobody', { verdict: 'match' }, 'records', /match needs it/],
    ['a match of one', { verdict: 'match', records: ['a@acme.com'] }, 'records', /at least 2 entries/],
    [
      'an identifier of a lead',
      { kind: 'lead', verdict: 'suppress_identifier', identifier: { kind: 'email', value: 'a@b.c' } },
      'kind',
      /lead/,
    ],
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
    ['a name of 10,000 characters', { name: longName }, 'name', /must have at most 500 characters/],
    ['a number', { phone: 4930 }, 'phone', /must be a string/],
    ['an unknown key', { mail: 'a@acme.com' }, 'mail', /is not a known key/],
  ),
  ...rows(
    'intake_lead',
    ['nothing to tell it by', { name: 'Ann Lee' }, 'email', /give email or external_id/],
    ['an empty address', { email: '' }, 'email', /must not be empty/],
    ['an address that is none', { email: 'ann' }, 'email', /./],
    ['half of a character', { email: 'x\udfffy' }, 'email', /half of a character/],
    ['a name of 10,000 characters', { email: 'a@acme.com', name: longName }, 'name', /must have at most 500 characters/],
    ['an empty source', { email: 'a@acme.com', source: '' }, 'source', /must not be empty/],
    ['an unknown key', { email: 'a@acme.com', mail: 'x' }, 'mail', /is not a known key/],
    ['an unknown field', { email: 'a@acme.com', fields: { senority: 'vp' } }, 'fields.senority', /did you mean seniority\?/],
    ['fields as text', { email: 'a@acme.com', fields: 'vp' }, 'fields', /an object/],
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
    'list_match_reviews',
    ['a kind that is never merged', { kind: 'opportunity' }, 'kind', /one of account, person, lead/],
    ['a page of nothing', { limit: 0 }, 'limit', /at least 1/],
    ['a cursor made up', { cursor: 'abc' }, 'cursor', /not one that this server gave/],
    ['an unknown format', { response_format: 'long' }, 'response_format', /one of concise, detailed/],
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
];
