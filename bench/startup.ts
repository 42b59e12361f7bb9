import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Benchmark } from './run.ts';

const SERVER = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
};

interface Start {
  initializeMs: number;
  /** Until the first answer that needs the database. */
  readyMs: number;
  rssMb: number;
}

/** Resident memory in MB, where the system tells it. */
async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /^VmRSS:\s+(\d+)/m.exec(status)?.[1];
  return kib === undefined ? Number.NaN : Number(kib) / 1024;
}

/** Starts the server on a folder, as a client does, and leaves it as a client does. */
async function startOnce(dataDir: string): Promise<Start> {
  const started = performance.now();
  const child = spawn(process.execPath, [SERVER], {
    env: { PATH: process.env.PATH, SAMEPAGE_DATA_DIR: dataDir, SAMEPAGE_LOG_LEVEL: 'error' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const send = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
  send(INITIALIZE);
  const first = await lines.next();
  const initializeMs = performance.now() - started;
  if (first.done || !('result' in JSON.parse(first.value))) throw new Error(`initialize was not answered: ${first.value}`);
  send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  send({ jsonrpc: '2.0', id: 2, method: 'resources/list' });
  for (;;) {
    const line = await lines.next();
    if (line.done) throw new Error('the server ended before it was ready');
    const message = JSON.parse(line.value);
    if (message.id !== 2) continue;
    if (message.error !== undefined) throw new Error(`the server is not ready: ${message.error.message}`);
    break;
  }
  const readyMs = performance.now() - started;
  const rssMb = await residentMb(child.pid ?? 0);
  child.stdin.end();
  await once(child, 'close');
  return { initializeMs, readyMs, rssMb };
}

const percentile = (values: readonly number[], p: number) =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(values.length * p) - 1)] ?? Number.NaN;

/** From the start of the process to the answer to `initialize`, on a folder that is there. `--n` starts, 20 when left out. */
export const startupBench: Benchmark = async (args, say) => {
  const { values } = parseArgs({ args: [...args], options: { n: { type: 'string', default: '20' } } });
  await access(SERVER).catch(() => {
    throw new Error('dist/main.js is not there: npm run build');
  });
  const folder = await mkdtemp(join(tmpdir(), 'samepage-startup-'));
  try {
    const dataDir = join(folder, 'data');
    const { readyMs } = await startOnce(dataDir);
    say(`the folder was made in ${Math.round(readyMs)} ms`);
    const starts: Start[] = [];
    for (let i = 0; i < Number(values.n); i++) starts.push(await startOnce(dataDir));
    const initialize = starts.map((start) => start.initializeMs);
    return {
      starts: starts.length,
      cold_p50_ms: Math.round(percentile(initialize, 0.5)),
      cold_p95_ms: Math.round(percentile(initialize, 0.95)),
      ready_p95_ms: Math.round(
        percentile(
          starts.map((start) => start.readyMs),
          0.95,
        ),
      ),
      rss_mb: Math.round(Math.max(...starts.map((start) => start.rssMb))),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
