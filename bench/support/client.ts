import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

interface Answer {
  id?: number;
  result?: { isError?: boolean };
  error?: { message: string };
}

/** A client of the built server, as a desktop program starts one. */
export class BenchClient {
  /** From the start of the process to the answer to `initialize`. */
  initializeMs = Number.NaN;
  readonly #started = performance.now();
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #id = 0;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const answer: Answer = JSON.parse(line);
      if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer);
    });
  }

  /** @param where an embedded folder, or the URL of a PostgreSQL database */
  static async start(server: string, where: string): Promise<BenchClient> {
    const database = where.startsWith('postgres://') ? { DATABASE_URL: where } : { SAMEPAGE_DATA_DIR: where };
    const child = spawn(process.execPath, [server], {
      env: { PATH: process.env.PATH, SAMEPAGE_LOG_LEVEL: 'error', ...database },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stderr.on('data', (text) => void process.stderr.write(text));
    const client = new BenchClient(child);
    await client.#request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } });
    client.initializeMs = performance.now() - client.#started;
    client.#send({ method: 'notifications/initialized' });
    return client;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Milliseconds from the start of the process to the first answer that needs the database. */
  async ready(): Promise<number> {
    await this.answer();
    return performance.now() - this.#started;
  }

  /** An answer that needs the database. */
  async answer(): Promise<void> {
    await this.#request('resources/list', {});
  }

  async record(eventId: string): Promise<void> {
    const event = { event_id: eventId, type: 'web_visit', occurred_at: '2026-03-02T08:30:00Z', email: 'ada@acme.com' };
    await this.call('record_engagement', { events: [event] });
  }

  /** A call of a tool that is to go well. */
  async call(name: string, input: object): Promise<void> {
    const { result } = await this.#request('tools/call', { name, arguments: input });
    if (result?.isError === true) throw new Error(`${name} was refused: ${JSON.stringify(result).slice(0, 1_000)}`);
  }

  async read(uri: string): Promise<void> {
    await this.#request('resources/read', { uri });
  }

  async leave(): Promise<void> {
    this.#child.stdin.end();
    await once(this.#child, 'close');
  }

  #request(method: string, params: object): Promise<Answer> {
    this.#id += 1;
    const id = this.#id;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (answer) => {
        this.#waiting.delete(id);
        if (answer.error === undefined) resolve(answer);
        else reject(new Error(`${method}: ${answer.error.message}`));
      });
      this.#send({ id, method, params });
    });
  }

  #send(message: object): void {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }
}
