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

  static async start(server: string, dataDir: string): Promise<BenchClient> {
    const child = spawn(process.execPath, [server], {
      env: { PATH: process.env.PATH, SAMEPAGE_DATA_DIR: dataDir, SAMEPAGE_LOG_LEVEL: 'error' },
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
    const { result } = await this.#request('tools/call', { name: 'record_engagement', arguments: { events: [event] } });
    if (result?.isError === true) throw new Error(`the event was refused: ${JSON.stringify(result)}`);
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
