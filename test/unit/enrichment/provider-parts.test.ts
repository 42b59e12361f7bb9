import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chargeOf } from '../../../src/enrichment/core/charge.ts';
import { meaningOf, retryAfterMs } from '../../../src/enrichment/core/classify-answer.ts';
import { compileMapping, expressionFlaw } from '../../../src/enrichment/core/mapping.ts';
import type { ProviderOffer } from '../../../src/enrichment/core/provider.ts';
import { isPublicAddress } from '../../../src/enrichment/core/public-address.ts';
import { mayFetch } from '../../../src/enrichment/core/robots.ts';
import { headerOf, jsonOf, MissingValue, parametersOf, urlOf } from '../../../src/enrichment/core/template.ts';
import { readWebPage } from '../../../src/enrichment/core/web-page.ts';

const SEED = 20_260_302;

describe('templates', () => {
  test('encode a value by its place: no value leaves the segment or parameter that it is put in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), (value) => {
        if (!value.isWellFormed() || /^\.+$/.test(value)) return;
        const url = urlOf('https://api.acme.example/v1/{{account.name}}/end?fixed=1', { 'account.name': value });
        expect(url.host).toBe('api.acme.example');
        expect(url.pathname.split('/')).toHaveLength(4);
        expect(decodeURIComponent(url.pathname.split('/')[2] ?? '')).toBe(value);
        expect(url.search).toBe('?fixed=1');
        expect(url.hash).toBe('');
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test('put only a host name into a host', () => {
    const url = (value: string) => () => urlOf('https://{{account.domain}}/', { 'account.domain': value });
    expect(url('northwind.example')().href).toBe('https://northwind.example/');
    for (const value of [
      '127.0.0.1',
      'localhost',
      'a.example/x',
      'a.example:8080',
      'user@a.example',
      '[::1]',
      '2130706433',
      'a.example#',
      'a..example',
      '0x7f.1',
    ])
      expect(url(value), value).toThrow(MissingValue);
  });

  test('put no line break into a header', () => {
    expect(() => headerOf('{{account.name}}', { 'account.name': 'a\r\nx-injected: 1' })).toThrow(MissingValue);
    expect(() => urlOf('https://a.example/{{account.name}}', { 'account.name': '..' })).toThrow(MissingValue);
  });

  test('leave out what has no value where it stands alone, and refuse where it is part of more', () => {
    const values = { 'person.email': 'ada@northwind.example' };
    expect(parametersOf({ email: '{{person.email}}', name: '{{person.name}}' }, values)).toEqual([['email', 'ada@northwind.example']]);
    expect(jsonOf({ data: { email: '{{person.email}}', name: '{{person.name}}' }, n: 1 }, values)).toEqual({
      data: { email: 'ada@northwind.example' },
      n: 1,
    });
    expect(() => parametersOf({ q: 'name:{{person.name}}' }, values)).toThrow(MissingValue);
    expect(jsonOf(['{{person.email}}', '"},"admin":true'], values)).toEqual(['ada@northwind.example', '"},"admin":true']);
  });
});

describe('mappings', () => {
  test('give nothing rather than fail, or than give too much', () => {
    expect(compileMapping('length(a)')({ a: 5 })).toBeNull();
    expect(compileMapping('a')({ a: 'x'.repeat(200_000) })).toHaveLength(200_000);
    expect(compileMapping('a')({ a: ['x'.repeat(200_000)] })).toBeNull();
    let deep: unknown = 1;
    for (let i = 0; i < 30; i += 1) deep = [deep];
    expect(compileMapping('@')(deep)).toBeNull();
  });

  test('are checked before they are used', () => {
    expect(expressionFlaw('a.b[0] || c')).toBeUndefined();
    expect(expressionFlaw('a.[')).toMatch(/not a JMESPath expression/);
  });
});

describe('what an answer means', () => {
  test.each([
    [200, 'hit'],
    [204, 'hit'],
    [301, 'error'],
    [400, 'error'],
    [401, 'auth'],
    [402, 'quota'],
    [403, 'auth'],
    [404, 'miss'],
    [408, 'retry'],
    [410, 'miss'],
    [422, 'error'],
    [429, 'rate'],
    [500, 'retry'],
    [503, 'retry'],
  ])('%i without a rule is %s', (status, meaning) => {
    expect(meaningOf(status, {}, [])).toBe(meaning);
  });

  test.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Mon, 02 Mar 2026 09:01:00 GMT', 60_000],
    ['Mon, 02 Mar 2026 08:00:00 GMT', 0],
    ['999999999', 86_400_000],
    ['-5', undefined],
    ['soon', undefined],
    ['2026', 2_026_000],
    ['', undefined],
    [undefined, undefined],
  ])('Retry-After %j is %j ms', (header, ms) => {
    expect(retryAfterMs(header, Date.parse('2026-03-02T09:00:00Z'))).toBe(ms);
  });
});

