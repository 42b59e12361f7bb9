import { type Agent, buildConnector, request } from 'undici';
import type { Failure } from '../enrichment/core/exchange.ts';
import { isPublicAddress } from '../enrichment/core/public-address.ts';
import { guardedAgent, guardedLookup } from '../enrichment/guarded-agent.ts';
import { failureOf } from '../enrichment/http-transport.ts';
import { isWithin } from './core/networks.ts';

/** Whoever has not answered by then is asked again later. */
const ANSWER_MS = 15_000;
const CONNECT_MS = 5_000;
/** At once to one endpoint. */
export const CONNECTIONS = 32;
const MAX_ANSWER_BYTES = 16_384;

/** How deliveries leave. */
export interface Sender {
  /** Sends a body once. Never throws; nothing is followed where it redirects. */
  post(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<{ status: number; headers: Record<string, string> } | Failure>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/**
 * Connections to the public internet, and to the private networks that are permitted; those alone may be spoken to without TLS. Each socket
 * is looked at where it has arrived.
 */
export function openSender(networks: readonly string[], answerMs = ANSWER_MS): Sender {
  const isPermitted = isWithin(networks);
  const encrypted = agentFor((address) => isPublicAddress(address) || isPermitted(address));
  const plain = agentFor(isPermitted);
  return {
    async post(url, headers, body) {
      const limit = AbortSignal.timeout(answerMs);
      try {
        const dispatcher = url.startsWith('https:') ? encrypted : plain;
        const answer = await request(url, { dispatcher, method: 'POST', headers: { ...headers }, body, signal: limit });
        // what it says beside the status is nobody's; a body that does not end is the receiver's own affair
        await answer.body.dump({ limit: MAX_ANSWER_BYTES }).catch(() => {});
        const retry = answer.headers['retry-after'];
        return { status: answer.statusCode, headers: retry === undefined ? {} : { 'retry-after': String(retry) } };
      } catch (error) {
        return failureOf(error, limit.aborted);
      }
    },
    async close() {
      await Promise.all([encrypted.destroy(), plain.destroy()]);
    },
  };
}

function agentFor(permits: (address: string | undefined) => boolean): Agent {
  return guardedAgent(permits, buildConnector({ timeout: CONNECT_MS, lookup: guardedLookup(permits) }), CONNECTIONS);
}
