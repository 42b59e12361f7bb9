import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { inject } from 'vitest';
import { z } from 'zod';

const ROOT = new URL('../../', import.meta.url);

const messageSchema = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number()]).optional(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
});
export type Message = z.output<typeof messageSchema>;

export interface ServerProcess {
  child: ChildProcessWithoutNullStreams;
  /** Every line that came on stdout. */
  lines: string[];
  stderr(): string;
  write(text: string): void;
  request(method: string, params?: Record<string, unknown>): Promise<Message>;
  initialize(): Promise<Message>;
  /** The exit code, or the signal that ended it. */
  ended: Promise<number | string | null>;
  /** Resolves when stderr holds the text. */
  said(text: string): Promise<void>;
}

/** The command as a process of its own. `env` is all that it gets, apart from PATH. */
export function startProcess(args: readonly string[], env: Record<string, string>, nodeArgs: readonly string[] = []): ServerProcess {
  const child = spawn(process.execPath, [...nodeArgs, inject('program'), ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  const lines: string[] = [];
  const waiting = new Map<string | number, (message: Message) => void>();
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const listener of listeners) listener();
  });
  child.stdin.on('error', () => {});
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    const message = messageSchema.safeParse(JSON.parse(line));
    if (message.success && message.data.id !== undefined) waiting.get(message.data.id)?.(message.data);
  });
  const ended = new Promise<number | string | null>((resolve) => child.on('close', (code, signal) => resolve(code ?? signal)));
  let id = 0;

  const send = (message: Record<string, unknown>) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const request = (method: string, params: Record<string, unknown> = {}): Promise<Message> => {
    id += 1;
    const own = id;
    return new Promise((resolve, reject) => {
      waiting.set(own, resolve);
      void ended.then((code) => reject(new Error(`the process ended (${code}) before it answered ${method}: ${stderr}`)));
      send({ id: own, method, params });
    });
  };

  return {
    child,
    lines,
    ended,
    request,
    stderr: () => stderr,
    write: (text) => void child.stdin.write(text),
    async initialize() {
      const answer = await request('initialize', {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'process test', version: '1' },
      });
      send({ method: 'notifications/initialized' });
      return answer;
    },
    said: (text) =>
      new Promise((resolve) => {
        const check = () => {
          if (!stderr.includes(text)) return;
          listeners.delete(check);
          resolve();
        };
        listeners.add(check);
        check();
      }),
  };
}
