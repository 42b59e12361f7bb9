import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresLine } from './postgres-line.ts';
import { databaseUnavailable } from './unavailable.ts';

/** The connections of a process to one database: so many at most, made as they are needed. */
export class PostgresLines {
  readonly #url: string;
  readonly #most: number;
  /** The one used last comes last: it has the most statements prepared. */
  readonly #idle: PostgresLine[];
  readonly #waiting: ((line: PostgresLine) => void)[] = [];
  #count = 1;
  #onDrained = () => {};
  #isClosed = false;

  /** @throws SamepageError `invalid_input` for what is no address */
  constructor(url: string, most: number) {
    this.#url = url;
    this.#most = most;
    this.#idle = [new PostgresLine(url)];
  }

  /** Does work with a connection that nobody else has meanwhile. Where it is lost, those that are idle are not trusted any more. */
  async use<T>(work: (line: PostgresLine) => Promise<T>): Promise<T> {
    const line = await this.#take();
    try {
      return await work(line);
    } finally {
      if (line.isLost) for (const other of this.#idle.splice(0)) this.#letGo(other);
      this.#give(line);
    }
  }

  /** Does work with a connection that nobody has, where there is one; undefined where all are in use: whoever holds one waits for no other. */
  useFree<T>(work: (line: PostgresLine) => Promise<T>): Promise<T> | undefined {
    return this.#idle.length > 0 || this.#count < this.#most ? this.use(work) : undefined;
  }

  /** Waits for work that is under way, for some seconds. */
  async close(seconds: number): Promise<void> {
    const drained = new Promise<void>((resolve) => {
      this.#onDrained = resolve;
    });
    if (this.#idle.length < this.#count) await Promise.race([drained, sleep(seconds * 1000, undefined, { ref: false })]);
    this.#isClosed = true;
    await Promise.all(this.#idle.splice(0).map((line) => line.end(seconds)));
  }

  #take(): PostgresLine | Promise<PostgresLine> {
    if (this.#isClosed) throw databaseUnavailable(undefined);
    for (let line = this.#idle.pop(); line !== undefined; line = this.#idle.pop()) {
      if (!line.isLost) return line;
      this.#letGo(line);
    }
    if (this.#count < this.#most) return this.#make();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #give(line: PostgresLine): void {
    const isSpent = line.isLost || line.isWorn || this.#isClosed;
    if (isSpent) this.#letGo(line);
    const next = this.#waiting.shift();
    if (next !== undefined) next(isSpent ? this.#make() : line);
    else if (!isSpent) this.#idle.push(line);
    if (this.#idle.length === this.#count) this.#onDrained();
  }

  #make(): PostgresLine {
    this.#count += 1;
    return new PostgresLine(this.#url);
  }

  #letGo(line: PostgresLine): void {
    this.#count -= 1;
    void line.end();
  }
}
