import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { connect } from 'node:net';
import { buildConnector } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Exchange, type Failure, isFailure } from '../../src/enrichment/core/exchange.ts';
import { isPublicAddress } from '../../src/enrichment/core/public-address.ts';
import { guardedAgent, guardedLookup, publicAgent } from '../../src/enrichment/guarded-agent.ts';
import { httpTransport } from '../../src/enrichment/http-transport.ts';
import { startVendorServer, type VendorServer } from '../support/vendor-server.ts';

let server: VendorServer;
beforeAll(async () => {
  server = await startVendorServer();
});
afterAll(() => server.close());

const BLOCKED = { failed: true, sent: false, reason: 'its address is not on the public internet' };

async function visit(transport: ReturnType<typeof httpTransport>, url: string): Promise<Exchange | Failure> {
  const signal = new AbortController().signal;
  return transport.send({ method: 'GET', url: new URL(url), headers: {} }, { signal, timeoutMs: 10_000, maxBytes: 1_000 });
}

describe('the guard of production', () => {
  const forms = (port: number) => [
    `http://127.0.0.1:${port}/`,
    `http://2130706433:${port}/`,
    `http://0x7f000001:${port}/`,
    `http://0177.0.0.1:${port}/`,
    `http://127.1:${port}/`,
    `http://[::1]:${port}/`,
    `http://[::ffff:127.0.0.1]:${port}/`,
    `http://[::ffff:7f00:1]:${port}/`,
    `http://0.0.0.0:${port}/`,
    `http://[::]:${port}/`,
    `http://localhost:${port}/`,
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
  ];

  test('lets no form of a private address through, and sends nothing', async () => {
    const agent = publicAgent();
    const transport = httpTransport(agent);
    for (const url of forms(server.port)) expect({ url, result: await visit(transport, url) }).toEqual({ url, result: BLOCKED });
    expect(server.requests).toEqual([]);
    await agent.close();
  });

  test('looks at the socket, so a name that changes its address between look-up and connection gains nothing', async () => {
    // as DNS rebinding does it: the name was fine when it was looked at, and the connection goes to this machine
    const rebound = guardedAgent(isPublicAddress, (_, callback) => {
      const socket = connect(server.port, '127.0.0.1');
      socket.once('connect', () => callback(null, socket)).once('error', (error) => callback(error, null));
    });
    expect(await visit(httpTransport(rebound), 'http://northwind.example/')).toEqual(BLOCKED);
    expect(server.requests).toEqual([]);
    await rebound.close();
  });

  test('refuses a name with any private address among its addresses before it knocks', async () => {
    const asked: string[] = [];
    const lookup = guardedLookup((address) => {
      asked.push(address);
      return false;
    });
    const agent = guardedAgent(() => true, buildConnector({ lookup }));
    expect(await visit(httpTransport(agent), `http://localhost:${server.port}/`)).toEqual(BLOCKED);
    expect(asked.length).toBeGreaterThan(0);
    expect(server.requests).toEqual([]);
    await agent.close();
  });

  test('is for the socket of a redirect too: a page that leads to a private name of its own domain gets nothing', async () => {
    const { fetchPage } = await import('../../src/enrichment/fetch-page.ts');
    const open = server.agent();
    const guarded = publicAgent();
    const [vendor, real] = [httpTransport(open), httpTransport(guarded)];
    server.expect([
      { request: { url: 'https://northwind.example/robots.txt' }, answer: { status: 404 } },
      {
        request: { url: 'https://northwind.example/' },
        answer: { status: 302, headers: { location: `http://intranet.northwind.example/` } },
      },
    ]);
    // the site itself answers; what it leads to goes through the guard, by an address of this machine
    const transport: typeof vendor = {
      ...vendor,
      send: (request, options) =>
        request.url.hostname === 'intranet.northwind.example'
          ? real.send({ ...request, url: new URL(`http://127.0.0.1:${server.port}${request.url.pathname}`) }, options)
          : vendor.send(request, options),
    };
    const options = { signal: new AbortController().signal, timeoutMs: 5_000, agent: 'samepage-mcp' };
    const page = await fetchPage(transport, new URL('https://northwind.example/'), options);
    expect(page).toEqual(BLOCKED);
    expect(server.requests.splice(0)).toHaveLength(2);
    await guarded.close();
  });
});

describe('DNS records', () => {
  test('come from a name server; one that does not answer is a failure', async () => {
    // an answer without records: the header of the question, marked as answered
    const nameServer = createSocket('udp4');
    nameServer.on('message', (question, from) => {
      const reply = Buffer.from(question);
      reply.writeUInt16BE(0x8180, 2);
      reply.writeUInt16BE(0, 10);
      nameServer.send(reply.subarray(0, endOfQuestion(reply)), from.port, from.address);
    });
    await new Promise<void>((resolve) => nameServer.bind(0, '127.0.0.1', resolve));
    const resolver = new Resolver({ timeout: 300, tries: 1 });
    resolver.setServers([`127.0.0.1:${nameServer.address().port}`]);
    const agent = publicAgent();
    const transport = httpTransport(agent, resolver);
    const signal = new AbortController().signal;
    expect(await transport.resolve('northwind.example', ['mx', 'txt'], { signal })).toEqual({ mx: [], txt: [] });
    await new Promise<void>((resolve) => nameServer.close(() => resolve()));
    expect(isFailure(await transport.resolve('northwind.example', ['mx'], { signal }))).toBe(true);
    await agent.close();
  });
});

function endOfQuestion(message: Buffer): number {
  let at = 12;
  while ((message[at] ?? 0) !== 0) at += (message[at] ?? 0) + 1;
  return at + 5;
}
