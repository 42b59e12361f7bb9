import type { Worker } from 'node:worker_threads';
import { SamepageError } from '../kernel/errors.ts';
import { type DatabaseThread, startThread } from './database-thread.ts';
import { type EndReason, LIMITS, LimitedTransaction, type ThreadLimits, timedOut } from './limited-transaction.ts';
import { threadChannel } from './wire/channels.ts';
import type { Reply, Request } from './wire/messages.ts';
import type { RawDatabase, RunStatement, TransactionOptions } from './wire/raw-database.ts';
import { WireClient } from './wire/wire-client.ts';

export interface ThreadOptions {
  limits?: Partial<ThreadLimits>;
  /** The error for a database that does not open. */
  unopenable(cause: unknown): Error;
  /** Hears of each end of the thread that nobody asked for. */
  onEnded?(reason: EndReason | 'crashed', cause?: Error): void;
  /** More arguments of Node for the thread. */
  nodeArgs?: readonly string[];
  /** One that was started before the folder was this process's. */
  early?: DatabaseThread | undefined;
}

interface Thread {
  worker: Worker;
  client: WireClient;
}

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
  #turn: Promise<void> = Promise.resolve();
  readonly #underWay = new Set<Promise<void>>();
  #ending: Promise<unknown> = Promise.resolve();
  #closed = false;
  #written = 0;
  #early: DatabaseThread | undefined;

  /** @param databaseDir PGlite's folder, which this process owns. */
  constructor(databaseDir: string, options: ThreadOptions) {
    this.#databaseDir = databaseDir;
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#early = options.early;
  }

  /** Opens it now; without, the first transaction does. */
  async open(): Promise<void> {
    await this.#open();
  }

  transaction<T>(mode: 'read' | 'write', run: (statement: RunStatement) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    return this.#inTurn(async ({ client }, next) => {
      const limited = new LimitedTransaction(client, mode, this.#limits, options.signal, (error, reason) => this.#kill(error, reason));
      try {
        return await limited.run(run, next);
      } finally {
        if (mode === 'write') this.#written += 1;
      }
    });
  }

  written(): number {
    return this.#written;
  }

  maintain(tables?: readonly string[]): Promise<void> {
    return this.#inTurn(async ({ client }) => {
      const timer = setTimeout(
        () => this.#kill(timedOut('The housekeeping took too long'), 'statement_too_long'),
        this.#limits.statementMs,
      );
      try {
        await client.maintain(tables);
      } finally {
        clearTimeout(timer);
      }
    });
  }

  /** Closes the database and opens it in a new thread: making it takes memory that the thread keeps. */
  renew(): Promise<void> {
    return this.#inTurn(async ({ client, worker }) => {
      await client.close();
      await worker.terminate();
      this.#thread = undefined;
    });
  }

  /** Waits for what is under way, then closes the database whole. What has not begun is refused. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#underWay);
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

  /**
   * One after the other. `next` lets the next one begin while the end of this one is on its way: the thread takes them in
   * their order.
   */
  #inTurn<T>(work: (thread: Thread, next: () => void) => Promise<T>): Promise<T> {
    const before = this.#turn;
    let next = () => {};
    this.#turn = new Promise<void>((resolve) => {
      next = resolve;
    });
    const result = before.then(async () => work(await this.#open(), next));
    const settled: Promise<void> = result
      .then(
        () => {},
        () => {},
      )
      .then(() => {
        next();
        this.#underWay.delete(settled);
      });
    this.#underWay.add(settled);
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
    const early = this.#early?.isAlive ? this.#early : undefined;
    this.#early = undefined;
    const thread = early ?? startThread(this.#databaseDir, this.#options.nodeArgs);
    thread.open();
    const { worker } = thread;
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

  #kill(error: Error, reason: EndReason): void {
    const killed = this.#thread;
    this.#thread = undefined;
    this.#options.onEnded?.(reason);
    this.#ending = Promise.all([this.#ending, killed?.then(({ worker }) => worker.terminate())]).catch(() => {});
    void killed?.then(({ client }) => client.fail(error));
  }
}
