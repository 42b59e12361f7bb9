import { Resolver } from 'node:dns/promises';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { type Dispatcher, request as send } from 'undici';
import type { Exchange, Failure, HttpRequest, Transport } from './core/exchange.ts';

const DNS_MS = 3_000;
const UNPACKERS = new Map([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/** Codes of a connection that never came to be: nothing was sent. */
const NOT_SENT =
  /^(SAMEPAGE_BLOCKED_ADDRESS|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** Requests over the sockets of an agent. Redirects are not followed; an answer is read whole, up to its cap, packed and unpacked. */
export function httpTransport(agent: Dispatcher, resolver: Resolver = new Resolver({ timeout: DNS_MS, tries: 1 })): Transport {
  return {
    async send(request, { signal, timeoutMs, maxBytes }) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        return await exchange(agent, request, limit, maxBytes);
      } catch (error) {
        return failureOf(error, limit.aborted);
      }
    },
    async resolve(name, types, { signal }) {
      const cancel = () => resolver.cancel();
      signal.addEventListener('abort', cancel, { once: true });
      try {
        const [mx, txt] = await Promise.all([
          types.includes('mx') ? orNone(resolver.resolveMx(name)) : [],
          types.includes('txt') ? orNone(resolver.resolveTxt(name)) : [],
        ]);
        return { mx: mx.slice(0, 50), txt: txt.slice(0, 100).map((parts) => parts.join('').slice(0, 1_000)) };
      } catch {
        return { failed: true, sent: false, reason: 'the name server did not answer' };
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    },
  };
}

async function exchange(
  agent: Dispatcher,
  { method, url, headers, body }: HttpRequest,
  signal: AbortSignal,
  maxBytes: number,
): Promise<Exchange> {
  const answer = await send(url, {
    dispatcher: agent,
    method,
    headers: { ...headers, 'accept-encoding': 'gzip' },
    ...(body === undefined ? {} : { body }),
    signal,
  });
  const pieces: Buffer[] = [];
  let length = 0;
  // leaving the loop early destroys the stream and its socket
  for await (const piece of answer.body) {
    length += piece.length;
    if (length > maxBytes) throw new TooLarge();
    pieces.push(piece);
  }
  const flat = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
  const bytes = await unpacked(Buffer.concat(pieces), flat['content-encoding'], maxBytes);
  return { status: answer.statusCode, headers: flat, text: new TextDecoder(charsetOf(flat['content-type'])).decode(bytes) };
}

async function unpacked(bytes: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  const unpack = UNPACKERS.get(encoding?.trim().toLowerCase() ?? '');
  if (unpack === undefined || bytes.length === 0) return bytes;
  return unpack(bytes, { maxOutputLength: maxBytes });
}

/** The encoding that an answer names, where this process can read it; UTF-8 else. */
function charsetOf(contentType: string | undefined): string {
  const name = /charset="?([\w-]{1,40})/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(name).encoding;
  } catch {
    return 'utf-8';
  }
}

/** Why there is no answer, without what libraries say of it: their texts may hold URLs, and with them keys. */
export function failureOf(error: unknown, isOver: boolean): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const failed = (sent: boolean, reason: string): Failure => ({ failed: true, sent, reason });
  if (code === 'SAMEPAGE_BLOCKED_ADDRESS') return failed(false, 'its address is not on the public internet');
  if (NOT_SENT.test(code)) return failed(false, `it could not be reached (${code})`);
  if (error instanceof TooLarge || code === 'ERR_BUFFER_TOO_LARGE') return failed(true, 'its answer is too large');
  if (code.startsWith('Z_')) return failed(true, 'its answer is broken');
  if (isOver) return failed(true, 'it did not answer in time');
  return failed(true, code === '' ? 'the connection broke' : `the connection broke (${code})`);
}

/** A name without such records has none; anything else is a failure. */
async function orNone<T>(records: Promise<T[]>): Promise<T[]> {
  try {
    return await records;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENODATA' || error.code === 'ENOTFOUND')) return [];
    throw error;
  }
}