describe('what a call costs', () => {
  const offer = (billing: ProviderOffer['billing']): ProviderOffer => ({
    id: 'acme',
    version: 'v',
    family: 'acme',
    subject: 'person',
    inputs: [['person.email']],
    billing,
    priceMicros: 100,
    fields: ['person.title', 'person.mobile_phone'].map((field, i) => ({
      field,
      role: 'plain',
      fill: 1,
      accuracy: 1,
      ttlDays: 1,
      extraMicros: i * 900,
    })),
    hitRate: 1,
    latency: { medianMs: 1, spread: 1 },
    timeoutMs: 1,
    limits: { atOnce: 1 },
    idempotent: false,
    missTtlDays: 1,
    rehitDays: 0,
  });
  const call = { given: ['person.title', 'person.mobile_phone'], credits: undefined, answered: true, pending: false };

  test.each([
    ['hit', 'hit', 1_000],
    ['field', 'hit', 1_100],
    ['request', 'hit', 1_000],
    ['none', 'hit', 0],
    ['hit', 'unknown', null],
    ['request', 'unknown', null],
    ['none', 'unknown', 0],
  ] as const)('billed per %s, %s costs %j micros', (billing, outcome, cost) => {
    expect(chargeOf(offer(billing), 0.0001, { ...call, outcome })).toBe(cost);
  });

  test.each([
    ['hit', 0],
    ['field', 0],
    ['request', 100],
  ] as const)('billed per %s, a miss costs %i micros', (billing, cost) => {
    expect(chargeOf(offer(billing), 0.0001, { ...call, outcome: 'miss', given: [] })).toBe(cost);
  });

  test('what the vendor says counts before what its billing says, also where the rest is unknown', () => {
    expect(chargeOf(offer('hit'), 0.5, { ...call, outcome: 'hit', credits: 3 })).toBe(1_500_000);
    expect(chargeOf(offer('hit'), 0.5, { ...call, outcome: 'unknown', credits: 0 })).toBe(0);
    expect(chargeOf(offer('hit'), 0.5, { ...call, outcome: 'retry', given: [], pending: true })).toBeNull();
    expect(chargeOf(offer('request'), 0.5, { ...call, outcome: 'rate', given: [] })).toBe(0);
  });
});

describe('public addresses', () => {
  test('no IPv4 address of a private range is one, in whatever IPv6 form', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const privateV4 = fc
      .tuple(fc.constantFrom([10], [127], [0], [169, 254], [192, 168], [172, 16], [172, 31], [100, 64], [224], [255]), octet, octet, octet)
      .map(([head, ...rest]) => [...head, ...rest].slice(0, 4).join('.'));
    fc.assert(
      fc.property(privateV4, (address) => {
        const hex = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
        for (const form of [
          address,
          `::ffff:${address}`,
          `::ffff:${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`,
          `64:ff9b::${address}`,
          `::${address}`,
        ])
          expect(isPublicAddress(form), form).toBe(false);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test.each([
    ['93.184.216.34', true],
    ['2606:4700::1111', true],
    ['::ffff:93.184.216.34', true],
    ['::1', false],
    ['fe80::1', false],
    ['fd12::1', false],
    ['2001:db8::1', false],
    ['', false],
    ['northwind.example', false],
    [undefined, false],
  ])('%j: %j', (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic);
  });
});

describe('robots.txt', () => {
  test.each([
    ['', '/', true],
    ['User-agent: *\nDisallow: /', '/', false],
    ['User-agent: *\nDisallow:', '/', true],
    ['User-agent: *\nDisallow: /\nAllow: /$', '/', true],
    ['User-agent: *\nDisallow: /private', '/', true],
    ['User-agent: other\nDisallow: /\n\nUser-agent: *\nAllow: /', '/', true],
    ['User-agent: *\nAllow: /\n\nUser-agent: samepage-mcp\nDisallow: /', '/', false],
    ['User-agent: a\nUser-agent: *\nDisallow: /', '/', false],
    ['User-agent: *\nDisallow: /*.php$', '/x.php', false],
    ['User-agent: *\nDisallow: /*.php$', '/x.phps', true],
    ['# Disallow: /\nUSER-AGENT : *\r\nDISALLOW : /a # because', '/ab', false],
    [`User-agent: *\nDisallow: /${'*a'.repeat(500)}`, `/${'a'.repeat(400)}`, true],
  ])('%j, of %j: %j', (robots, path, allowed) => {
    expect(mayFetch(robots, 'samepage-mcp', path)).toBe(allowed);
  });
});

describe('a page', () => {
  test('gives its organisation, also in a list, as a publisher and beside broken scripts', () => {
    const ld = (json: string) => `<script type="application/ld+json">${json}</script>`;
    const organization = (html: string) => readWebPage(html).organization;
    expect(organization(ld('[{"@type":"WebPage","publisher":{"@type":"Corporation","name":"Northwind"}}]'))).toMatchObject({
      name: 'Northwind',
    });
    expect(
      organization(`${ld('{broken')}<SCRIPT TYPE='application/ld+json'>{"@type":"https://schema.org/Organization","name":"N"}</SCRIPT>`),
    ).toMatchObject({ name: 'N' });
    expect(organization(`<!-- ${ld('{"@type":"Organization"}')} -->`)).toBeNull();
    expect(organization('<script>"<script type=application/ld+json>"</script>')).toBeNull();
  });

  test('reads text with entities, and only http links', () => {
    const page = readWebPage(
      '<title>A &amp; B &#x2014; &bogus;</title><meta content=\'x\' name=Description><meta property="og:site_name" content="N"><a href="javascript:alert(1)">x</a><a href=https://www.linkedin.com/company/n>y</a>',
    );
    expect(page).toMatchObject({
      title: 'A & B — &bogus;',
      meta: { description: 'x' },
      og: { site_name: 'N' },
      links: ['https://www.linkedin.com/company/n'],
    });
  });

  test('is read in time that grows with its length alone, whatever it holds', () => {
    for (const text of [
      '<'.repeat(500_000),
      '<a '.repeat(200_000),
      '<meta a="'.repeat(100_000),
      '<script>'.repeat(100_000),
      `<!--${'-'.repeat(500_000)}`,
      `<a ${'x='.repeat(250_000)}>`,
    ])
      expect(readWebPage(text).organization).toBeNull();
  });
});
