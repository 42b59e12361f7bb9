import { describe, expect, test } from 'vitest';
import { keyDomains } from '../../../src/enrichment/core/key-domains.ts';
import { readProvider } from '../../../src/enrichment/core/read-provider.ts';

const GOOD = `provider: acme
name: Acme
vendor: acme
subject: account
verified: { mark: vendor, how: Its own pages. }
auth: { kind: header, header: x-key, secret: ACME_API_KEY }
inputs: [[account.domain]]
steps:
  - id: find
    request: { method: get, url: 'https://api.acme.example/v1/{{account.domain}}' }
    outcomes: [{ status: [200], when: body.name, is: hit }]
    keep: { id: body.id }
  - id: more
    request: { method: post, url: https://api.acme.example/v1/more, json: { id: '{{find.id}}' } }
fields:
  account.name: { at: body.name }
billing: { per: hit, credits: 1, usd_per_credit: 0.1, price_from: vendor }
`;

const problemsOf = (text: string) => {
  const read = readProvider(text, 'acme');
  return read.ok ? [] : read.problems.map(({ line, path, message }) => `${line} ${path} ${message}`);
};
const changed = (from: string, to: string) => {
  if (!GOOD.includes(from)) throw new Error(`not in it: ${from}`);
  return problemsOf(GOOD.replace(from, to));
};

describe('a description', () => {
  test('that is right is read', () => {
    expect(problemsOf(GOOD)).toEqual([]);
  });

  test.each([
    ['provider: acme', 'provider: other', /^1 provider its folder is called acme/],
    ['vendor: acme', 'vendor: acme\nvendr: acme', /^4 vendr unknown key "vendr"; did you mean vendor\?/],
    ['subject: account', 'subject: company', /^4 subject not one of account, person/],
    ['secret: ACME_API_KEY', 'secret: AWS_SECRET_ACCESS_KEY', /^6 auth AWS_SECRET_ACCESS_KEY: a variable of this vendor begins with ACME_/],
    ['secret: ACME_API_KEY', 'secret: sk-12345', /^6 auth\.secret the name of an environment variable/],
    ['https://api.acme.example/v1/{{', 'http://api.acme.example/v1/{{', /^10 steps\[0\]\.request\.url an https address/],
    ['https://api.acme.example/v1/{{account.domain}}', 'https://{{account.domain}}/v1', /the host of a request with a key is written out/],
    ['{{account.domain}}', '{{account.nme}}', /^10 steps\[0\]\.request\.url nothing gives account\.nme: there are account\.domain/],
    ['{{find.id}}', '{{find.ID}}', /^14 steps\[1\]\.request\.json\.id a \{\{path\}\} that cannot be read/],
    ['{{find.id}}', '{{more.id}}', /^14 steps\[1\]\.request\.json\.id nothing gives more\.id/],
    ['when: body.name', "when: 'body.['", /^11 steps\[0\]\.outcomes\[0\]\.when not a JMESPath expression/],
    ['at: body.name }', 'at: no_such_function(body) }', /^16 fields\.account\.name\.at not a JMESPath expression: .*no_such_function/],
    ['is: hit', 'is: found', /^11 steps\[0\]\.outcomes\[0\]\.is not one of hit, miss, retry/],
    ['  account.name:', '  person.name:', /^16 fields\.person\.name its subject is account/],
    ['credits: 1, ', '', /^17 billing.* what is billed per hit needs credits/],
    ['per: hit', 'per: hour', /^17 billing\.per not one of hit, field, request, none/],
    ['- id: more', '- id: find', /^13 steps\[1\]\.id "find" is used twice/],
    ['inputs: [[account.domain]]', '', /missing: inputs/],
    ['auth: {', 'auth: { kind: header,', /written twice in the same mapping/],
  ])('with %j as %j is refused with its line', (from, to, message) => {
    expect(changed(from, to).join('\n')).toMatch(message);
  });

  test('that is no YAML, or too deep or too strange, is refused without an exception', () => {
    for (const text of ['{', '', 'a: &a [*a]', '\u0000', '[]', 'x'.repeat(2_000_000), `${'['.repeat(500)}`])
      expect(readProvider(text, 'acme').ok).toBe(false);
  });

  test('with a key cannot send it on to where an answer leads', () => {
    expect(
      changed(
        "'https://api.acme.example/v1/{{account.domain}}' }",
        "'https://api.acme.example/v1/{{account.domain}}', follow: true }",
      ).join(),
    ).toMatch(/a request with a key is not sent on/);
  });

  test('cannot have the variables of the program itself, nor the key of a shipped vendor, sent to itself', () => {
    const named = (vendor: string, secret: string) => GOOD.replace('vendor: acme', `vendor: ${vendor}`).replace('ACME_API_KEY', secret);
    expect(problemsOf(named('database', 'DATABASE_URL')).join()).toMatch(/^6 auth DATABASE_URL is a variable of samepage-mcp/);
    expect(problemsOf(named('samepage', 'SAMEPAGE_CONTACT')).join()).toMatch(/^6 auth SAMEPAGE_CONTACT is a variable of samepage-mcp/);
    const shipped = readProvider(GOOD, 'acme');
    if (!shipped.ok) throw new Error('it is not read');
    const known = keyDomains([shipped.spec]);
    expect(readProvider(GOOD.replace('credits: 1', 'credits: 2'), 'acme', known).ok).toBe(true);
    for (const url of [
      'https://acme.example.evil.example/',
      'https://api.acme.example@evil.example/',
      'https://evil.example\\.acme.example/',
    ]) {
      const theft = readProvider(GOOD.replace('https://api.acme.example/v1/more', url), 'acme', known);
      expect(theft).toMatchObject({
        problems: [
          { line: 6, message: 'ACME_API_KEY is the key of a shipped provider: it goes to acme.example alone, not to evil.example' },
        ],
      });
    }
  });

  test('has either steps or a list', () => {
    expect(changed('inputs:', 'list: { file: a.csv, key: { account.domain: domain } }\ninputs:').join()).toMatch(/either steps or a list/);
  });
});
