import { Worker } from 'node:worker_threads';
import { cancelled, SamepageError } from '../kernel/errors.ts';
import { threadFile } from './program.ts';
import { threadChannel } from './wire/channels.ts';
import type { Reply, Request } from './wire/messages.ts';
import type { RawDatabase, RunStatement, TransactionOptions } from './wire/raw-database.ts';
import { WireClient } from './wire/wire-client.ts';

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

export interface ThreadOptions {
  limits?: Partial<ThreadLimits>;
  /** The error for a database that does not open. */
  unopenable(cause: unknown): Error;
  /** Hears of each end of the thread that nobody asked for. */
  onEnded?(reason: 'statement_too_long' | 'cancelled' | 'crashed', cause?: Error): void;
  /** More arguments of Node for the thread. */
  nodeArgs?: readonly string[];
}

interface Thread {
  worker: Worker;
  client: WireClient;
}

const timedOut = (what: string) =>
  new SamepageError(
    'timed_out',
    `${what}; it was ended and rolled back.`,
    'Ask for less at once, or call again when the machine is less busy.',
  );

const crashed = (cause: Error | undefined) =>
  new SamepageError(
    'unavailable',
    'The embedded database ended in the middle of a call, which was rolled back.',
    'Call again: it is opened anew.',
    {
      cause,
    },
  );

/**
 * The embedded database in a thread of its own. One transaction runs at a time, the others wait in their order. A statement
 * that takes too long ends the thread, for PGlite cannot be interrupted: its transaction fails, the database is opened
 * again, and those that wait go on.
 */
export class ThreadedDatabase implements RawDatabase {
  readonly #databaseDir: string;
  readonly #options: ThreadOptions;
  readonly #limits: ThreadLimits;
  #thread: Promise<Thread> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #ending: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** @param databaseDir PGlite's folder, which this process owns. */
  constructor(databaseDir: string, options: ThreadOptions) {
    this.#databaseDir = databaseDir;
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
  }

  /** Opens it now; without, the first transaction does. */
  async open(): Promise<void> {
    await this.#open();
  }

  transaction<T>(mode: 'read' | 'write', run: (statement: RunStatement) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    return this.#inTurn(async ({ client }) => {
      const limited = new LimitedTransaction(client, mode, this.#limits, options.signal, (error, reason) => this.#kill(error, reason));
      return limited.run(run);
    });
  }

  maintain(): Promise<void> {
    return this.#inTurn(async ({ client }) => {
      const timer = setTimeout(
        () => this.#kill(timedOut('The housekeeping took too long'), 'statement_too_long'),
        this.#limits.statementMs,
      );
      try {
        await client.maintain();
      } finally {
        clearTimeout(timer);
      }
    });
  }

  /** Waits for those before it, then closes the database whole. */
  async close(): Promise<void> {
    const before = this.#turn;
    this.#closed = true;
    await before.catch(() => {});
    const thread = await this.#thread?.catch(() => undefined);
    await thread?.client.close();
    await thread?.worker.terminate();
    await this.#ending;
  }

  /** Ends the thread as a kill would: what was acknowledged is on the disk. */
  async abandon(): Promise<void> {
    this.#closed = true;
    const thread = await this.#thread?.catch(() => undefined);
    thread?.client.fail(crashed(undefined));
    await thread?.worker.terminate();
  }

  #inTurn<T>(work: (thread: Thread) => Promise<T>): Promise<T> {
    const result = this.#turn.then(async () => work(await this.#open()));
    this.#turn = result.catch(() => {});
    return result;
  }

  #open(): Promise<Thread> {
    if (this.#closed) throw crashed(undefined);
    this.#thread ??= this.#start().catch((error: unknown) => {
      this.#thread = undefined;
      throw error;
    });
    return this.#thread;
  }

  async #start(): Promise<Thread> {
    // two on one folder would destroy it
    await this.#ending;
    const worker = new Worker(threadFile('./pglite-worker', import.meta.url), {
      workerData: { databaseDir: this.#databaseDir },
      execArgv: [...(this.#options.nodeArgs ?? [])],
      // what PGlite prints is not for anybody's terminal
      stdout: true,
      stderr: true,
    });
    worker.stdout.resume();
    worker.stderr.resume();
    let opened = false;
    const client = new WireClient(
      threadChannel<Reply, Request>(worker),
      (cause) => (opened ? crashed(cause) : this.#options.unopenable(cause)),
      (error) => {
        if (this.#closed || !opened) return;
        this.#thread = undefined;
        this.#options.onEnded?.('crashed', error);
      },
    );
    await client.end(client.begin('read'), true).catch(async (error: unknown) => {
      await worker.terminate();
      throw error;
    });
    opened = true;
    return { worker, client };
  }

  #kill(error: Error, reason: 'statement_too_long' | 'cancelled'): void {
    const killed = this.#thread;
    this.#thread = undefined;
    this.#options.onEnded?.(reason);
    this.#ending = Promise.all([this.#ending, killed?.then(({ worker }) => worker.terminate())]).catch(() => {});
    void killed?.then(({ client }) => client.fail(error));
  }
}

/** One transaction under its limits. */
class LimitedTransaction {
  readonly #client: WireClient;
  readonly #tx: number;
  readonly #limits: ThreadLimits;
  readonly #signal: AbortSignal | undefined;
  readonly #kill: (error: Error, reason: 'statement_too_long' | 'cancelled') => void;
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
    kill: (error: Error, reason: 'statement_too_long' | 'cancelled') => void,
  ) {
    this.#client = client;
    this.#tx = client.begin(mode);
    this.#limits = limits;
    this.#signal = signal;
    this.#kill = kill;
  }

  async run<T>(run: (statement: RunStatement) => Promise<T>): Promise<T> {
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
      await this.#watched(() => this.#client.end(this.#tx, true));
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
