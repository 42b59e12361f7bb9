import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Fixture } from '../../src/enrichment/core/fixtures.ts';
import type { ProviderOutcome } from '../../src/enrichment/core/provider.ts';
import { httpTransport } from '../../src/enrichment/http-transport.ts';
import { type LoadedProvider, loadProviders } from '../../src/enrichment/load-providers.ts';
import { TokenStore } from '../../src/enrichment/oauth-token.ts';
import { fieldReaders } from '../../src/enrichment/open-providers.ts';
import { type RunEnvironment, runSteps } from '../../src/enrichment/run-steps.ts';
import { fixturesOf, namedKeys, requestOf } from '../../src/enrichment/test-provider.ts';
import { type Fault, startVendorServer, type VendorServer } from '../support/vendor-server.ts';

let server: VendorServer;
let providers: ReadonlyMap<string, LoadedProvider>;
let readers: RunEnvironment['readers'];

beforeAll(async () => {
  server = await startVendorServer();
  ({ providers } = await loadProviders(undefined));
  readers = await fieldReaders(undefined);
});
afterAll(() => server.close());
afterEach(() => {
  expect(server.unexpected.splice(0)).toEqual([]);
});

function named(name: string): LoadedProvider {
  const provider = providers.get(name);
  if (provider === undefined) throw new Error(`there is no ${name}`);
  return provider;
}

async function fixtureOf(name: string, index = 0): Promise<Fixture> {
  const fixture = (await fixturesOf(named(name))).fixtures[index];
  if (fixture === undefined) throw new Error(`${name} has no fixture ${index}`);
  return fixture;
}

async function ask(name: string, fixture: Fixture, change: Partial<RunEnvironment> = {}, signal = new AbortController().signal) {
  const provider = named(name);
  const now = () => new Date('2026-03-02T09:00:00Z');
  const transport = httpTransport(server.agent());
  const environment = { transport, tokens: new TokenStore(transport, now), keys: namedKeys(provider), agent: 'samepage-mcp', readers, now };
  return runSteps(provider, requestOf(provider, fixture), signal, { ...environment, pause: async () => true, ...change });
}

describe('the shipped providers over sockets', () => {
  test('every fixture that is asked over HTTP gives what it says', async () => {
    let played = 0;
    for (const [name, provider] of providers) {
      if (provider.steps.some(({ step }) => step.dns !== undefined)) continue;
      for (const fixture of (await fixturesOf(provider)).fixtures) {
        server.expect(fixture.exchanges ?? []);
        const answer = await ask(name, fixture);
        const values = Object.fromEntries(Object.entries(answer.values).map(([field, { value }]) => [field, value]));
        expect({ name, case: fixture.case, outcome: answer.outcome, values }).toEqual({
          name,
          case: fixture.case,
          outcome: fixture.expect.outcome,
          values: fixture.expect.values ?? {},
        });
        played += 1;
      }
    }
    expect(played).toBeGreaterThan(80);
  });
});

