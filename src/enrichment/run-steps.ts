import { z } from 'zod';
import { jsonOrUndefined } from '../kernel/json.ts';
import type { CellReader } from '../records/core/normalise.ts';
import { authorised, type Keys } from './core/authorise.ts';
import { buildRequest } from './core/build-request.ts';
import { chargeOf } from './core/charge.ts';
import { meaningOf, retryAfterMs } from './core/classify-answer.ts';
import type { CompiledStep, Provider } from './core/compile-provider.ts';
import { type Exchange, type Failure, type HttpRequest, isFailure, type Transport } from './core/exchange.ts';
import type { ProviderAnswer, ProviderOutcome, ProviderRequest } from './core/provider.ts';
import type { Meaning } from './core/provider-steps.ts';
import { readAnswer } from './core/read-answer.ts';
import { isHostName, MissingValue, plain, urlOf } from './core/template.ts';
import { readWebPage } from './core/web-page.ts';
import { fetchPage } from './fetch-page.ts';
import type { TokenStore } from './oauth-token.ts';

/** What a run needs from outside. */
export interface RunEnvironment {
  transport: Transport;
  tokens: TokenStore;
  keys: Keys;
  /** The User-Agent. */
  agent: string;
  readers: ReadonlyMap<string, CellReader>;
  now(): Date;
  /** Waits; false when the call is given up meanwhile. */
  pause(ms: number, signal: AbortSignal): Promise<boolean>;
}

const MAX_BYTES = 5_000_000;
/** How long one request of several may take; the call as a whole has its provider's time. */
const REQUEST_MS = 30_000;
const MAX_HOPS = 3;
const LONGEST_KEPT = 2_000;
const resumeSchema = z.object({ step: z.int().min(0).max(3), kept: z.record(z.string().max(200), z.string().max(LONGEST_KEPT)) });

/** What came of the steps. */
export type StepsAnswer = Omit<ProviderAnswer, 'latencyMs'> & {
  /** The vendor gave no answer, or none that is one: what its breaker counts. */
  isSilent?: boolean;
};

/** One answered step: what it means, and what it said. */
interface Answered {
  meaning: Meaning;
  isSilent: boolean;
  body: unknown;
  credits: number | undefined;
  retryAfterMs: number | undefined;
}

/**
 * Asks a provider by the steps of its description: each request once, save that the request of a step that polls is repeated while
 * the vendor is at work. Every end is an answer; nothing is thrown for what a vendor does.
 */
export async function runSteps(
  provider: Provider,
  request: ProviderRequest,
  signal: AbortSignal,
  environment: RunEnvironment,
): Promise<StepsAnswer> {
  const run = new Run(provider, request, signal, environment);
  try {
    return await run.answer();
  } catch (error) {
    if (!(error instanceof MissingValue)) throw error;
    // what is made of the input is made where the record leads to this provider, and not elsewhere
    if (error.path.startsWith('made.')) return run.closed('miss', { answered: false });
    return run.closed('error', { reason: `a value that its request needs is missing: ${error.path}` });
  }
}

class Run {
  readonly #provider: Provider;
  readonly #request: ProviderRequest;
  readonly #signal: AbortSignal;
  readonly #environment: RunEnvironment;
  #values: Record<string, string>;
  readonly #input: Readonly<Record<string, Record<string, string>>>;
  #credits: number | undefined;
  /** The vendor has, or may have, done what it bills. */
  #billable = false;

  constructor(provider: Provider, request: ProviderRequest, signal: AbortSignal, environment: RunEnvironment) {
    this.#provider = provider;
    this.#request = request;
    this.#signal = signal;
    this.#environment = environment;
    this.#values = { ...request.inputs };
    this.#input = nested(request.inputs);
  }

