import { cancelled, SamepageError } from '../kernel/errors.ts';
import type { RunStatement } from './wire/raw-database.ts';
import type { WireClient } from './wire/wire-client.ts';

export interface ThreadLimits {
  /** No statement takes longer, the end of a transaction included. */
  statementMs: number;
  /** A transaction in which nothing is asked for so long is rolled back. */
  silenceMs: number;
  /** A statement whose caller has gone may go on for so long. */
  cancelMs: number;
}

/** Generous: a bulk load's statements take seconds on a slow machine. */
export const LIMITS: ThreadLimits = { statementMs: 10 * 60_000, silenceMs: 60_000, cancelMs: 3_000 };

/** Why a thread was ended. */
export type EndReason = 'statement_too_long' | 'cancelled';

export const timedOut = (what: string) =>
  new SamepageError(
    'timed_out',
    `${what}; it was ended and rolled back.`,
    'Ask for less at once, or call again when the machine is less busy.',
  );

/** One transaction under its limits. */
export class LimitedTransaction {
  readonly #client: WireClient;
  readonly #tx: number;
  readonly #limits: ThreadLimits;
  readonly #signal: AbortSignal | undefined;
  readonly #kill: (error: Error, reason: EndReason) => void;
  #giveUp: (error: Error) => void = () => {};
  #over: Error | undefined;
  #running = 0;
  #deadline: NodeJS.Timeout | undefined;
  #silence: NodeJS.Timeout | undefined;
  #cancel: NodeJS.Timeout | undefined;

  constructor(
    client: WireClient,
    mode: 'read' | 'write',
    limits: ThreadLimits,
    signal: AbortSignal | undefined,
    kill: (error: Error, reason: EndReason) => void,
  ) {
    this.#client = client;
    this.#tx = client.begin(mode);
    this.#limits = limits;
    this.#signal = signal;
    this.#kill = kill;
  }

  /** @param onEnding called when the last of it is on its way. */
  async run<T>(run: (statement: RunStatement) => Promise<T>, onEnding: () => void): Promise<T> {
    const givenUp = new Promise<never>((_, reject) => {
      this.#giveUp = reject;
    });
    const aborted = () => this.#watchCancelled();
    this.#signal?.addEventListener('abort', aborted);
    this.#watchSilence();
    try {
      const statement: RunStatement = (text, params, form, prepare) =>
        this.#watched(() => this.#client.statement(this.#tx, text, params, form, prepare));
      const result = await Promise.race([run(statement), givenUp]);
      const ended = this.#watched(() => this.#client.end(this.#tx, true));
      onEnding();
      await ended;
      this.#over = new Error('the transaction has ended');
      return result;
    } catch (error) {
      this.#over ??= error instanceof Error ? error : new Error('the transaction has failed');
      // nothing of it is left where it was the end that failed, or the thread that ended
      await this.#client.end(this.#tx, false).catch(() => {});
      throw error;
    } finally {
      this.#signal?.removeEventListener('abort', aborted);
      for (const timer of [this.#deadline, this.#silence, this.#cancel]) clearTimeout(timer);
    }
  }

  async #watched<T>(work: () => Promise<T>): Promise<T> {
    if (this.#over !== undefined) throw this.#over;
    clearTimeout(this.#silence);
    this.#running += 1;
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#kill(timedOut('A statement took too long'), 'statement_too_long'), this.#limits.statementMs);
    if (this.#signal?.aborted) this.#watchCancelled();
    try {
      return await work();
    } finally {
      this.#running -= 1;
      if (this.#running === 0) {
        clearTimeout(this.#deadline);
        clearTimeout(this.#cancel);
        if (this.#over === undefined) this.#watchSilence();
      }
    }
  }

  #watchSilence(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#over = timedOut('A transaction stood still for too long');
      this.#giveUp(this.#over);
    }, this.#limits.silenceMs);
  }

  #watchCancelled(): void {
    if (this.#running === 0) return;
    clearTimeout(this.#cancel);
    this.#cancel = setTimeout(() => this.#kill(cancelled(), 'cancelled'), this.#limits.cancelMs);
  }
}
