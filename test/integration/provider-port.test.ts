import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import type { ProviderRequest } from '../../src/enrichment/core/provider.ts';
import { httpTransport } from '../../src/enrichment/http-transport.ts';
import { fieldReaders, openProviders } from '../../src/enrichment/open-providers.ts';
import { openHouse } from '../../src/enrichment/provider-house.ts';
import { DescribedProviders } from '../../src/enrichment/provider-port.ts';
import { pauseProvider, takeTurn } from '../../src/enrichment/take-turn.ts';
import { testProvider } from '../../src/enrichment/test-provider.ts';
import type { ProviderSettings } from '../../src/kernel/context.ts';
import { testContext } from '../support/context.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { startVendorServer, type VendorServer } from '../support/vendor-server.ts';

const NORTHWIND: ProviderRequest = { subject: 'account', inputs: { 'account.domain': 'northwind.example' }, fields: ['account.name'] };
const KEYS: ProviderSettings = {
  folder: undefined,
  secretsFile: undefined,
  contact: undefined,
  dayUsd: undefined,
  workspaceUsd: undefined,
  variable: (name) => name,
};

describeDatabases('asking providers', (open) => {
  let db: TestDatabase;
  let server: VendorServer;
  let folder: string;
  beforeAll(async () => {
    db = await open();
    server = await startVendorServer();
    folder = await mkdtemp(join(tmpdir(), 'providers-'));
    await ensureWorkspace(testContext(db));
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function port(ctx = testContext(db), settings = KEYS) {
    const opened = await openProviders(settings);
    const described = new DescribedProviders(ctx, opened, httpTransport(server.agent()), await fieldReaders(ctx));
    return { described, offerOf: (id: string) => opened.providers.get(id)?.provider.offer ?? fail(id) };
  }

  const fail = (id: string): never => {
    throw new Error(`there is no ${id}`);
  };
  const never = () => ({ signal: new AbortController().signal });
  const apollo = (answer: object) => ({
    request: { url: 'https://api.apollo.io/api/v1/organizations/enrich?domain=northwind.example' },
    answer: { ...answer },
  });

  describe('in turn', () => {
    test('a window lets through what it allows at once, then one a step; all callers share it', async () => {
      const ctx = testContext(db);
      const other = testContext(db);
      const waits: number[] = [];
      for (let i = 0; i < 7; i += 1) waits.push((await takeTurn(i % 2 === 0 ? ctx : other, 'paced', { perSecond: 4 }, 10_000)).waitMs);
      expect(waits).toEqual([0, 0, 0, 0, 250, 500, 750]);
      ctx.advance(2_000);
      expect(await takeTurn(ctx, 'paced', { perSecond: 4 }, 10_000)).toEqual({ waitMs: 0, taken: true });
    });

    test('both windows count, and a place beyond patience is not taken', async () => {
      const ctx = testContext(db);
      const limits = { perSecond: 10, perMinute: 3 };
      for (let i = 0; i < 3; i += 1) expect((await takeTurn(ctx, 'slow', limits, 5_000)).waitMs).toBe(0);
      expect(await takeTurn(ctx, 'slow', limits, 5_000)).toEqual({ waitMs: 20_000, taken: false });
      expect(await takeTurn(ctx, 'slow', limits, 30_000)).toEqual({ waitMs: 20_000, taken: true });
    });

    test('callers at the same moment get different places', async () => {
      const ctx = testContext(db);
      const turns = await Promise.all(Array.from({ length: 12 }, () => takeTurn(ctx, 'crowd', { perSecond: 2 }, 60_000)));
      const expected = [0, 0, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500, 5000];
      expect(turns.map(({ waitMs }) => waitMs).sort((a, b) => a - b)).toEqual(expected);
    });

    test('a workspace has turns of its own', async () => {
      const limits = { perMinute: 1 };
      expect(await takeTurn(testContext(db, { workspaceId: 'first' }), 'own', limits, 0)).toEqual({ waitMs: 0, taken: true });
      expect(await takeTurn(testContext(db, { workspaceId: 'second' }), 'own', limits, 0)).toEqual({ waitMs: 0, taken: true });
      expect((await takeTurn(testContext(db, { workspaceId: 'first' }), 'own', limits, 0)).taken).toBe(false);
    });

    test('a pause that the vendor asked for holds for everybody, and ends', async () => {
      const ctx = testContext(db);
      await pauseProvider(ctx, 'paused', 30_000);
      expect(await takeTurn(testContext(db), 'paused', {}, 1_000)).toEqual({ waitMs: 30_000, taken: false });
      ctx.advance(30_000);
      expect(await takeTurn(ctx, 'paused', {}, 1_000)).toEqual({ waitMs: 0, taken: true });
    });
  });

  test('an answer of 429 with a wait keeps the next call from being sent', async () => {
    const { described, offerOf } = await port();
    server.expect([apollo({ status: 429, headers: { 'retry-after': '60' } })]);
    const before = server.requests.length;
    expect(await described.call(offerOf('apollo-company'), NORTHWIND, never())).toMatchObject({ outcome: 'rate', retryAfterMs: 60_000 });
    const next = await described.call(offerOf('apollo-company'), NORTHWIND, never());
    expect(next).toMatchObject({ outcome: 'rate', retryAfterMs: 60_000, chargedMicros: 0 });
    expect(server.requests.length - before).toBe(1);
  });

  test('after five calls without an answer a provider is left alone', async () => {
    const ctx = testContext(db, { workspaceId: 'breaker' });
    await ensureWorkspace(ctx);
    const { described, offerOf } = await port(ctx);
    server.expect(Array.from({ length: 5 }, () => apollo({ status: 200, text: 'x' })));
    const before = server.requests.length;
    for (let i = 0; i < 5; i += 1) expect((await described.call(offerOf('apollo-company'), NORTHWIND, never())).outcome).toBe('unknown');
    const left = await described.call(offerOf('apollo-company'), NORTHWIND, never());
    expect(left).toMatchObject({ outcome: 'error', chargedMicros: 0, retryAfterMs: 30_000 });
    // also by those who have read the descriptions anew
    const again = await port(ctx);
    expect(await again.described.call(offerOf('apollo-company'), NORTHWIND, never())).toMatchObject({
      outcome: 'error',
      retryAfterMs: 30_000,
    });
    expect(server.requests.length - before).toBe(5);
  });

  test('answers that are no use are answers all the same: the vendor is asked the next question', async () => {
    const ctx = testContext(db, { workspaceId: 'answers' });
    await ensureWorkspace(ctx);
    const { described, offerOf } = await port(ctx);
    const unasked = { ...NORTHWIND, inputs: { 'account.domain': 'no domain' } };
    for (let i = 0; i < 6; i += 1)
      expect((await described.call(offerOf('apollo-company'), unasked, never())).reason).toMatch(/is no domain/);
    server.expect(Array.from({ length: 7 }, () => apollo({ status: 422, text: '{}' })));
    const before = server.requests.length;
    for (let i = 0; i < 7; i += 1)
      expect(await described.call(offerOf('apollo-company'), NORTHWIND, never())).toMatchObject({ chargedMicros: 0 });
    expect(server.requests.length - before).toBe(7);
  });

  test('companies whose pages are gone do not keep others from being visited', async () => {
    const { described, offerOf } = await port();
    const visit = (domain: string) => described.call(offerOf('home-page'), { ...NORTHWIND, inputs: { 'account.domain': domain } }, never());
    const robots = (domain: string) => ({ request: { url: `https://${domain}/robots.txt` }, answer: { status: 404 } });
    for (let i = 0; i < 6; i += 1) {
      server.expect([robots(`gone-${i}.example`)]);
      server.fault('reset');
      expect((await visit(`gone-${i}.example`)).outcome).toBe('error');
    }
    const page = '<html><head><meta property="og:site_name" content="Northwind"></head></html>';
    server.expect([
      robots('northwind.example'),
      { request: { url: 'https://northwind.example/' }, answer: { headers: { 'content-type': 'text/html' }, text: page } },
    ]);
    expect(await visit('northwind.example')).toMatchObject({ outcome: 'hit', values: { 'account.name': { value: 'Northwind' } } });
  });

  test('a provider without its key is not asked, and says which variable to set', async () => {
    const { described, offerOf } = await port(testContext(db), { ...KEYS, variable: () => undefined });
    const answer = await described.call(offerOf('apollo-company'), NORTHWIND, never());
    expect(answer).toMatchObject({ outcome: 'auth', chargedMicros: 0, reason: 'not asked: set APOLLO_API_KEY' });
    const opened = await openProviders({ ...KEYS, variable: () => undefined });
    expect(opened.offers.map(({ id }) => id)).toEqual(['ashby', 'dns', 'gleif', 'greenhouse', 'home-page', 'lever', 'rdap']);
  });

  test("a team's own list takes part, from CSV as from JSONL, and one with a fault does not stop the others", async () => {
    const list = (name: string, file: string) =>
      [
        `provider: ${name}`,
        'name: Our customers',
        'vendor: ours',
        'subject: account',
        'verified: { mark: vendor, how: Our own list. }',
        'auth: { kind: none }',
        `list: { file: ${file}, key: { account.domain: Website } }`,
        'fields: { account.name: { at: body.Name }, account.country: { at: body.Country, role: billing_address } }',
        'billing: { per: none }',
      ].join('\n');
    for (const name of ['our-csv', 'our-jsonl', 'gone', 'broken']) await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, 'our-csv', 'provider.yaml'), list('our-csv', 'rows.csv'));
    await writeFile(
      join(folder, 'our-csv', 'rows.csv'),
      'Name,Website,Country\n"Northwind, Inc.",https://www.northwind.example/about,Norway\nNobody,,\nTwice,northwind.example,Chile\n',
    );
    await writeFile(join(folder, 'our-jsonl', 'provider.yaml'), list('our-jsonl', 'rows.jsonl'));
    await writeFile(
      join(folder, 'our-jsonl', 'rows.jsonl'),
      '{"Name":"Northwind","Website":"NORTHWIND.example","Country":"NO"}\nnot json\n',
    );
    await writeFile(join(folder, 'gone', 'provider.yaml'), list('gone', 'missing.csv'));
    await writeFile(join(folder, 'broken', 'provider.yaml'), list('broken', 'rows.csv').replace('vendor: ours', 'vendor: 5'));
    const settings = { ...KEYS, folder };
    const { described, offerOf } = await port(testContext(db), settings);
    const answers = { 'our-csv': 'Northwind, Inc.', 'our-jsonl': 'Northwind' };
    for (const [name, value] of Object.entries(answers)) {
      const answer = await described.call(offerOf(name), NORTHWIND, never());
      expect(answer).toMatchObject({ outcome: 'hit', chargedMicros: 0 });
      expect(answer.values).toEqual({ 'account.name': { value }, 'account.country': { value: 'no', role: 'billing_address' } });
    }
    const elsewhere = { ...NORTHWIND, inputs: { 'account.domain': 'elsewhere.example' } };
    expect((await described.call(offerOf('our-csv'), elsewhere, never())).outcome).toBe('miss');
    expect((await described.call(offerOf('gone'), NORTHWIND, never())).reason).toMatch(/^There is no file "missing\.csv"/);
    const { refused, providers } = await openProviders(settings);
    const tested = async (id: string) => testProvider(providers.get(id)?.provider ?? fail(id), await fieldReaders(undefined));
    expect(await tested('our-csv')).toEqual([{ case: 'a list of 3 rows', problems: [] }]);
    expect(await tested('gone')).toMatchObject([{ problems: [expect.stringContaining('There is no file "missing.csv"')] }]);
    expect(refused).toMatchObject([{ name: 'broken', problems: [{ path: 'vendor', line: 3 }] }]);
  });

  test('the house of a workspace has the providers that can be asked, and is kept from call to call', async () => {
    const ctx = testContext(db, { providers: { ...KEYS, folder, variable: () => undefined } });
    const [first, second] = await Promise.all([openHouse(ctx), openHouse(ctx)]);
    expect(first).toBe(second);
    const list = first.offers.find(({ id }) => id === 'our-csv') ?? fail('our-csv');
    expect((await first.port.call(list, NORTHWIND, never())).outcome).toBe('hit');
    // the list is edited, and read again
    await writeFile(join(folder, 'our-csv', 'rows.csv'), 'Name,Website,Country\nSouthwind,southwind.example,Chile\n');
    expect((await first.port.call(list, NORTHWIND, never())).outcome).toBe('miss');
  });
});
