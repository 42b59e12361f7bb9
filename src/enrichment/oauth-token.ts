import { z } from 'zod';
import { jsonOrUndefined } from '../kernel/json.ts';
import type { Keys } from './core/authorise.ts';
import { type Failure, isFailure, type Transport } from './core/exchange.ts';
import type { ProviderAuth } from './core/provider-spec.ts';

const tokenSchema = z.object({
  access_token: z
    .string()
    .min(1)
    .max(10_000)
    .regex(/^[\x21-\x7e]+$/),
  expires_in: z.coerce.number().positive().max(31_536_000).optional(),
});
const MAX_BYTES = 100_000;
/** A token is let go a little early, so that it does not end on its way. */
const MARGIN_MS = 30_000;
const LIFE_MS = 300_000;

/** Access tokens by OAuth2 client credentials (RFC 6749, 4.4), kept in memory until they end; one request for those who wait together. */
export class TokenStore {
  readonly #held = new Map<string, { token: Promise<string | Failure>; until: number }>();
  readonly #transport: Transport;
  readonly #now: () => Date;

  constructor(transport: Transport, now: () => Date) {
    this.#transport = transport;
    this.#now = now;
  }

  /** The token of a provider; a failure is not kept. */
  async token(provider: string, auth: Extract<ProviderAuth, { kind: 'oauth2' }>, keys: Keys, timeoutMs: number): Promise<string | Failure> {
    const held = this.#held.get(provider);
    if (held !== undefined && held.until > this.#now().getTime()) return held.token;
    const entry = { until: this.#now().getTime() + timeoutMs, token: Promise.resolve<string | Failure>('') };
    entry.token = this.#ask(auth, keys, timeoutMs, (lifeMs) => {
      entry.until = this.#now().getTime() + Math.max(0, lifeMs - MARGIN_MS);
    });
    this.#held.set(provider, entry);
    const token = await entry.token;
    if (typeof token !== 'string') this.forget(provider);
    return token;
  }

  /** After the vendor refused it. */
  forget(provider: string): void {
    this.#held.delete(provider);
  }

  async #ask(
    auth: Extract<ProviderAuth, { kind: 'oauth2' }>,
    keys: Keys,
    timeoutMs: number,
    lives: (ms: number) => void,
  ): Promise<string | Failure> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: keys[auth.client_id] ?? '',
      client_secret: keys[auth.client_secret] ?? '',
      ...(auth.scope === undefined ? {} : { scope: auth.scope }),
    });
    // nobody's signal: others may wait for the same token
    const signal = new AbortController().signal;
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    const request = { method: 'POST', url: new URL(auth.token_url), headers, body: form.toString() } as const;
    const answer = await this.#transport.send(request, { signal, timeoutMs, maxBytes: MAX_BYTES });
    if (isFailure(answer)) return { ...answer, sent: false, reason: `no access token: ${answer.reason}` };
    const given = answer.status === 200 ? tokenSchema.safeParse(jsonOrUndefined(answer.text)) : undefined;
    if (given?.success !== true) return { failed: true, sent: false, reason: `no access token: status ${answer.status}` };
    lives(given.data.expires_in === undefined ? LIFE_MS : given.data.expires_in * 1000);
    return given.data.access_token;
  }
}
