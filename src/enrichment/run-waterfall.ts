import { readWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { derivedId } from '../kernel/ids.ts';
import type { CallReport, RunSubject } from './core/call-report.ts';
import { type Ceilings, callKey, type PlannedCall } from './core/ledger.ts';
import type { Market } from './core/market.ts';
import { type ProviderAnswer, type ProviderOffer, type ProviderPort, worstMicros } from './core/provider.ts';
import type { Ask, Waterfall } from './core/waterfall.ts';
import { answerAgain, readAnswers } from './provider-values.ts';
import { keepSignals } from './record-signals.ts';
import { type Reservation, reserveCalls } from './reserve-calls.ts';
import { settleCall } from './settle-call.ts';

/** An asynchronous vendor is asked again after so long, where it does not say itself. */
const POLL_MS = 1500;
/** How much longer than a call may take its process may be silent before it counts as unknown. */
const STALE_MARGIN_MS = 60_000;
const ATTEMPTS = 2;
const NO_ANSWER: ProviderAnswer = { outcome: 'unknown', values: {}, chargedMicros: null, latencyMs: 0 };

interface Arrival {
  provider: number;
  call: PlannedCall;
  answer: ProviderAnswer;
  state: string;
}

/**
 * Drives one record's planner with real calls until it is finished: reserves before each, sends, settles as answers come, asks
 * again where a vendor says when. Calls that are still out then are not cut off: they are paid for, and are settled when they come.
 */
export class WaterfallRun {
  readonly #ctx: Context;
  readonly #port: ProviderPort;
  readonly #market: Market;
  readonly #waterfall: Waterfall;
  readonly #subject: RunSubject;
  readonly #ceilings: Ceilings;
  readonly #started = performance.now();
  readonly #reports = new Map<string, CallReport>();
  readonly #arrivals: Arrival[] = [];
  readonly #out = new Set<Promise<void>>();
  readonly #attempts = new Map<number, number>();
  /** Questions that another run has out: its answer is used. */
  readonly #shared = new Map<number, { key: string; fields: readonly string[] }>();
  #wake: () => void = () => {};
  #ended: number | undefined;
  savedMicros = 0;

  constructor(ctx: Context, parts: { port: ProviderPort; market: Market; waterfall: Waterfall; subject: RunSubject; ceilings: Ceilings }) {
    // what was sent is settled, also when the caller no longer waits
    this.#ctx = { ...ctx, signal: new AbortController().signal };
    this.#port = parts.port;
    this.#market = parts.market;
    this.#waterfall = parts.waterfall;
    this.#subject = parts.subject;
    this.#ceilings = parts.ceilings;
  }

  get reports(): readonly CallReport[] {
    return [...this.#reports.values()];
  }

  /** Until the planner was finished; until now while it is not. */
  get elapsedMs(): number {
    return Math.round((this.#ended ?? performance.now()) - this.#started);
  }

  /** True while an answer is still to come: on its way, or at an asynchronous vendor. */
  get isPartial(): boolean {
    return this.reports.some(({ outcome }) => outcome === 'pending' || outcome === 'waiting');
  }

  /** Runs to the end of the planner. @param signal ends it early; what is out is still settled */
  async finish(signal: AbortSignal): Promise<void> {
    const wake = () => this.#wake();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const asks = this.#waterfall.next(performance.now() - this.#started);
        if (asks.length > 0) await this.#dispatch(asks);
        const at = this.#waterfall.wakeAt(performance.now() - this.#started);
        if (at === undefined) return;
        await this.#somethingHappens(at - (performance.now() - this.#started));
        this.#hearAll();
        if (this.#shared.size > 0) await this.#hearShared();
      }
    } finally {
      signal.removeEventListener('abort', wake);
      this.#ended = performance.now();
    }
  }

  /** When all that is out has come in: the answers that came after the end, heard. @returns whether there were any */
  async late(): Promise<boolean> {
    let any = false;
    while (this.#out.size > 0) await Promise.race(this.#out);
    for (const { provider, call, answer } of this.#arrivals.splice(0)) {
      this.#waterfall.answered(provider, answer);
      this.#waterfall.hear(provider, call.fields, answer);
      any ||= answer.outcome === 'hit';
    }
    return any;
  }

  async #dispatch(asks: readonly Ask[]): Promise<void> {
    const planned = asks.flatMap((ask) => this.#planned(ask));
    if (planned.length === 0) return;
    const outcomes = await reserveCalls(
      this.#ctx,
      planned.map(({ call }) => call),
      this.#ceilings,
    );
    for (const { ask, call, offer } of planned) this.#takeUp(ask, call, offer, outcomes.get(call.id));
  }

  #takeUp(ask: Ask, call: PlannedCall, offer: ProviderOffer, reservation: Reservation | undefined): void {
    switch (reservation?.state) {
      case 'granted':
        this.#send(ask.provider, call);
        break;
      case 'kept':
        this.#hearKept(ask.provider, call.fields, reservation.answer, { callId: call.id, offer });
        break;
      case 'busy':
        this.#shared.set(ask.provider, { key: call.key, fields: call.fields });
        this.#report(call, { outcome: 'busy', reason: 'the same question is out already' });
        break;
      case 'unknown':
        this.#waterfall.refused(ask.provider);
        this.#report(call, { outcome: 'unknown_before', reason: 'it was asked before, no answer came, and it may have been billed' });
        break;
      default:
        this.#waterfall.refused(ask.provider);
        this.#report(call, { outcome: 'over_ceiling', reason: `the ceiling of the ${reservation?.scope} would be passed` });
    }
  }

  #planned(ask: Ask): { ask: Ask; call: PlannedCall; offer: ProviderOffer }[] {
    const offer = this.#market.offers[ask.provider];
    const key = offer === undefined ? undefined : callKey(offer, this.#waterfall.inputs);
    if (offer === undefined || key === undefined) {
      this.#waterfall.refused(ask.provider);
      return [];
    }
    const { runId, kind, entityId } = this.#subject;
    const attempt = this.#attempts.get(ask.provider) ?? 0;
    this.#attempts.set(ask.provider, attempt + 1);
    const call: PlannedCall = {
      id: derivedId('provider call', runId, entityId, key, String(attempt)),
      runId,
      kind,
      entityId,
      provider: offer.id,
      key,
      fields: ask.fields,
      reservedMicros: worstMicros(offer, ask.fields),
      staleMs: offer.timeoutMs + STALE_MARGIN_MS,
    };
    if (ask.hedge) {
      // free and idempotent: the first one's ledger row is for both
      this.#sendAgain(ask, offer);
      return [];
    }
    return [{ ask, call, offer }];
  }

  #send(provider: number, call: PlannedCall, resume?: string): void {
    this.#report(call, { outcome: 'pending' });
    const offer = this.#market.offers[provider];
    if (offer === undefined) return;
    const running = this.#ask(offer, call.fields, resume).then(async (answer) => {
      this.#waterfall.landed(provider);
      const state = await settleCall(this.#ctx, call.id, offer, answer);
      if (state !== 'already') await keepSignals(this.#ctx, { kind: this.#subject.kind, inputs: this.#waterfall.inputs }, offer.id, answer);
      const cost = state === 'settled' ? (answer.chargedMicros ?? 0) : state === 'already' ? 0 : call.reservedMicros;
      this.#report(call, {
        outcome: state === 'waiting' ? 'waiting' : answer.outcome,
        costMicros: cost,
        latencyMs: Math.round(answer.latencyMs),
        ...(answer.reason === undefined ? {} : { reason: answer.reason }),
      });
      this.#arrivals.push({ provider, call, answer, state });
    });
    const settled = running
      .catch(() => {
        // the ledger could not be written: its row says reserved, and will count as unknown
        this.#arrivals.push({ provider, call, answer: NO_ANSWER, state: 'unknown' });
      })
      .finally(() => {
        this.#out.delete(settled);
        this.#wake();
      });
    this.#out.add(settled);
  }

  async #ask(offer: ProviderOffer, fields: readonly string[], resume?: string): Promise<ProviderAnswer> {
    const request = { subject: this.#subject.kind, inputs: this.#waterfall.inputs, fields, ...(resume === undefined ? {} : { resume }) };
    const started = performance.now();
    try {
      return await this.#port.call(offer, request, { signal: AbortSignal.timeout(offer.timeoutMs) });
    } catch {
      // a port does not throw for what a vendor does; whatever it is, the request may have been out
      return { ...NO_ANSWER, latencyMs: performance.now() - started };
    }
  }

  /** The hedge of a free call: whichever answer comes first is heard, and settles the row. */
  #sendAgain(ask: Ask, offer: ProviderOffer): void {
    const call = [...this.#reports.values()].find((report) => report.provider === offer.id && report.outcome === 'pending');
    if (call === undefined) return;
    const settled = this.#ask(offer, ask.fields)
      .then(async (answer) => {
        if (answer.outcome !== 'hit' && answer.outcome !== 'miss') return;
        if ((await settleCall(this.#ctx, call.callId, offer, answer)) === 'already') return;
        this.#reports.set(call.callId, { ...call, outcome: answer.outcome, latencyMs: Math.round(answer.latencyMs) });
        this.#waterfall.answered(ask.provider, answer);
      })
      .catch(() => {})
      .finally(() => {
        this.#out.delete(settled);
        this.#wake();
      });
    this.#out.add(settled);
  }

  #hearAll(): void {
    for (const { provider, call, answer, state } of this.#arrivals.splice(0)) {
      if (state === 'already' || this.#comesAgain(provider, call, answer)) continue;
      this.#waterfall.answered(provider, answer);
    }
  }

  /** Where a vendor said when to ask again, and there is time, that is waited for. */
  #comesAgain(provider: number, call: PlannedCall, answer: ProviderAnswer): boolean {
    if (answer.resume !== undefined) {
      this.#later(answer.retryAfterMs ?? POLL_MS, () => this.#send(provider, call, answer.resume));
      return true;
    }
    const again = (answer.outcome === 'retry' || answer.outcome === 'rate') && answer.retryAfterMs !== undefined;
    if (!again || (this.#attempts.get(provider) ?? 0) >= ATTEMPTS) return false;
    if (!this.#waterfall.hasTime(this.elapsedMs + (answer.retryAfterMs ?? 0))) return false;
    this.#later(answer.retryAfterMs ?? 0, () => void this.#dispatch([{ provider, fields: call.fields, hedge: false }]).catch(() => {}));
    return true;
  }

  #later(ms: number, act: () => void): void {
    setTimeout(() => {
      if (this.#waterfall.isFinished) return;
      act();
      this.#wake();
    }, ms).unref();
  }

  #hearKept(
    provider: number,
    fields: readonly string[],
    answer: ProviderAnswer,
    { callId, offer }: { callId: string; offer: ProviderOffer },
  ): void {
    this.#waterfall.refused(provider);
    this.#waterfall.hear(provider, fields, answer);
    const billed = offer.billing === 'request' || answer.outcome === 'hit';
    this.savedMicros += billed ? worstMicros(offer, fields) : 0;
    this.#reports.set(callId, { callId, provider: offer.id, outcome: 'cached', costMicros: 0, latencyMs: 0 });
  }

  /** The questions that another run has out: once its answer is kept it is heard here too. */
  async #hearShared(): Promise<void> {
    const kept = await readWorkspace(this.#ctx, (tx) =>
      readAnswers(
        tx,
        this.#ctx,
        [...this.#shared.values()].map(({ key }) => key),
      ),
    );
    for (const [provider, { key, fields }] of this.#shared) {
      const answer = answerAgain(kept.get(key), fields);
      const offer = this.#market.offers[provider];
      if (answer === undefined || offer === undefined) continue;
      this.#shared.delete(provider);
      this.#hearKept(provider, fields, answer, { callId: key, offer });
    }
  }

  async #somethingHappens(withinMs: number): Promise<void> {
    if (this.#arrivals.length > 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, withinMs));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #report(call: PlannedCall, what: Partial<CallReport> & Pick<CallReport, 'outcome'>): void {
    this.#reports.set(call.id, { callId: call.id, provider: call.provider, costMicros: 0, latencyMs: null, ...what });
  }
}
