import { BrokenCircuitError } from 'cockatiel';
import type { Context } from '../kernel/context.ts';
import { SamepageError } from '../kernel/errors.ts';
import { pause } from '../kernel/pause.ts';
import type { CellReader } from '../records/core/normalise.ts';
import type { Transport } from './core/exchange.ts';
import type { ProviderAnswer, ProviderOffer, ProviderPort, ProviderRequest } from './core/provider.ts';
import { readAnswer } from './core/read-answer.ts';
import { listOf } from './list-file.ts';
import { TokenStore } from './oauth-token.ts';
import { missingText, type OpenProviders, type ReadyProvider } from './open-providers.ts';
import { gateOf, REST_MS } from './provider-gates.ts';
import { runSteps, type StepsAnswer } from './run-steps.ts';
import { pauseProvider, takeTurn } from './take-turn.ts';

/** A pause that a vendor asks for concerns all processes when it is at least this long. */
const SHARED_PAUSE_MS = 1_000;

/**
 * Asks providers by their descriptions: lists from memory, all others over the transport; within the rate limits that the
 * processes of the workspace share, so many at once as the description says, and with a breaker before each.
 */
export class DescribedProviders implements ProviderPort {
  readonly #ctx: Context;
  readonly #open: OpenProviders;
  readonly #transport: Transport;
  readonly #readers: ReadonlyMap<string, CellReader>;
  readonly #tokens: TokenStore;

  /** @param ctx lasts as long as the port: its signal is no call's */
  constructor(ctx: Context, open: OpenProviders, transport: Transport, readers: ReadonlyMap<string, CellReader>) {
    this.#ctx = ctx;
    this.#open = open;
    this.#transport = transport;
    this.#readers = readers;
    this.#tokens = new TokenStore(transport, ctx.now);
  }

  async call(offer: ProviderOffer, request: ProviderRequest, { signal }: { signal: AbortSignal }): Promise<ProviderAnswer> {
    const started = performance.now();
    const { isSilent: _, ...answer } = await this.#answer(offer, request, signal);
    return { ...answer, latencyMs: Math.round(performance.now() - started) };
  }

  async #answer(offer: ProviderOffer, request: ProviderRequest, given: AbortSignal): Promise<StepsAnswer> {
    const ready = this.#open.providers.get(offer.id);
    if (ready === undefined) return notAsked('error', 'there is no such provider');
    if (ready.missing.length > 0) return notAsked('auth', missingText(ready.missing));
    if (ready.provider.spec.list !== undefined) return this.#fromList(ready, request);
    const signal = AbortSignal.any([given, AbortSignal.timeout(offer.timeoutMs)]);
    const gate = gateOf(this.#ctx, ready.provider);
    try {
      return await gate.places(() => gate.breaker.execute(() => this.#inTurn(ready, request, signal)));
    } catch (error) {
      if (error instanceof BrokenCircuitError)
        return { ...notAsked('error', 'it has not answered lately, and is left alone for a while'), retryAfterMs: REST_MS };
      throw error;
    }
  }

  async #inTurn(ready: ReadyProvider, request: ProviderRequest, signal: AbortSignal): Promise<StepsAnswer> {
    const { offer } = ready.provider;
    if (signal.aborted) return notAsked('error', 'the call was given up before it was sent');
    const limits = offer.limits.perSecond !== undefined || offer.limits.perMinute !== undefined;
    // a paid one may have been told to wait by another process
    if (limits || offer.billing !== 'none') {
      const turn = await takeTurn(this.#ctx, offer.id, offer.limits, offer.timeoutMs / 2);
      if (!turn.taken) return { ...notAsked('rate', 'its rate limit is used up for now'), retryAfterMs: turn.waitMs };
      if (turn.waitMs > 0 && !(await pause(turn.waitMs, signal))) return notAsked('error', 'the call was given up before it was sent');
    }
    const { keys } = ready;
    const [transport, tokens, { agent }] = [this.#transport, this.#tokens, this.#open];
    const environment = { transport, tokens, keys, agent, readers: this.#readers, now: this.#ctx.now, pause };
    const answer = await runSteps(ready.provider, request, signal, environment);
    const { retryAfterMs = 0, outcome } = answer;
    if ((outcome === 'rate' || outcome === 'quota') && retryAfterMs >= SHARED_PAUSE_MS)
      await pauseProvider(this.#ctx, offer.id, retryAfterMs);
    return answer;
  }

  async #fromList(ready: ReadyProvider, { inputs }: ProviderRequest): Promise<StepsAnswer> {
    try {
      const row = (await listOf(ready.provider, this.#readers)).find(inputs);
      if (row === undefined) return { outcome: 'miss', values: {}, chargedMicros: 0 };
      return { outcome: 'hit', chargedMicros: 0, ...readAnswer(ready.provider, { body: row, input: {} }, this.#readers) };
    } catch (error) {
      return notAsked('error', error instanceof SamepageError ? error.message : 'the list cannot be read');
    }
  }
}

function notAsked(outcome: 'error' | 'rate' | 'auth', reason: string): StepsAnswer {
  return { outcome, values: {}, chargedMicros: 0, reason };
}