  async answer(): Promise<StepsAnswer> {
    const { steps, made } = this.#provider;
    const wrong = Object.entries(this.#request.inputs).find(([field, value]) => field.endsWith('domain') && !isHostName(value));
    if (wrong !== undefined) return this.closed('error', { reason: `${wrong[0]} is no domain` });
    for (const [name, mapping] of made) this.#keep(`made.${name}`, mapping({ input: this.#input }));
    let first = 0;
    if (this.#request.resume !== undefined) {
      const resume = resumeSchema.safeParse(jsonOrUndefined(this.#request.resume)).data;
      if (resume === undefined) return this.closed('error', { reason: 'what it was to be resumed with cannot be read' });
      first = resume.step;
      this.#values = { ...this.#values, ...resume.kept };
      this.#billable = true;
    }
    let last: Answered | undefined;
    for (let i = first; i < steps.length; i += 1) {
      const step = steps[i];
      if (step === undefined) break;
      const answered = await this.#ask(step, i);
      if ('outcome' in answered) return answered;
      if (answered.meaning !== 'hit') return this.#ended(step, answered);
      for (const [name, mapping] of step.keep) this.#keep(`${step.step.id}.${name}`, mapping({ body: answered.body, input: this.#input }));
      last = answered;
    }
    const { values, signals } = readAnswer(this.#provider, { body: last?.body, input: this.#input }, this.#environment.readers);
    return { ...this.closed('hit', { given: Object.keys(values) }), values, ...(signals.length === 0 ? {} : { signals }) };
  }

  /** One step: its answer, or the end of the call. */
  async #ask(step: CompiledStep, index: number): Promise<Answered | StepsAnswer> {
    const { poll } = step.step;
    if (poll?.first_ms !== undefined && !(await this.#environment.pause(poll.first_ms, this.#signal))) return this.#pending(index);
    for (;;) {
      const result = await this.#send(step);
      if (isFailure(result)) {
        if (poll !== undefined && this.#billable) {
          // the vendor is at work: how it stands can be asked again, by us or later
          if (await this.#environment.pause(poll.every_ms, this.#signal)) continue;
          return this.#pending(index);
        }
        return this.#failed(step, result);
      }
      const answered = this.#read(step, result);
      const again = answered.meaning === 'wait' || (this.#billable && (answered.meaning === 'retry' || answered.meaning === 'rate'));
      if (poll === undefined || !again) {
        if (step.billed && answered.meaning === 'hit') this.#billable = true;
        return answered;
      }
      if (step.billed) this.#billable = true;
      if (!(await this.#environment.pause(Math.max(poll.every_ms, answered.retryAfterMs ?? 0), this.#signal))) return this.#pending(index);
    }
  }

  async #send({ step }: CompiledStep): Promise<Exchange | Failure> {
    const { transport, agent, tokens, keys } = this.#environment;
    const timeoutMs = Math.min(this.#provider.offer.timeoutMs, REQUEST_MS);
    const options = { signal: this.#signal, timeoutMs };
    if (this.#signal.aborted) return { failed: true, sent: false, reason: 'the call was given up before it was sent' };
    if (step.dns !== undefined) {
      const answer = await transport.resolve(plain(step.dns.name, this.#values), step.dns.types, options);
      return isFailure(answer) ? answer : { status: 200, headers: {}, text: JSON.stringify(answer) };
    }
    if (step.page !== undefined) {
      const answer = await fetchPage(transport, urlOf(step.page.url, this.#values), { ...options, agent });
      return isFailure(answer) || answer.status >= 300 ? answer : { ...answer, text: JSON.stringify(readWebPage(answer.text)) };
    }
    if (step.request === undefined) throw new Error(`the step ${step.id} has nothing to do`);
    const { auth } = this.#provider.spec;
    const token = auth.kind === 'oauth2' ? await tokens.token(this.#provider.offer.id, auth, keys, timeoutMs) : undefined;
    if (typeof token === 'object') return token;
    const built = authorised(buildRequest(step.request, this.#values, this.#request.fields, agent), auth, keys, token);
    const answer = await transport.send(built, { ...options, maxBytes: MAX_BYTES });
    return step.request.follow === true ? this.#followed(built, answer, options) : answer;
  }

  /** Where a source without a key points the way: there, a few times at most. */
  async #followed(
    request: HttpRequest,
    first: Exchange | Failure,
    options: { signal: AbortSignal; timeoutMs: number },
  ): Promise<Exchange | Failure> {
    let answer = first;
    let { url } = request;
    for (let hop = 0; hop < MAX_HOPS && !isFailure(answer) && answer.status >= 300 && answer.status < 400; hop += 1) {
      const { location = '' } = answer.headers;
      if (!URL.canParse(location, url.href)) return answer;
      url = new URL(location, url);
      if (url.protocol !== 'https:') return answer;
      answer = await this.#environment.transport.send({ ...request, url }, { ...options, maxBytes: MAX_BYTES });
    }
    return answer;
  }

  #read(step: CompiledStep, { status, headers, text }: Exchange): Answered {
    const body = jsonOrUndefined(text);
    const document = { body: body ?? null, input: this.#input };
    // success that is no JSON was cut off, or is somebody else's page
    const broken = body === undefined && status >= 200 && status < 300 && status !== 202 && status !== 204;
    const meaning = broken ? 'error' : meaningOf(status, document, step.rules);
    if (meaning === 'auth') this.#environment.tokens.forget(this.#provider.offer.id);
    const { cost } = this.#provider.spec.billing;
    const said = (cost?.header === undefined ? undefined : headers[cost.header.toLowerCase()]) ?? this.#provider.costAt?.(document);
    const credits = said === undefined || said === null || said === '' ? Number.NaN : Number(said);
    if (Number.isFinite(credits) && credits >= 0) this.#credits = credits;
    if (broken && step.billed) this.#billable = true;
    const after = retryAfterMs(headers['retry-after'], this.#environment.now().getTime());
    return { meaning, isSilent: broken || status >= 500, body, credits: this.#credits, retryAfterMs: after };
  }

  /** An answer that ends the call before its last step. */
  #ended(step: CompiledStep, { meaning, isSilent, retryAfterMs: after }: Answered): StepsAnswer {
    const isPaid = this.#provider.offer.billing !== 'none';
    // an answer that cannot be read may have been billed
    if (meaning === 'error' && isPaid && this.#billable)
      return this.closed('unknown', { reason: 'its answer could not be read', isSilent });
    if (meaning === 'miss' && step.billed) return this.closed('miss', { answered: true });
    if (meaning === 'wait') return this.closed('retry', after === undefined ? {} : { retryAfterMs: after });
    return this.closed(meaning, {
      isSilent,
      ...(after === undefined ? {} : { retryAfterMs: after }),
      ...(meaning === 'hit' || meaning === 'miss' ? {} : { reason: `its answer means ${meaning}` }),
    });
  }

  #failed(step: CompiledStep, { sent, reason }: Failure): StepsAnswer {
    const isPaid = this.#provider.offer.billing !== 'none';
    const mayBeBilled = isPaid && ((sent && step.billed) || this.#billable);
    // what was given up before it was sent says nothing of the vendor
    return this.closed(mayBeBilled ? 'unknown' : 'error', { reason, isSilent: sent || !this.#signal.aborted });
  }

  /** The vendor is still at work: it can be asked later how it stands. */
  #pending(step: number): StepsAnswer {
    const kept = Object.fromEntries(
      Object.entries(this.#values).filter(([path]) => !path.startsWith('account.') && !path.startsWith('person.')),
    );
    return { ...this.closed('retry', { pending: true }), resume: JSON.stringify({ step, kept }) };
  }

  closed(
    outcome: ProviderOutcome,
    rest: { reason?: string; retryAfterMs?: number; given?: readonly string[]; answered?: boolean; pending?: boolean; isSilent?: boolean },
  ): StepsAnswer {
    const { reason, retryAfterMs: after, given = [], answered = outcome === 'hit', pending = false, isSilent = false } = rest;
    const asked = given.filter((field) => this.#request.fields.includes(field));
    const usd = this.#provider.spec.billing.usd_per_credit ?? 0;
    return {
      outcome,
      values: {},
      chargedMicros: chargeOf(this.#provider.offer, usd, { outcome, given: asked, credits: this.#credits, answered, pending }),
      ...(after === undefined ? {} : { retryAfterMs: after }),
      ...(reason === undefined ? {} : { reason }),
      ...(isSilent ? { isSilent } : {}),
    };
  }

  #keep(path: string, value: unknown): void {
    if (typeof value === 'string' && value.length <= LONGEST_KEPT) this.#values[path] = value;
    else if (typeof value === 'number' || typeof value === 'boolean') this.#values[path] = String(value);
  }
}

/** `{ 'account.domain': 'a' }` → `{ account: { domain: 'a' } }`. */
function nested(inputs: Readonly<Record<string, string>>): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  for (const [field, value] of Object.entries(inputs)) {
    const point = field.indexOf('.');
    found[field.slice(0, point)] = { ...found[field.slice(0, point)], [field.slice(point + 1)]: value };
  }
  return found;
}
