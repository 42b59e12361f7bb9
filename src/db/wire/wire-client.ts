import type { SqlParam } from '../../kernel/database.ts';
import type { Channel, Reply, Request, RowForm, Rows } from './messages.ts';
import { fromWire } from './wire-error.ts';

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** The asking end of a wire: numbers the questions, and matches the answers. */
export class WireClient {
  readonly #channel: Channel<Reply, Request>;
  readonly #waiting = new Map<number, Waiting>();
  #lost: Error | undefined;
  #next = 0;

  /** @param onLost called once, with what every question that was open fails with. */
  constructor(channel: Channel<Reply, Request>, lostError: (cause: Error | undefined) => Error, onLost: (error: Error) => void = () => {}) {
    this.#channel = channel;
    channel.receive(
      (reply) => this.#answered(reply),
      (cause) => {
        if (this.#lost !== undefined) return;
        const error = lostError(cause);
        this.fail(error);
        onLost(error);
      },
    );
  }

  /** The number of a new transaction. It is not waited for: a failure to begin is told to its first statement. */
  begin(mode: 'read' | 'write'): number {
    this.#next += 1;
    this.#channel.send({ do: 'begin', tx: this.#next, mode });
    return this.#next;
  }

  async statement(tx: number, text: string, params: readonly SqlParam[], form: RowForm, prepare: boolean): Promise<Rows> {
    const reply = await this.#ask((id) => ({ do: 'statement', tx, id, text, params, form, prepare }));
    return 'rows' in reply ? reply.rows : [];
  }

  async end(tx: number, commit: boolean): Promise<void> {
    await this.#ask((id) => ({ do: 'end', tx, id, commit }));
  }

  cancel(tx: number): void {
    if (this.#lost === undefined) this.#channel.send({ do: 'cancel', tx });
  }

  async maintain(tables?: readonly string[]): Promise<void> {
    await this.#ask((id) => ({ do: 'maintain', id, tables }));
  }

  async close(): Promise<void> {
    if (this.#lost === undefined) await this.#ask((id) => ({ do: 'close', id })).catch(() => {});
    this.#lost ??= new Error('the database is closed');
    this.#channel.close();
  }

  /** Ends the connection for all that wait: they fail with the error. */
  fail(error: Error): void {
    this.#lost ??= error;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }

  #ask(request: (id: number) => Request): Promise<Reply> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    this.#next += 1;
    const id = this.#next;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#channel.send(request(id));
    });
  }

  #answered(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(fromWire(reply.error));
    else waiting?.resolve(reply);
  }
}
