import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const answerSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string().optional(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.looseObject({ code: z.number(), message: z.string(), data: z.unknown().optional() }).optional(),
});
export type Answer = z.output<typeof answerSchema>;

/** A client of the server as a desktop program is one: it starts the command, and talks to it over stdin and stdout. */
export class ClientProcess {
  readonly child: ChildProcess;
  readonly notifications: Answer[] = [];
  stderr = '';
  bytesSent = 0;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
  readonly #waiting = new Map<string | number, (answer: Answer) => void>();
  #id = 0;
  #over = false;

  constructor(dataDir: string, { args = [], env = {} }: { args?: readonly string[]; env?: Record<string, string> } = {}) {
    this.child = spawn(process.execPath, [inject('program'), ...args], {
      cwd: ROOT,
      env: { PATH: process.env.PATH ?? '', SAMEPAGE_DATA_DIR: dataDir, SAMEPAGE_IDLE_SECONDS: '0.2', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stdin?.on('error', () => {});
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    const { stdout } = this.child;
    if (stdout === null) throw new Error('no stdout');
    createInterface({ input: stdout }).on('line', (line) => {
      const answer = answerSchema.parse(JSON.parse(line));
      if (answer.id === undefined || answer.method !== undefined) this.notifications.push(answer);
      else {
        this.#waiting.get(answer.id)?.(answer);
        this.#waiting.delete(answer.id);
      }
    });
    this.ended = new Promise((resolve) =>
      this.child.once('close', (code, signal) => {
        this.#over = true;
        resolve(code ?? signal);
      }),
    );
  }

  get alive(): boolean {
    return !this.#over;
  }

  send(message: object): void {
    const line = `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;
    this.bytesSent += Buffer.byteLength(line);
    this.child.stdin?.write(line);
  }

  request(method: string, params: object = {}): Promise<Answer> {
    this.#id += 1;
    const id = this.#id;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, resolve);
      void this.ended.then((code) => reject(new Error(`the client's server ended (${code}) before it answered ${method}: ${this.stderr}`)));
      this.send({ id, method, params });
    });
  }

  async initialize(): Promise<this> {
    await this.request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'client process', version: '1' },
    });
    this.send({ method: 'notifications/initialized' });
    return this;
  }

  /** A tool's structured output, or the code of its error. */
  async call(name: string, args: object): Promise<{ output: Record<string, unknown> } | { code: string; message: string }> {
    const { result, error } = await this.request('tools/call', { name, arguments: args });
    if (error !== undefined) return { code: String(error.code), message: error.message };
    const meta = z.object({ 'samepage/error': z.object({ code: z.string(), message: z.string() }) }).safeParse(result?._meta);
    if (meta.success) return meta.data['samepage/error'];
    return { output: z.record(z.string(), z.unknown()).parse(result?.structuredContent) };
  }

  async leave(): Promise<number | string | null> {
    this.child.stdin?.end();
    return this.ended;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}
