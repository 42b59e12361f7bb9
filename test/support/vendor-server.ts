import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { HttpRequest } from '../../src/enrichment/core/exchange.ts';
import type { FixtureExchange } from '../../src/enrichment/core/fixtures.ts';
import { answerOf, differenceOf } from '../../src/enrichment/fixture-transport.ts';
import { guardedAgent } from '../../src/enrichment/guarded-agent.ts';

/** What goes wrong with an answer. */
export type Fault = 'reset' | 'silence' | 'slow body' | 'truncated' | 'malformed' | 'bomb' | 'endless' | 'lying gzip';

export interface VendorServer {
  /** Requests as they came. */
  readonly requests: HttpRequest[];
  /** How they differed from those expected. */
  readonly unexpected: string[];
  /** The answers to come, in order. */
  expect(exchanges: readonly FixtureExchange[]): void;
  /** What goes wrong with the next answers. */
  fault(...faults: Fault[]): void;
  /**
   * An agent that reaches this server alone, whatever host a URL names: the connection is made here, not looked up, and the
   * guard admits its address. There is no setting that gives production such an agent.
   */
  agent(): Dispatcher;
  readonly port: number;
  close(): Promise<void>;
}

/** A server on a real socket that plays vendors from their fixtures. */
export async function startVendorServer(): Promise<VendorServer> {
  const requests: HttpRequest[] = [];
  const unexpected: string[] = [];
  const sockets = new Set<Socket>();
  const agents: Dispatcher[] = [];
  let waiting: FixtureExchange[] = [];
  let faults: Fault[] = [];
  const server = createServer((request, response) => {
    void received(request).then((got) => {
      requests.push(got);
      const next = waiting.shift();
      const fault = faults.shift();
      const difference = next === undefined ? 'one request more than expected' : differenceOf(got, next.request);
      if (next === undefined || difference !== undefined) {
        unexpected.push(`${got.method} ${got.url.href}: ${difference}`);
        response.writeHead(599).end();
        return;
      }
      const { status, headers, text } = answerOf(next);
      if (fault === undefined) response.writeHead(status, headers).end(text);
      else misbehave(fault, response, status, headers, text);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    requests,
    unexpected,
    port,
    expect(exchanges) {
      waiting = [...exchanges];
      faults = [];
    },
    fault(...next) {
      faults = next;
    },
    agent() {
      const agent = guardedAgent(
        (address) => address === '127.0.0.1',
        (_, callback) => {
          const socket = connect(port, '127.0.0.1');
          socket.once('connect', () => callback(null, socket)).once('error', (error) => callback(error, null));
        },
      );
      agents.push(agent);
      return agent;
    },
    async close() {
      await Promise.all(agents.map((agent) => agent.destroy()));
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The request as the transport sent it: the host of its header is the vendor's. */
async function received(request: IncomingMessage): Promise<HttpRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const url = new URL(request.url ?? '/', `https://${headers.host}`);
  const body = Buffer.concat(pieces).toString('utf8');
  return { method: request.method === 'POST' ? 'POST' : 'GET', url, headers, ...(body === '' ? {} : { body }) };
}

function misbehave(fault: Fault, response: ServerResponse, status: number, headers: Record<string, string>, text: string): void {
  switch (fault) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'silence':
      return;
    case 'slow body':
      response.writeHead(status, headers).write(text.slice(0, 1));
      return;
    case 'truncated':
      response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(text) + 100) });
      response.write(text.slice(0, Math.ceil(text.length / 2)), () => response.socket?.destroy());
      return;
    case 'malformed':
      response.writeHead(status, headers).end(`${text.slice(0, -1)}<html>`);
      return;
    case 'bomb':
      response.writeHead(status, { ...headers, 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000)));
      return;
    case 'endless': {
      response.writeHead(status, headers);
      const piece = Buffer.alloc(1_000_000, ' ');
      const more = () => void (response.destroyed || response.write(piece, more));
      more();
      return;
    }
    case 'lying gzip':
      response.writeHead(status, { ...headers, 'content-encoding': 'gzip' }).end(text);
  }
}