describe('faults', () => {
  // a hit of a vendor that bills: what may have been billed is unknown, and never counted as nothing
  const FAULTS: readonly (readonly [Fault, ProviderOutcome])[] = [
    ['reset', 'unknown'],
    ['silence', 'unknown'],
    ['slow body', 'unknown'],
    ['truncated', 'unknown'],
    ['malformed', 'unknown'],
    ['bomb', 'unknown'],
    ['endless', 'unknown'],
    ['lying gzip', 'unknown'],
  ];

  test.each(FAULTS)('%s of a paid answer is %s, and is sent once', async (fault, outcome) => {
    const fixture = await fixtureOf('apollo-company');
    server.expect(fixture.exchanges ?? []);
    server.fault(fault);
    const before = server.requests.length;
    const answer = await ask(
      'apollo-company',
      fixture,
      {},
      AbortSignal.timeout(fault === 'silence' || fault === 'slow body' ? 300 : 20_000),
    );
    expect(answer).toMatchObject({ outcome, values: {}, chargedMicros: null });
    expect(server.requests.length - before).toBe(1);
    expect(answer.reason).toBeDefined();
  });

  test.each(FAULTS)('%s of a free answer costs nothing and is an error', async (fault) => {
    const fixture = await fixtureOf('sec');
    server.expect(fixture.exchanges ?? []);
    server.fault(fault);
    const answer = await ask('sec', fixture, {}, AbortSignal.timeout(fault === 'silence' || fault === 'slow body' ? 300 : 20_000));
    expect(answer).toMatchObject({ outcome: 'error', values: {}, chargedMicros: 0 });
  });

  test.each([
    [429, { 'retry-after': '7' }, 'rate', 7_000],
    [429, {}, 'rate', undefined],
    [429, { 'retry-after': 'Mon, 02 Mar 2026 09:00:30 GMT' }, 'rate', 30_000],
    [503, { 'retry-after': '3' }, 'retry', 3_000],
    [500, {}, 'retry', undefined],
    [401, {}, 'auth', undefined],
    [302, { location: 'https://elsewhere.example/' }, 'error', undefined],
  ] as const)('status %i with %j means %s', async (status, headers, outcome, retryAfterMs) => {
    const fixture = await fixtureOf('apollo-company');
    const [first] = fixture.exchanges ?? [];
    if (first === undefined) throw new Error('no exchange');
    server.expect([{ ...first, answer: { status, headers, text: '' } }]);
    const answer = await ask('apollo-company', fixture);
    expect(answer).toMatchObject({ outcome, chargedMicros: 0 });
    expect(answer.retryAfterMs).toBe(retryAfterMs);
  });

  test('a vendor at work is asked again later with what it gave, and its answer is used', async () => {
    const fixture = await fixtureOf('dropcontact');
    const [submit, unready, ready] = fixture.exchanges ?? [];
    if (submit === undefined || unready === undefined || ready === undefined) throw new Error('three exchanges are wanted');
    server.expect([submit, unready]);
    let pauses = 0;
    const pending = await ask('dropcontact', fixture, { pause: async () => ++pauses < 2 });
    expect(pending).toMatchObject({ outcome: 'retry', chargedMicros: null });
    expect(pending.resume).toBeDefined();
    server.expect([ready]);
    const provider = named('dropcontact');
    const transport = httpTransport(server.agent());
    const now = () => new Date();
    const answer = await runSteps(
      provider,
      { ...requestOf(provider, fixture), resume: pending.resume ?? '' },
      new AbortController().signal,
      {
        ...{ transport, tokens: new TokenStore(transport, now), keys: namedKeys(provider), agent: 'samepage-mcp', readers, now },
        pause: async () => true,
      },
    );
    expect(answer).toMatchObject({ outcome: 'hit', chargedMicros: 50_000 });
  });

  test('a poll that breaks does not lose what was submitted', async () => {
    const fixture = await fixtureOf('dropcontact');
    const [submit, unready, ready] = fixture.exchanges ?? [];
    if (submit === undefined || unready === undefined || ready === undefined) throw new Error('three exchanges are wanted');
    server.expect([submit, unready, ready]);
    // an agent keeps its socket: the answer to the submission is whole, the next one is cut off
    const broken: Fault[] = ['reset'];
    const transport = httpTransport(server.agent());
    const watched: typeof transport = {
      ...transport,
      async send(request, options) {
        if (request.method === 'GET' && broken.length > 0) server.fault(...broken.splice(0));
        return transport.send(request, options);
      },
    };
    expect(await ask('dropcontact', fixture, { transport: watched })).toMatchObject({ outcome: 'hit', chargedMicros: 50_000 });
  });

  test('what is given up before it is sent was never sent', async () => {
    const fixture = await fixtureOf('apollo-company');
    server.expect([]);
    const before = server.requests.length;
    expect(await ask('apollo-company', fixture, {}, AbortSignal.abort())).toMatchObject({ outcome: 'error', chargedMicros: 0 });
    expect(server.requests.length).toBe(before);
  });
});

describe('keys', () => {
  test('are in no reason and no value, whatever breaks', async () => {
    const canary = 'canary-7f3a9c';
    for (const fault of ['reset', 'malformed', 'truncated'] as const) {
      for (const name of ['hunter-company', 'abstract-company', 'apollo-company', 'the-companies-api']) {
        const fixture = await fixtureOf(name);
        const [first] = fixture.exchanges ?? [];
        if (first === undefined) throw new Error('no exchange');
        const url = first.request.url.replace(/[A-Z]+_(API_KEY|TOKEN)/, canary);
        server.expect([{ ...first, request: { url } }]);
        server.fault(fault);
        const keys = Object.fromEntries(Object.keys(namedKeys(named(name))).map((key) => [key, canary]));
        expect(JSON.stringify(await ask(name, fixture, { keys }))).not.toContain(canary);
      }
    }
  });
});
