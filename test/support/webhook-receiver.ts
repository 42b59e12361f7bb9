import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { z } from 'zod';

/** What the receiver does with a request: a status, with a header or two, or worse. */
export type Behaviour = number | { status: number; headers: Record<string, string> } | 'hang' | 'reset' | 'slow body';

const bodies = z.object({ type: z.string(), timestamp: z.string(), subject: z.string(), position: z.number(), data: z.unknown() });

export interface Arrival {
  id: string;
  body: z.infer<typeof bodies>;
  /** Its signature is of the secret. */
  signed: boolean;
  /** It was answered with 2xx. */
  taken: boolean;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly arrivals: Arrival[];
  /** What became of the order: events of which one before, of the same subject, was not taken yet. */
  readonly early: string[];
  close(): Promise<void>;
}

export const SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

/** A real HTTP receiver. @param behave what it does with the n-th request, from 0 */
export async function startReceiver(behave: (n: number, arrival: Arrival) => Behaviour): Promise<WebhookReceiver> {
  const arrivals: Arrival[] = [];
  const early: string[] = [];
  const taken = new Map<string, number>();
  const sockets = new Set<Socket>();
  let requests = 0;
  const server = createServer((request, response) => {
    void read(request).then((text) => {
      const body = bodies.parse(JSON.parse(text));
      const arrival: Arrival = { id: String(request.headers['webhook-id']), body, signed: isSigned(request, text), taken: false };
      arrivals.push(arrival);
      if (body.position > (taken.get(body.subject) ?? 0) + 1) early.push(`${body.subject} ${body.position}`);
      const behaviour = behave(requests++, arrival);
      const status = typeof behaviour === 'object' ? behaviour.status : behaviour;
      if (typeof status === 'number' && status >= 200 && status < 300) {
        arrival.taken = true;
        taken.set(body.subject, Math.max(taken.get(body.subject) ?? 0, body.position));
      }
      answer(response, behaviour);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    arrivals,
    early,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(response: ServerResponse, behaviour: Behaviour): void {
  if (behaviour === 'hang') return;
  if (behaviour === 'reset') response.socket?.resetAndDestroy();
  else if (behaviour === 'slow body') response.writeHead(200, { 'content-length': '10' }).write('x');
  else if (typeof behaviour === 'number') response.writeHead(behaviour).end();
  else response.writeHead(behaviour.status, behaviour.headers).end();
}

async function read(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

/** As docs/guide/webhooks.md tells a receiver to verify, without the age of the timestamp: tests have their own time. */
function isSigned(request: IncomingMessage, text: string): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': given } = request.headers;
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
  const expected = createHmac('sha256', key)
    .update(`${String(id)}.${String(timestamp)}.${text}`)
    .digest();
  return String(given)
    .split(' ')
    .some((one) => {
      const signature = Buffer.from(one.replace(/^v1,/, ''), 'base64');
      return signature.length === expected.length && timingSafeEqual(signature, expected);
    });
}
